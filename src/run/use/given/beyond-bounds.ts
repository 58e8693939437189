import { cellText, type TableTransform } from '../../../data/index.ts';
import { usage } from '../../../errors.ts';
import type { Part } from '../../../measure/contract.ts';
import type { ModelConfig } from '../../folder/config.ts';
import { columnNames } from '../questions.ts';
import { transformOf } from '../units.ts';

/** Refuses a range of one column in which the bounds of the column leave no value. */
export function refuseBeyondBounds(config: ModelConfig, parts: readonly Part[]): void {
  const transform = transformOf(config);
  if (transform.kind !== 'table') return;
  for (const part of parts) {
    const range = rangeOf(part);
    if (range && isBeyond(range, transform.cells[range.c]!)) throw beyond(config, transform, part, range.c);
  }
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
  const { low: least = -Infinity, high: greatest = Infinity } = boundsOf(cell);
  return low > greatest || high < least || (strict[0] && low >= greatest) || (strict[1] && high <= least);
}

function boundsOf(cell: Cell): { readonly low?: number | undefined; readonly high?: number | undefined } {
  const json = cell.toJSON();
  return json.kind === 'number' ? json : {};
}

function beyond({ data }: ModelConfig, { cells }: TableTransform, { text }: Part, c: number) {
  const name = columnNames(cells.length, data.columns)[c]!;
  const { low, high } = boundsOf(cells[c]!);
  const kind = data.kinds?.[c];
  const written = (value: number) => (kind ? cellText(kind, undefined, value) : String(value));
  const bounds = [
    ...(low === undefined ? [] : [`"${name}" >= ${written(low)}`]),
    ...(high === undefined ? [] : [`"${name}" <= ${written(high)}`]),
  ];
  return usage('No sample of the run can have this: the column has bounds', {
    where: 'given',
    got: text,
    expected: bounds.join(' and '),
    remedy: 'Ask within the bounds',
  });
}
