import type { Engine } from '../../src/engine/index.ts';
import type { Objective } from '../../src/objectives/index.ts';
import type { ScoreModel } from '../../src/score/contract.ts';
import type { Sde } from '../../src/sde/contract.ts';
import { fromHost, mul, sumPerSample, type Tensor, valueAndGrad } from '../../src/tensor/index.ts';

/** Data N(0, spread²) in one dimension. Their E[ε | x_t] is gain(t)·x_t. */
export const spread = 0.7;

/**
 * The law of the data with its noise scaled by θ, the only weight; it is right at θ = 1. It predicts `noise`
 * or `score`.
 */
export function scaledModel(sde: Sde, predicts: 'noise' | 'score' = 'noise'): ScoreModel {
  const gain = (t: number) => {
    const { scale, std } = sde.marginal(t);
    return std / ((scale * spread) ** 2 + std ** 2);
  };
  const b = (t: number) => (predicts === 'noise' ? 1 : -sde.marginal(t).std);
  const timesOf = (t: number | Float64Array) => (typeof t === 'number' ? Float64Array.of(t) : t);
  const raw: ScoreModel['raw'] = ([theta], x, t) =>
    mul(
      mul(x, theta!),
      timesOf(t).map(time => gain(time) / b(time)),
    );
  return {
    name: 'scaled',
    shape: [1],
    weights: [{ data: Float32Array.of(1), shape: [1, 1] }],
    noiseForm: t => ({ a: 0, b: b(t) }),
    raw,
    rawAndEnergy: (weights: readonly Tensor[], x, t) => ({
      raw: raw(weights, x, t),
      energy: sumPerSample(
        mul(
          mul(mul(x, x), weights[0]!),
          timesOf(t).map(time => (0.5 * gain(time)) / sde.marginal(time).std),
        ),
      ),
    }),
  };
}

/**
 * Signs that make the moments of data, noise and directions exact up to the second: four rows for each time.
 */
const corners = [
  [1, 1],
  [1, -1],
  [-1, 1],
  [-1, -1],
] as const;

/**
 * The expected loss at θ over `times`, and its slope. Both are exact for a loss that is quadratic in data and
 * noise.
 */
export async function expected(
  engine: Engine,
  objective: Objective,
  times: Float64Array,
  theta: number,
): Promise<{ value: number; slope: number }> {
  const rows = corners.length * times.length;
  const each = (pick: (corner: readonly [number, number]) => number) =>
    Float32Array.from({ length: rows }, (_, i) => pick(corners[i % 4]!));
  const t = Float64Array.from({ length: rows }, (_, i) => times[Math.floor(i / 4)]!);
  const program = engine.compile<undefined>((_weights, [w]) => {
    const [x0, noise] = [each(([x]) => spread * x), each(([, z]) => z)].map(data =>
      fromHost(data, [rows, 1]),
    );
    const signs = () => fromHost(new Float32Array(rows).fill(1), [rows, 1]);
    const { value, grads } = valueAndGrad(weights => objective.loss(weights, x0!, noise!, t, signs), [w!]);
    return [value, grads[0]!];
  });
  const input = engine.put({ data: Float32Array.of(theta), shape: [1, 1] });
  const [value, slope] = await program.run([input], undefined);
  const result = { value: (await engine.read(value!))[0]!, slope: (await engine.read(slope!))[0]! };
  engine.free(input, value!, slope!);
  await program.dispose();
  return result;
}
