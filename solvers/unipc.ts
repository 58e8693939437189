import { type Coefficient, type Options, type Solver, type Tensor, withDefaults } from '../src/plugin.ts';
import { dataStep, requireOrder } from './dpm-solver.ts';
import { applied } from './multistep.ts';

const defaults = { order: 2 };

/**
 * UniPC (Zhao et al. 2023) in predicted data with B(h) = e^{−h} − 1: UniP of `order` p predicts x_s from p answers; the
 * network's answer there joins them for UniC, which corrects x_s and is kept for the next step, so that an evaluation
 * serves twice. The correction raises the order by one; the first step, which has no past, holds it at 3. `order` 1, 2
 * (default) or 3; one evaluation a step.
 */
export function unipc(options: Options<typeof defaults> = {}): Solver {
  const { order } = withDefaults('unipc', defaults, options);
  requireOrder('unipc', order);
  return predictCorrect('unipc', order, Math.min(order + 1, 3), 0);
}

/** Exponential Adams predictor and corrector, with one evaluation a step, made at the predicted point. */
export function predictCorrect(name: string, depth: number, order: number, eta: number): Solver {
  return Object.freeze({
    name,
    order,
    noise: eta === 0 ? 'none' : 'brownian',
    evaluationsPerStep: 1,
    init: (problem, x, t) => [problem.data(x, t)],
    step({ problem, x, t, s, past, state, path }) {
      const answers = state.slice(0, 1 + past.length);
      const nodes = [t, ...past].slice(0, answers.length);
      const increment = eta === 0 ? undefined : path.increment();
      const apply = (at: readonly Coefficient[], values: readonly Tensor[]) =>
        applied(
          (t, s, ...rest) => dataStep(problem.sde, t, s, rest, eta),
          [t, s, ...at],
          x,
          values,
          increment,
        );
      const answer = problem.data(apply(nodes, answers), s);
      return {
        x: apply([...nodes, s], [...answers, answer]),
        state: [answer, ...answers].slice(0, depth),
      };
    },
  } satisfies Solver);
}
