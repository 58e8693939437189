import { mapInto } from '../files/numbers.ts';
import type { Key } from '../random/index.ts';
import type { Labels } from './contract.ts';
import type { TableLabels } from './labels.ts';
import type { Visits } from './visits.ts';

/** A remark for the user: the classes by name. */
export const labelsNote = ({ source, classes }: TableLabels) => {
  const list = classes.length > 12 ? [...classes.slice(0, 11), '…', classes.at(-1)!] : classes;
  return `${classes.length} classes by "${source}": ${list.join(', ')}`;
};

/** The classes of some rows of a table, as its data set has them. */
export function rowLabels(
  { source, classes, values }: TableLabels,
  rows: Uint32Array,
  visits: Visits,
): Labels {
  const classesOf = (places: Uint32Array) =>
    mapInto(new Int32Array(places.length), places, row => values[row]!);
  return Object.freeze({
    source,
    classes,
    values: classesOf(rows),
    batch: (key: Key, step: number, size: number) =>
      Int32Array.from(visits(key, step, size).flatMap(visit => [...classesOf(visit.rows)])),
  });
}
