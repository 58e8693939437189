import { unknownName, usage } from '../../errors.ts';

/** Which columns of a table to use. Each entry is a name, or a range `p0..p63` in the order of the header. */
export interface ColumnChoice {
  /** The columns to use. Default: every column with numbers. */
  readonly columns?: readonly string[];
  /** Columns to leave out of those above. */
  readonly exclude?: readonly string[];
}

/**
 * The positions of a list of names and ranges, in its order, each once. A name that exists in the header is
 * never read as a range.
 * @throws usage naming the unknown column; the error suggests the nearest name
 */
export function columnPositions(list: readonly string[], header: readonly string[]): number[] {
  const places = new Map(header.map((name, at) => [name, at]));
  const position = (name: string) => {
    const at = places.get(name);
    if (at === undefined) throw unknownName('column', name, header);
    return at;
  };
  const expand = (entry: string) => {
    const ends = entry.split('..').map(end => end.trim());
    if (places.has(entry) || ends.length !== 2) return [position(entry)];
    const [from, to] = ends.map(position) as [number, number];
    if (to < from)
      throw usage('a range of columns the wrong way round', {
        got: entry,
        expected: `${ends[1]}..${ends[0]}`,
      });
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  };
  return [...new Set(list.flatMap(expand))];
}

/**
 * The shortest list for some columns in rising order: three or more neighbours as a range, unless a name
 * looks like a range.
 */
export function columnList(positions: readonly number[], header: readonly string[]): string[] {
  const names = new Set(header);
  const entries: string[] = [];
  for (let i = 0; i < positions.length; ) {
    let end = i;
    while (positions[end + 1] === positions[end]! + 1) end++;
    const run = positions.slice(i, end + 1).map(at => header[at]!);
    const ends = [run[0]!, run.at(-1)!];
    const areSimple = ends.every(
      name => !name.includes('..') && name === name.trim() && !/^\.|\.$/.test(name),
    );
    const range = run.length > 2 && areSimple && !names.has(ends.join('..'));
    for (const entry of range ? [ends.join('..')] : run) entries.push(entry);
    i = end + 1;
  }
  return entries;
}

/** The positions to read, and whether the columns were chosen by name. */
export function chooseColumns(
  { columns, exclude = [] }: ColumnChoice,
  header: readonly string[],
  where: string,
) {
  const candidates = columns ? columnPositions(columns, header) : [...header.keys()];
  const exclusions = new Set(columnPositions(exclude, header));
  const positions = candidates.filter(at => !exclusions.has(at));
  if (positions.length === 0) throw usage('no columns are left', { where, got: exclude.join(', ') });
  return { positions, named: columns !== undefined };
}
