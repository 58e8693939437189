import type { Sde } from '../sde/contract.ts';
import { type Coefficient, combine, fromHost, mul, reshape, slice, type Tensor } from '../tensor/index.ts';
import { type BaseTensors, baseVelocity } from './base.ts';

/** What a network sees of a context: the known values and the masks, `[B, 3·D]`. */
export const valuesAndMasks = (context: Tensor, size: number): Tensor =>
  slice(context, [0, 0], [context.shape[0]!, 3 * size]);

/** 1 − known − absent: `[B, D]`, 1 for each coordinate that is generated. */
export function generatedOf(context: Tensor, size: number): Tensor {
  const rows = context.shape[0]!;
  const part = (k: number) => slice(context, [0, k * size], [rows, size]);
  const ones = fromHost(new Float32Array(size).fill(1), [1, size]);
  return combine([1, ones], [-1, part(1)], [-1, part(2)]);
}

/** The velocity of the law that the context of each row holds: see `contextWidth`. */
export function contextVelocity(
  sde: Sde,
  all: BaseTensors,
  context: Tensor,
  x: Tensor,
  t: Coefficient,
): Tensor {
  const size = x.shape[1]!;
  const rows = context.shape[0]!;
  if (context.shape[1] === 3 * size + 1)
    return mul(baseVelocity(sde, all, x, t), slice(context, [0, 3 * size], [rows, 1]));
  const count = all.logWeights?.shape[1] ?? 1;
  const wide = count * size;
  const at = (first: number, length: number) => slice(context, [0, 3 * size + first], [rows, length]);
  const ofRow: BaseTensors = {
    values: at(0, wide),
    mean: at(wide, wide),
    vectors: reshape(at(2 * wide, size * wide), rows === 1 ? [size, wide] : [rows, size, wide]),
    ...(count > 1 && { logWeights: at((2 + size) * wide, count) }),
  };
  return baseVelocity(sde, ofRow, x, t);
}
