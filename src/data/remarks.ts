import { shortList } from '../errors.ts';
import { boundsOf, boundTexts, type ColumnBounds } from './columns/bounds.ts';
import { writingOf } from './columns/column-reader.ts';
import { type Numbers, type Table, valueNames, width } from './table.ts';
import type { Bounds } from './units/bounds.ts';
import { dependentColumns } from './units/collinear.ts';
import type { Transform } from './units/contract.ts';
import { wholeNumbers } from './units/grid.ts';
import { gridsOfTransform, watchColumns } from './units/steps.ts';
import { wildRemarks } from './wild.ts';

/** Most columns of a table that is searched for remarks. Wider rows are mostly images or spectra. */
const MOST_COLUMNS = 1024;

/**
 * Remarks on columns that a density cannot model well as they are: columns of whole numbers, constant steps
 * or two values that are not dequantised, columns that others determine exactly, and values far from the
 * rest. Each remark ends in what mends it.
 */
export function remarksOf(
  table: Table<Numbers>,
  rows: Uint32Array,
  transform: Transform,
  bounds: ColumnBounds = {},
): string[] {
  if (table.shape.length !== 1 || width(table) > MOST_COLUMNS) return [];
  const grids = gridsOfTransform(transform);
  const places = [...grids.keys()];
  const isNumber = (d: number) => !['category', 'yes-no'].includes(table.kinds?.[d]?.kind ?? 'number');
  const continuous = places.filter(d => !grids[d] && isNumber(d));
  const spread = places.filter(d => grids[d]);
  const complete = !(table.values instanceof Float64Array && table.values.some(Number.isNaN));
  // What was found or called a real number is one.
  const stepped = continuous.filter(d => table.kinds?.[d]?.kind !== 'number');
  return [
    ...stepRemarks(table, stepped, spread),
    ...(complete ? planeRemarks(table, rows, continuous) : []),
    ...(table.values instanceof Float64Array ? wildRemarks(table, rows) : []),
    ...boundRemarks(table, transform, bounds),
  ];
}

/**
 * The columns of each kind that are not dequantised, and the option that dequantises them with the others.
 */
function stepRemarks(
  table: Table<Numbers>,
  continuous: readonly number[],
  spread: readonly number[],
): string[] {
  const kinds = new Map<string, number[]>();
  const steps = [...spread];
  let whole = true;
  for (const [i, watch] of watchColumns(table, continuous).entries()) {
    const grid = watch.grid();
    // If most steps are empty, the step only reflects how many digits were written.
    const cells = grid ? (watch.greatest - watch.least) / grid.width + 1 : Infinity;
    const kind = watch.different === 2 ? 'two values' : grid?.words;
    if (kind === undefined || (kind.startsWith('steps') && cells > table.count / 2)) continue;
    kinds.set(kind, [...(kinds.get(kind) ?? []), continuous[i]!]);
    if (grid) steps.push(continuous[i]!);
    whole &&= grid === wholeNumbers;
  }
  if (kinds.size === 0) return [];
  const words = [...kinds].map(([kind, columns]) => `${kind} in ${listed(table, columns)}`).join('; ');
  const all = whole && spread.length === 0 && steps.length === width(table);
  const names = all ? '' : ` ${ranges(table, steps)}`;
  const mend = steps.length > 0 ? ` Spread them over their steps: --dequantize${names}.` : '';
  const classes = table.labels ? undefined : kinds.get('two values');
  const label =
    classes && table.columns
      ? ` Two values are rather classes: --labels ${word(table.columns[classes[0]!]!)}.`
      : '';
  return [`${words}: a density rises there without bound.${mend}${label}`];
}

/** The bounds that samples keep, and those of the option that are looser than an end of many rows. */
function boundRemarks(table: Table<Numbers>, transform: Transform, asked: ColumnBounds): string[] {
  if (transform.kind !== 'table') return [];
  const names = valueNames(table);
  const loose: string[] = [];
  const kept = transform.cells.flatMap((cell, c) => {
    const json = cell.toJSON();
    if (json.kind === 'category') return [];
    const [name, kind] = [names[c]!, table.kinds?.[c]];
    const own = boundsOf(name, kind, asked[name] ?? {}, writingOf(table.layout, c, name));
    loose.push(...boundTexts(name, kind, tighter(json, own)));
    return boundTexts(name, kind, json);
  });
  return [
    ...(kept.length > 0 ? [`bounds that samples keep: ${shortList(kept, 12, '')}`] : []),
    ...(loose.length > 0
      ? [
          `bounds that many rows share, kept in place of the looser ones of --bounds: ${shortList(loose, 12, '')}`,
        ]
      : []),
  ];
}

/** The ends that are tighter than those asked for. */
const tighter = ({ low, high }: Bounds, asked: Bounds): Bounds => ({
  ...(low !== undefined && asked.low !== undefined && low > asked.low && { low }),
  ...(high !== undefined && asked.high !== undefined && high < asked.high && { high }),
});

function planeRemarks(table: Table<Numbers>, rows: Uint32Array, places: readonly number[]): string[] {
  const dependents = dependentColumns(table, rows, places);
  if (dependents.length === 0) return [];
  const words = dependents
    .slice(0, 4)
    .map(({ place, of }) => `${listed(table, [place])} from ${listed(table, of)}`)
    .join('; ');
  const ending = dependents.length > 4 ? ` and ${dependents.length - 4} more` : '';
  const mend = table.columns
    ? ` Leave out what follows: --exclude ${word(dependents.map(({ place }) => table.columns![place]!).join(','))}.`
    : '';
  return [
    `columns that follow exactly from others: ${words}${ending}. The rows lie in a plane, where no density is.${mend}`,
  ];
}

/** At most six names. */
function listed(table: Table<Numbers>, places: readonly number[]): string {
  const names = valueNames(table);
  const list = places.slice(0, 6).map(d => `"${names[d]}"`);
  return places.length > 6 ? `${list.join(', ')} and ${places.length - 6} more` : list.join(', ');
}

/** The columns in the form an option takes: neighbours become ranges. */
function ranges(table: Table<Numbers>, places: readonly number[]): string {
  const names = valueNames(table);
  const runs: number[][] = [];
  for (const d of places.toSorted((a, b) => a - b))
    if (runs.at(-1)?.at(-1) === d - 1) runs.at(-1)!.push(d);
    else runs.push([d]);
  const entries = runs.flatMap(run =>
    run.length > 2 ? [`${names[run[0]!]}..${names[run.at(-1)!]}`] : run.map(d => names[d]!),
  );
  return word(entries.join(','));
}

/** A word, quoted for a shell if needed. */
const word = (text: string) => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);
