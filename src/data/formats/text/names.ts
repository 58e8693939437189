import { failure } from '../../../errors.ts';
import type { CellStore } from './cells.ts';

/** Columns as they are called, and where each is in a row. */
export interface NamedColumns {
  readonly names: readonly string[];
  readonly kept: readonly number[];
  /** Whether a first column without a name was left out. */
  readonly index: boolean;
}

/** What pandas calls a column without a name when it reads one that it wrote. */
const UNNAMED = /^(Unnamed: 0(\.\d+)?)?$/;

/**
 * Names for all columns: a first one without a name is left out (it numbers rows), and so is a last one that is empty throughout (a
 * delimiter ends each line); any other is called by its number, x3.
 * @throws failure for a name that stands twice
 */
export function columnNames(header: readonly string[], cells: CellStore, where: string): NamedColumns {
  const last = header.length - 1;
  const index = header.length > 1 && UNNAMED.test(header[0]!);
  const kept = [...header.keys()].filter(
    at => !(index && at === 0) && !(at === last && at > 0 && header[at] === '' && cells.isEmpty(at)),
  );
  const taken = new Set(header);
  const names = kept.map(at => header[at] || freeName(`x${at + 1}`, taken));
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name))
      throw failure('a column name twice in the header', {
        where,
        got: name,
        remedy: 'Give one of the columns another name',
      });
    seen.add(name);
  }
  return { names, kept, index };
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  return taken.has(name) ? freeName(`${name}_`, taken) : name;
}
