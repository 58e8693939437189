import {
  add,
  coefficients,
  combine,
  type Options,
  requireBetween,
  type Solver,
  withDefaults,
} from '../src/plugin.ts';
import { pullAndKick } from './langevin.ts';

const defaults = { snr: 0.176 };

/**
 * Annealed Langevin dynamics at the time s reached: x + ε·score + √(2ε)·z, ε = 2α(snr·std(s))², with α as in `langevin`.
 * With VE it is the loop of NCSN and NCSNv2 (Song & Ermon 2019, algorithm 1) for snr = √(step_lr/2)/σ_L: the default is
 * that of step_lr = 6.2e-6 at σ_L = 0.01. A corrector, not an integrator: order 0. One evaluation a step.
 */
export function annealedLangevin(options: Options<typeof defaults> = {}): Solver {
  const { snr } = withDefaults('annealed-langevin', defaults, options);
  requireBetween('annealed-langevin', 'snr', snr, 0);
  return Object.freeze({
    name: 'annealed-langevin',
    order: 0,
    noise: 'fresh',
    evaluationsPerStep: 1,
    step({ problem, x, t, s, path }) {
      const [pull, kick] = coefficients((t, s) => pullAndKick(problem.sde, t, s, snr), t, s);
      return { x: add(x, combine([pull, problem.noise(x, s)], [kick, path.normal(0)])) };
    },
  } satisfies Solver);
}
