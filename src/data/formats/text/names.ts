import { failure } from '../../../errors.ts';
import type { CellStore } from './cells.ts';

/** Column names, and the position of each in a row. */
export interface NamedColumns {
  readonly names: readonly string[];
  readonly kept: readonly number[];
  /** Whether a first column without a name was left out. */
  readonly index: boolean;
}

/** The name that pandas gives an unnamed column when it reads its own file. */
const UNNAMED = /^(Unnamed: 0(\.\d+)?)?$/;

/**
 * Names for all columns. An unnamed first column is left out, because it numbers rows. An unnamed, empty last
 * column is left out, because a delimiter ends each line. Any other unnamed column is named by its number,
 * x3.
 * @throws failure for a repeated name
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
