import { usage } from '../errors.ts';
import { fromHost, matmul, reshape, sizeOf, type Tensor } from '../tensor/index.ts';
import { boundOf, type Cell, type Chart, cellsOf } from './chart.ts';
import type { LinearPart, Part, TracedPart, WordPart } from './contract.ts';

/** One linear reading or bound in model units: a·z, with its value and error or its bounds. */
export interface ModelRow {
  /** a, [D] */
  readonly row: Float64Array;
  /** In words. */
  readonly text: string;
  /** y and its standard deviation, or the bounds. */
  readonly law:
    | { readonly kind: 'normal'; readonly value: number; readonly std: number }
    | { readonly kind: 'between'; readonly low: number; readonly high: number };
  /**
   * The difference between log p(y | x) in data units and in model units: the log of the slope of a curve.
   */
  readonly logScale: number;
}

/** Length of a step in model units below which the law of a reading is as good as its ends. */
const SHORT = 0.1;

/**
 * Linear parts and words in model units: as rows, and as tensor operations for sums of several cells with
 * curves. With `steps`, a step of a grid that is not short is what lies between its ends.
 */
export function inModel(
  parts: readonly Part[],
  chart: Chart,
  steps = false,
): {
  readonly rows: readonly ModelRow[];
  readonly traced: readonly TracedPart[];
  /** What log p(y | x) has beside that of the rows. */
  readonly logScale: number;
} {
  const cells = cellsOf(chart);
  const rows: ModelRow[] = [];
  const traced: TracedPart[] = [];
  let logScale = 0;
  for (const part of parts) {
    if (part.kind === 'word') rows.push(...wordRows(part, cells, chart));
    if (part.kind !== 'linear') continue;
    for (let i = 0; i < part.count; i++) {
      const entries = part.matrix.subarray(i * cells.length, (i + 1) * cells.length);
      const used = [...entries.keys()].filter(c => entries[c] !== 0);
      const curved = used.filter(c => cells[c]!.curve);
      const words = used.find(c => cells[c]!.region);
      if (words !== undefined) throw usage('A column of words has no number', { where: part.text });
      const rowOf = (each: LinearPart) =>
        curved.length === 0
          ? straightRow(each, i, used, cells, chart)
          : curvedRow(each, i, used[0]!, cells, chart);
      const long = steps ? longStep(part, rowOf) : undefined;
      if (i === 0 && !long) logScale += part.logScale ?? 0;
      if (curved.length > 0 && used.length > 1) traced.push(tracedRow(part, i));
      else rows.push(long ?? rowOf(part));
    }
  }
  return { rows, traced, logScale };
}

/** The step of a reading as bounds, unless it is short. */
function longStep(part: LinearPart, rowOf: (part: LinearPart) => ModelRow): ModelRow | undefined {
  const { step } = part;
  if (!step) return undefined;
  const law = { kind: 'between' as const, low: Float64Array.of(step[0]), high: Float64Array.of(step[1]) };
  const row = rowOf({ ...part, law });
  const length = row.law.kind === 'between' ? row.law.high - row.law.low : 0;
  return length > SHORT * Math.hypot(...row.row) ? row : undefined;
}

function straightRow(
  { matrix, text, law }: LinearPart,
  i: number,
  used: readonly number[],
  cells: readonly Cell[],
  { shape, shift, scale }: Chart,
): ModelRow {
  const row = new Float64Array(sizeOf(shape));
  let offset = 0;
  for (const c of used) {
    const entry = matrix[i * cells.length + c]!;
    const d = cells[c]!.first;
    row[d] = entry * scale[d]!;
    offset += entry * shift[d]!;
  }
  if (law.kind === 'between')
    return {
      row,
      text,
      logScale: 0,
      law: { kind: 'between', low: law.low[i]! - offset, high: law.high[i]! - offset },
    };
  return { row, text, logScale: 0, law: { kind: 'normal', value: law.value[i]! - offset, std: law.std[i]! } };
}

/**
 * A multiple of one cell with a curve. Bounds and exact values are exact; errors use the slope at the value.
 */
function curvedRow(
  { matrix, text, law }: LinearPart,
  i: number,
  c: number,
  cells: readonly Cell[],
  { shape, shift, scale }: Chart,
): ModelRow {
  const factor = matrix[i * cells.length + c]!;
  const { first, curve } = cells[c]!;
  const row = new Float64Array(sizeOf(shape));
  row[first] = scale[first]!;
  const at = (value: number) =>
    Number.isFinite(value) ? curve!.forward(value / factor) - shift[first]! : value * Math.sign(factor);
  if (law.kind === 'between') {
    const ends = [at(law.low[i]!), at(law.high[i]!)];
    return {
      row,
      text,
      logScale: 0,
      law: { kind: 'between', low: Math.min(...ends), high: Math.max(...ends) },
    };
  }
  const logSlope = curve!.logSlope(law.value[i]! / factor) - Math.log(Math.abs(factor));
  const std = law.std[i]! * Math.exp(logSlope);
  return { row, text, logScale: logSlope, law: { kind: 'normal', value: at(law.value[i]!), std } };
}

function tracedRow({ matrix, text, law, count }: LinearPart, i: number): TracedPart {
  const cells = matrix.length / count;
  const entries = matrix.slice(i * cells, (i + 1) * cells);
  const apply = (x: Tensor) => matmul(reshape(x, [x.shape[0]!, cells]), fromHost(entries, [cells, 1]));
  const one = (values: Float64Array) => values.slice(i, i + 1);
  const own =
    law.kind === 'normal'
      ? { ...law, value: one(law.value), std: one(law.std) }
      : { ...law, low: one(law.low), high: one(law.high) };
  return { kind: 'traced', text, count: 1, apply, law: own };
}

/** A word: its point lies in each half-space of its region. */
function wordRows(
  { text, cell, word }: WordPart,
  cells: readonly Cell[],
  { shape, shift, scale }: Chart,
): ModelRow[] {
  const { first, region } = cells[cell]!;
  if (!region) throw usage('The model has no coordinates for words', { where: text });
  return region(word).map(half => {
    const own = boundOf(half, shift.subarray(first), scale.subarray(first));
    const row = new Float64Array(sizeOf(shape));
    row.set(own.row, first);
    return { row, text, logScale: 0, law: { kind: 'between', low: own.low, high: Infinity } };
  });
}
