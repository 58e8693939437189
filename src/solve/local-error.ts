import type { Engine } from '../engine/contract.ts';
import { compileCached } from '../engine/program-cache.ts';
import type { ScoreModel } from '../score/contract.ts';
import { coefficients } from '../sde/coefficients.ts';
import type { Sde } from '../sde/contract.ts';
import { logSnr, timeAtLogSnr } from '../sde/log-snr.ts';
import { combine, mean, reshape, square, sub, type Tensor } from '../tensor/index.ts';
import type { Problem } from './contract.ts';
import { problemOf } from './problem.ts';
import { priorDraw } from './sample.ts';

/** Cells of equal width in λ over which the error is measured. */
const CELLS = 64;

/**
 * The local error of a second-order method along the probability flow, root mean square over a pilot batch,
 * for each of 64 cells of equal width in log-SNR from tMax to tMin: the difference between one step over a
 * cell and two. The method is the exponential midpoint rule in λ (DPM-Solver++ 2S); only the relative size of
 * its error matters. The unit is √(scale² + std²), the spread of x_t for data of unit variance, because the
 * flow scales errors with it.
 */
export async function localErrors({
  engine,
  sde,
  model,
  count = 256,
  seed = 0,
  signal,
}: {
  readonly engine: Engine;
  readonly sde: Sde;
  readonly model: ScoreModel;
  readonly count?: number;
  readonly seed?: number;
  readonly signal?: AbortSignal;
}): Promise<Float64Array> {
  const [bottom, top] = [logSnr(sde, sde.tMax), logSnr(sde, sde.tMin)];
  const at = (u: number) =>
    u === 0 ? sde.tMax : u === 1 ? sde.tMin : timeAtLogSnr(sde, bottom + u * (top - bottom));
  const program = compileCached<readonly number[]>(
    engine,
    'local error',
    (weights, [x], times) => {
      const problem = problemOf(sde, model, weights);
      const [t, quarter, half, threeQuarters, s] = times as [number, number, number, number, number];
      const whole = midpoint(problem, x!, t, half, s);
      const fine = midpoint(problem, midpoint(problem, x!, t, quarter, half), half, threeQuarters, s);
      return [fine, reshape(mean(square(sub(whole, fine))), [1])];
    },
    model.weights,
  );
  const errors = new Float64Array(CELLS);
  let x = engine.put(priorDraw(sde, model.shape, seed, 0, count));
  try {
    for (let cell = 0; cell < CELLS; cell++) {
      signal?.throwIfAborted();
      const times = [0, 0.25, 0.5, 0.75, 1].map(part => at((cell + part) / CELLS));
      const [next, squared] = await program.run([x], times);
      engine.free(x);
      x = next!;
      const { scale, std } = sde.marginal(times[4]!);
      errors[cell] = Math.sqrt((await engine.read(squared!))[0]!) / Math.hypot(scale, std);
      engine.free(squared!);
    }
    return errors;
  } finally {
    engine.free(x);
    await program.dispose();
  }
}

/**
 * x_s = (σ_s/σ_t)·x_t + (α_s − α_t·σ_s/σ_t)·x̂, where x̂ is predicted after an exponential Euler step to the
 * middle time.
 */
function midpoint(problem: Problem, x: Tensor, t: number, middle: number, s: number): Tensor {
  const along = (data: Tensor, to: number) => {
    const [keep, gain] = coefficients(
      (t, s) => {
        const [start, end] = [problem.sde.marginal(t), problem.sde.marginal(s)];
        const ratio = end.std / start.std;
        return [ratio, end.scale - start.scale * ratio];
      },
      t,
      to,
    );
    return combine([keep, x], [gain, data]);
  };
  return along(problem.data(along(problem.data(x, t), middle), middle), s);
}
