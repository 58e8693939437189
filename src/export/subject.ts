import type { AffineTransform } from '../data/index.ts';
import type { ScoreModel } from '../score/contract.ts';
import type { Sde } from '../sde/contract.ts';
import type { PlainTensor, Shape } from '../tensor/index.ts';

/** What is exported: a model with its SDE and the units of its data, x = shift + scale·z for each value. */
export interface Subject {
  readonly sde: Sde;
  readonly model: ScoreModel;
  readonly transform: Pick<AffineTransform, 'shift' | 'scale'>;
}

/** The weights of the model, then shift and scale as [1, ...D]. */
export function constantsOf({ model, transform }: Subject): PlainTensor[] {
  const row = (values: Float64Array): PlainTensor => ({
    data: Float32Array.from(values),
    shape: [1, ...model.shape],
  });
  return [...model.weights, row(transform.shift), row(transform.scale)];
}

/** The names under which the parts of a graph share these constants. */
export const sharedNames = (constants: readonly PlainTensor[]): ReadonlyMap<object, string> =>
  new Map(constants.map(({ data }, i) => [data, `weight${i}`]));

/** An input or output of a graph, in float32. */
export const edge = (name: string, shape: Shape) => ({ name, dtype: 'float32', shape }) as const;
