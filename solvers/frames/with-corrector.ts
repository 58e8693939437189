import { type Options, type Path, type Solver, usage, withDefaults } from '../../src/plugin.ts';

const defaults = {
  /** Corrector steps after each predictor step, a whole number from 0. Default 1. */
  steps: 1,
};

/**
 * Predictor-corrector sampling (Song et al. 2021, algorithm 1): a step of `predictor` from t to s, then
 * `steps` steps of `corrector` at s. The corrector moves x, so the predictor starts every step without memory
 * of the one before.
 */
export function withCorrector(
  predictor: Solver,
  corrector: Solver,
  options: Options<typeof defaults> = {},
): Solver {
  const { steps } = withDefaults('withCorrector', defaults, options);
  if (!Number.isInteger(steps) || steps < 0) {
    throw usage('option "steps" is out of range', {
      where: 'withCorrector',
      got: steps,
      expected: '0, 1, 2, ...',
    });
  }
  const refuses: Solver['refuses'] = sde => predictor.refuses?.(sde) ?? corrector.refuses?.(sde);
  const before = predictor.init ? (predictor.evaluationsBefore ?? 1) : 0;
  return Object.freeze({
    name: `${predictor.name}+${corrector.name}`,
    order: predictor.order,
    noise: predictor.noise === 'none' && (steps === 0 || corrector.noise === 'none') ? 'none' : 'fresh',
    evaluationsPerStep: before + predictor.evaluationsPerStep + steps * corrector.evaluationsPerStep,
    refuses,
    step({ problem, x, t, s, path }) {
      const state = predictor.init?.(problem, x, t) ?? [];
      let current = predictor.step({ problem, x, t, s, past: [], state, path: lane(path, 0, steps) }).x;
      for (let i = 1; i <= steps; i++) {
        const lanes = lane(path, i, steps);
        current = corrector.step({ problem, x: current, t, s, past: [], state: [], path: lanes }).x;
      }
      return { x: current };
    },
  } satisfies Solver);
}

/** The i-th member's share of a step's fresh draws, so that no two members use the same draw. */
const lane = (path: Path, i: number, steps: number): Path => ({
  increment: () => path.increment(),
  normal: k => path.normal(k * (steps + 1) + i),
});
