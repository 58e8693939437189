import { usage } from '../errors.ts';
import { fromHost, type PlainTensor, sizeOf, type Tensor } from '../tensor/index.ts';
import type { ScoreModel } from './contract.ts';

/**
 * The model p(generated | known) of a conditional model, one question for all samples or one for each.
 * @param context `[1, W]`, or `[N, W]` with a row for each sample (see `contextWidth`); samples beyond N have
 *   the last row
 * @throws usage for a model that is not conditional
 */
export function contextModel(model: ScoreModel, context: PlainTensor): ScoreModel {
  const at = contextPlace(model);
  if (context.shape[0] === 1) {
    const { law: _law, ...asked } = model;
    return Object.freeze({
      ...asked,
      weights: model.weights.map((weight, i) => (i === at ? context : weight)),
    });
  }
  const inserted = (weights: readonly Tensor[]) => [
    ...weights.slice(0, at),
    weights.at(-1)!,
    ...weights.slice(at, -1),
  ];
  const width = context.shape[1]!;
  const { contextAt: _at, law: _law, generated, ...rest } = model;
  return Object.freeze({
    ...rest,
    weights: model.weights.filter((_, i) => i !== at),
    raw: (weights: readonly Tensor[], ...args: [Tensor, Parameters<ScoreModel['raw']>[2]]) =>
      model.raw(inserted(weights), ...args),
    ...(generated && {
      generated: (weights: readonly Tensor[], rows: number) => generated(inserted(weights), rows),
    }),
    context(first: number, rows: number): PlainTensor {
      const data = new Float32Array(rows * width);
      for (let i = 0; i < rows; i++) {
        const row = Math.min(first + i, context.shape[0]! - 1);
        data.set(context.data.subarray(row * width, (row + 1) * width), i * width);
      }
      return { data, shape: [rows, width] };
    },
  });
}

function contextPlace({ contextAt, name }: ScoreModel): number {
  if (contextAt !== undefined) return contextAt;
  throw usage('The model answers no questions about rows', {
    where: name,
    remedy: 'Train it on them: langevin train DATA --conditional',
  });
}

/**
 * Whether each coordinate of samples first … first + rows is generated, `[rows, D]`; undefined if all are.
 */
export function generatedRows(model: ScoreModel, first: number, rows: number): Float32Array | undefined {
  const { contextAt, shape } = model;
  const context =
    model.context?.(first, rows) ?? (contextAt === undefined ? undefined : model.weights[contextAt]);
  if (!context) return undefined;
  const [size, width] = [sizeOf(shape), context.shape[1]!];
  const out = new Float32Array(rows * size);
  for (let i = 0; i < out.length; i++) {
    const at = (context.shape[0] === 1 ? 0 : Math.floor(i / size)) * width + (i % size);
    out[i] = 1 - context.data[at + size]! - context.data[at + 2 * size]!;
  }
  return out;
}

/** The weights of a program, and behind them the contexts of samples first … first + rows. */
export function withContext(
  model: ScoreModel,
  weights: readonly Tensor[],
  first: number,
  rows: number,
): readonly Tensor[] {
  const context = model.context?.(first, rows);
  return context ? [...weights, fromHost(context.data, context.shape)] : weights;
}
