import { usage } from '../../errors.ts';
import type { Observation } from '../../measure/observation.ts';
import { coefficients } from '../../sde/coefficients.ts';
import { type Options, withDefaults } from '../../sde/options.ts';
import { transition } from '../../sde/transition.ts';
import type { Path, Solver, StepArguments } from '../../solve/contract.ts';
import {
  add,
  combine,
  fromHost,
  matmul,
  mul,
  reshape,
  sizeOf,
  sub,
  type Tensor,
} from '../../tensor/index.ts';
import type { Guidance } from '../contract.ts';

/** Draws of the inner solver have smaller numbers. */
const DRAW = 64;
/** Draws that a repeat of a step may have. */
const BLOCK = DRAW + 3;

/**
 * Replacement (Song et al. 2021, the published inpainting): after each step the measured part of x_s becomes
 * that of α_s·y + σ_s·z, with fresh noise at the time s that the step has reached. It takes linear
 * measurements, but no bounds. The unknown part is not told of its past mistakes; `repaint` repeats each step
 * to correct them.
 */
export function replacement(options: Options<Record<never, never>> = {}): Guidance {
  withDefaults('replacement', {}, options);
  return byReplacing('replacement', 1);
}

const repaintDefaults = {
  /** How often each step is made, a whole number above 0. Default 5. */
  repeats: 5,
};

/**
 * RePaint (Lugmayr et al. 2022): replacement with each step made several times. In between, noise takes the
 * sample back from s to t, so that the unknown part agrees with the known one. It costs `repeats` times as
 * many evaluations.
 */
export function repaint(options: Options<typeof repaintDefaults> = {}): Guidance {
  const { repeats } = withDefaults('repaint', repaintDefaults, options);
  if (!(Number.isInteger(repeats) && repeats > 0 && repeats <= 1000))
    throw usage('option "repeats" is out of range', {
      where: 'repaint',
      got: repeats,
      expected: 'a whole number, 1 to 1000',
    });
  return byReplacing('repaint', repeats);
}

function byReplacing(name: string, repeats: number): Guidance {
  return Object.freeze({
    name,
    twists: false,
    differentiates: false,
    cost: () => 0,
    refuses: (observation: Observation) =>
      observation.linear && observation.bounds.low.length === 0 && observation.count > 0
        ? undefined
        : 'linear measurements, none of them bounds',
    around: (solver: Solver, observation: Observation): Solver =>
      Object.freeze({
        ...solver,
        name: `${name} ${solver.name}`,
        noise: 'fresh',
        adaptive: false,
        evaluationsPerStep: solver.evaluationsPerStep * repeats,
        step(args: StepArguments) {
          let x = args.x;
          for (let k = 0; ; k++) {
            const path = repeatDraws(args, k);
            const next = solver.step({ ...args, x, path });
            const kept = replace(observation, args, next.x, path.normal(DRAW));
            if (k === repeats - 1) return { ...next, x: kept };
            const [scale, std] = coefficients(
              (t, s) => {
                const back = transition(args.problem.sde, s, t);
                return [back.scale, back.std] as const;
              },
              args.t,
              args.s,
            );
            x = combine([scale, kept], [std, path.normal(DRAW + 1)]);
          }
        },
      } satisfies Solver),
  } satisfies Guidance);
}

/**
 * The draws of the k-th repeat of a step. The first uses the increment of the path, later ones use fresh
 * noise.
 */
function repeatDraws({ path, t, s }: StepArguments, k: number): Path {
  if (k === 0) return path;
  const normal = (j: number) => path.normal(j + k * BLOCK);
  const root = coefficients((t, s) => [Math.sqrt(Math.abs(s - t))] as const, t, s)[0]!;
  return { normal, increment: () => mul(normal(DRAW + 2), root) };
}

/**
 * x_s + Wᵀ(α_s·y + σ_s·W·z − W·x_s), with orthonormal rows W. A reading whose error is larger than the spread
 * of the data, such as that of a weak direction of a blur, replaces nothing.
 */
function replace(observation: Observation, { problem, s }: StepArguments, x: Tensor, z: Tensor): Tensor {
  const { readings, rows: matrices } = observation;
  const [rows, size] = [x.shape[0]!, sizeOf(x.shape.slice(1))];
  const W = fromHost(matrices[0]!.data, matrices[0]!.shape);
  const measured = (v: Tensor) => matmul(reshape(v, [rows, size]), W, false, true);
  const [scale, std] = coefficients(time => {
    const marginal = problem.sde.marginal(time);
    return [marginal.scale, marginal.std] as const;
  }, s);
  const y = fromHost(readings.value, [1, readings.value.length]);
  const target = add(mul(measured(z), std), mul(y, scale));
  const informs = fromHost(
    readings.variance.map(variance => Number(variance < 1)),
    [1, readings.value.length],
  );
  return add(x, reshape(matmul(mul(sub(target, measured(x)), informs), W), x.shape));
}
