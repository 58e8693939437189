import { LangevinError, usage } from '../../errors.ts';
import { type NpyForm, type Npz, type NpzSource, noArrays, openNpz, readNpy } from '../../files/index.ts';
import { labelsFrom } from '../labels.ts';
import type { Table } from '../table.ts';
import { arrayTable } from './array-table.ts';
import { npyLabels } from './label-list.ts';

/** The arrays of an archive to read. */
export interface NpzOptions {
  /** The name of the rows; default the only array of numbers other than the labels. */
  readonly array?: string;
  /** The name of the labels, if they are an array of the same archive. */
  readonly labels?: string;
  /**
   * The largest number of bytes after decompression; default 1 GiB, or the size of the archive if that is
   * larger.
   */
  readonly maxBytes?: number;
}

/** The rows of an `.npz`, with their labels if they are in it. No other array is decompressed. */
export function readNpzTable(source: NpzSource, where: string, options: NpzOptions): Table {
  const { labels, maxBytes } = options;
  const npz = openNpz(source, where, maxBytes === undefined ? {} : { maxBytes });
  const { name, notes } = choose(npz, where, options);
  const inside = `${where}, "${name}"`;
  const table = {
    ...arrayTable(readNpy(npz.content(name), inside), inside),
    notes,
    ...(npz.names.length > 1 && { array: name }),
  };
  if (labels === undefined || !npz.names.includes(labels)) return table;
  const list = npyLabels(npz.content(labels), `${where}, "${labels}"`);
  return { ...table, labels: labelsFrom(labels, inside, list, table.count) };
}

function choose(npz: Npz, where: string, { array, labels }: NpzOptions): { name: string; notes: string[] } {
  if (array !== undefined) return { name: array, notes: [] };
  if (npz.names.length === 0) throw noArrays(npz, where);
  const names = npz.names.filter(name => name !== labels);
  if (names.length === 1) return { name: names[0]!, notes: [] };
  const forms = new Map(names.map(name => [name, formOf(npz, name)]));
  const numeric = names.filter(name => forms.get(name)?.holds === 'numbers');
  const description = (name: string) => `${name} ${described(forms.get(name))}`;
  if (numeric.length === 1) {
    const others = names.filter(name => name !== numeric[0]).map(description);
    return { name: numeric[0]!, notes: [`arrays left out, as they hold no numbers: ${listed(others)}`] };
  }
  throw usage('several arrays', {
    where,
    got: names.join(', '),
    expected: `one of ${listed(names.map(description))}`,
    remedy: `Name the one to use: --array ${largest(numeric, forms) ?? names[0]!}`,
  });
}

/** An array that cannot be read is an error only if it is requested. */
function formOf(npz: Npz, name: string): NpyForm | undefined {
  try {
    return npz.form(name);
  } catch (error) {
    if (error instanceof LangevinError) return undefined;
    throw error;
  }
}

const described = (form: NpyForm | undefined): string =>
  form ? `[${form.shape.join(', ')}] ${form.type.replace(/^[<|=]/, '')}` : '(cannot be read)';

const largest = (names: readonly string[], forms: ReadonlyMap<string, NpyForm | undefined>) => {
  const size = (name: string) => forms.get(name)!.shape.reduce((product, extent) => product * extent, 1);
  return names.toSorted((a, b) => size(b) - size(a))[0];
};

const SHOWN = 12;

const listed = (items: readonly string[]): string =>
  items.length > SHOWN
    ? `${items.slice(0, SHOWN).join(', ')} and ${items.length - SHOWN} more`
    : items.join(', ');
