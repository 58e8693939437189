import { boundTexts, type TableTransform } from '../../../data/index.ts';
import { usage } from '../../../errors.ts';
import type { Part } from '../../../measure/contract.ts';
import type { ModelConfig } from '../../folder/config.ts';
import { columnNames } from '../questions.ts';
import { transformOf } from '../units.ts';
import { valuesOf } from './exact-values.ts';

/** The most columns of sums whose bounds join a question. */
const MOST_JOINED = 8;

/**
 * A question to samples that keep the bounds of their columns. A model knows of no bounds: what it draws
 * beyond one is brought back, and would leave what was asked. So a range of a column ends at its bounds, and
 * the bounds of columns in sums and in readings with errors are asked too.
 * @throws usage for a range of one column in which its bounds leave no value, and for a value beyond them
 */
export function withinBounds(config: ModelConfig, parts: readonly Part[]): readonly Part[] {
  const transform = transformOf(config);
  if (transform.kind !== 'table' || !transform.cells.some(({ bounded }) => bounded)) return parts;
  const joined = new Set<number>();
  const asked = parts.map(part => {
    const range = rangeOf(part);
    if (!range) {
      for (const { c, value } of valuesOf(part))
        if (isBeyond({ c, low: value, high: value, strict: [false, false] }, transform.cells[c]!))
          throw beyond(config, transform, part, c);
      for (const c of looselyRead(part)) joined.add(c);
      return part;
    }
    const cell = transform.cells[range.c]!;
    if (isBeyond(range, cell)) throw beyond(config, transform, part, range.c);
    return narrowed(part, range, cell);
  });
  const names = columnNames(transform.cells.length, config.data.columns);
  const own = [...joined].filter(c => isHeld(transform.cells[c]!));
  if (own.length > MOST_JOINED) return asked;
  return [...asked, ...own.map(c => boundsPart(c, names, transform.cells[c]!))];
}

/** The columns of sums, and of readings with errors. */
function looselyRead(part: Part): number[] {
  if (part.kind !== 'linear') return [];
  const size = part.matrix.length / part.count;
  const columns = [...part.matrix.keys()].filter(at => part.matrix[at] !== 0).map(at => at % size);
  const isExact = part.law.kind === 'normal' && part.law.std.every(std => std === 0);
  return isExact && columns.length === part.count ? [] : columns;
}

/**
 * A range that ends at the bounds of its column. A sample beyond the bound of a grid, or beyond an atom,
 * becomes the bound itself. So a range that includes such a bound includes all beyond it.
 */
function narrowed(part: Part, { c, low, high, strict }: Range, cell: Cell): Part {
  if (part.kind !== 'linear') return part;
  const { low: least = -Infinity, high: greatest = Infinity, atoms } = numberOf(cell);
  const isBeyondIn = {
    low: (cell.grid || atoms?.low !== undefined) && (low < least || (low === least && !strict[0])),
    high: (cell.grid || atoms?.high !== undefined) && (high > greatest || (high === greatest && !strict[1])),
  };
  const matrix = new Float64Array(part.matrix.length);
  matrix[c] = 1;
  const ends = {
    low: Float64Array.of(isBeyondIn.low ? -Infinity : Math.max(low, least)),
    high: Float64Array.of(isBeyondIn.high ? Infinity : Math.min(high, greatest)),
  };
  return { ...part, matrix, law: { kind: 'between', ...ends, strict } };
}

/** The bounds of a column, where what lies beyond is not the end itself. */
function endsOf(cell: Cell): readonly [low: number, high: number] {
  const { low = -Infinity, high = Infinity, atoms } = numberOf(cell);
  return [atoms?.low === undefined ? low : -Infinity, atoms?.high === undefined ? high : Infinity];
}

const isHeld = (cell: Cell) => endsOf(cell).some(Number.isFinite);

/** The bounds of a column as a part of a question. */
function boundsPart(c: number, names: readonly string[], cell: Cell): Part {
  const [low, high] = endsOf(cell);
  const matrix = new Float64Array(names.length);
  matrix[c] = 1;
  const law = { kind: 'between' as const, low: Float64Array.of(low), high: Float64Array.of(high) };
  return { kind: 'linear', text: `bounds of "${names[c]}"`, count: 1, matrix, law };
}

interface Range {
  /** The column. */
  readonly c: number;
  readonly low: number;
  readonly high: number;
  /** Whether the ends themselves are left out. */
  readonly strict: readonly [low: boolean, high: boolean];
}

/** The range of a single column that a part asks for. */
function rangeOf(part: Part): Range | undefined {
  if (part.kind !== 'linear' || part.law.kind !== 'between' || part.count !== 1) return undefined;
  const used = [...part.matrix.keys()].filter(c => part.matrix[c] !== 0);
  if (used.length !== 1) return undefined;
  const { low, high, strict = [false, false] } = part.law;
  const factor = part.matrix[used[0]!]!;
  const ends = [low[0]! / factor, high[0]! / factor] as const;
  return factor > 0
    ? { c: used[0]!, low: ends[0], high: ends[1], strict }
    : { c: used[0]!, low: ends[1], high: ends[0], strict: [strict[1], strict[0]] };
}

type Cell = TableTransform['cells'][number];

function isBeyond({ low, high, strict }: Range, cell: Cell): boolean {
  const { low: least = -Infinity, high: greatest = Infinity } = numberOf(cell);
  return low > greatest || high < least || (strict[0] && low >= greatest) || (strict[1] && high <= least);
}

function numberOf(cell: Cell): Partial<Extract<ReturnType<Cell['toJSON']>, { kind: 'number' }>> {
  const json = cell.toJSON();
  return json.kind === 'number' ? json : {};
}

function beyond({ data }: ModelConfig, { cells }: TableTransform, { text }: Part, c: number) {
  const name = columnNames(cells.length, data.columns)[c]!;
  const bounds = boundTexts(name, data.kinds?.[c], numberOf(cells[c]!));
  return usage('No sample of the run can have this: the column has bounds', {
    where: 'given',
    got: text,
    expected: bounds.join(' and '),
    remedy: 'Ask within the bounds',
  });
}
