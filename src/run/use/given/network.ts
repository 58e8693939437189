import type { TableTransform } from '../../../data/index.ts';
import { usage } from '../../../errors.ts';
import type { Part } from '../../../measure/contract.ts';
import { contextModel } from '../../../score/context.ts';
import { sample as modelSample, type SampleOptions } from '../../../solve/sample.ts';
import type { ModelConfig } from '../../folder/config.ts';
import type { Run } from '../../run.ts';
import { type AskedRows, askedRows } from '../questions.ts';
import { transformOf } from '../units.ts';
import { askedLaws, isMixture } from './asked-laws.ts';

/**
 * The known cells of a question, `[C]`, NaN where a cell is not known; undefined if it says more than which
 * cells have which values.
 */
export function knownCells(parts: readonly Part[], width: number): Float64Array | undefined {
  const cells = new Float64Array(width).fill(Number.NaN);
  for (const part of parts) {
    if (part.kind === 'word') {
      cells[part.cell] = part.word;
      continue;
    }
    if (part.kind !== 'linear' || part.law.kind !== 'normal') return undefined;
    const { matrix, count, law } = part;
    for (let i = 0; i < count; i++) {
      const row = matrix.subarray(i * width, (i + 1) * width);
      const places = [...row.keys()].filter(d => row[d] !== 0);
      if (places.length !== 1 || law.std[i] !== 0) return undefined;
      cells[places[0]!] = law.value[i]! / row[places[0]!]!;
    }
  }
  return cells;
}

/** Whether the network of a run answers questions by itself. */
export const answersItself = ({ model, config }: Run): boolean =>
  model.contextAt !== undefined && 'cells' in config.transform;

/**
 * Samples of p(the rest | the known cells), `[count, C]` in data units, by the network of a conditional run,
 * or in closed form by a run that is a mixture of Gaussians.
 * Each of the rows `[N, C]` gets `count/N` samples in turn. Where what is known is out of reach of the model,
 * nothing is drawn: the cells stay NaN.
 */
export async function sampleKnown(
  config: ModelConfig,
  rows: Float64Array,
  options: SampleOptions,
): Promise<{ data: Float64Array; evaluations: number; z: Float32Array }> {
  const transform = transformOf(config) as TableTransform;
  const { width, size } = transform;
  const each = options.count / (rows.length / width);
  if (!Number.isInteger(each))
    throw usage('The rows do not divide the number of samples', { where: 'count', got: options.count });
  // Where known values are spread, each sample takes points of its own.
  const spreads = transform.cells.some(({ draws }, c) => draws && isSomeKnown(rows, c, width));
  const [asked, repeats] = spreads
    ? [repeatRows({ data: rows, shape: [rows.length / width, width] }, each).data, 1]
    : [rows, each];
  const question = askedRows(config, transform, asked, { impute: true });
  const states = question.states;
  const { data: z, evaluations } = isMixture(options.model)
    ? { data: askedLaws(transform, question).draw(repeats, options.seed ?? 0), evaluations: 0 }
    : await sampledBy(question, repeats, options);
  const points = repeatRows({ data: question.points, shape: [asked.length / width, size] }, repeats).data;
  const own = repeatRows({ data: states, shape: [asked.length / width, size] }, repeats).data;
  transform.inverse(z, points, own);
  const data = transform.settle(points);
  // What is known stays as it was written.
  for (let i = 0; i < data.length; i++) {
    const known = rows[Math.floor(i / (width * each)) * width + (i % width)]!;
    if (!Number.isNaN(known)) data[i] = known;
  }
  return { data, evaluations, z };
}

const isSomeKnown = (rows: Float64Array, c: number, width: number): boolean =>
  rows.some((value, i) => i % width === c && !Number.isNaN(value));

/** Samples of each row in turn, in model units, by a network that takes questions. */
function sampledBy({ context }: AskedRows, each: number, options: SampleOptions) {
  const model = context ? contextModel(options.model, repeatRows(context, each)) : options.model;
  return modelSample({ ...options, model });
}

/** Each row `each` times in turn. */
function repeatRows<T extends Float32Array | Float64Array | Uint8Array>(
  { data, shape }: { readonly data: T; readonly shape: readonly number[] },
  each: number,
): { data: T; shape: number[] } {
  const [rows, size] = shape as [number, number];
  const out = new (data.constructor as new (length: number) => T)(rows * each * size);
  for (let i = 0; i < rows * each; i++) {
    const row = Math.floor(i / each);
    out.set(data.subarray(row * size, (row + 1) * size), i * size);
  }
  return { data: out, shape: [rows * each, size] };
}
