import {
  add,
  coefficients,
  combine,
  div,
  minimum,
  mul,
  normPerSample,
  type Options,
  requireBetween,
  type Sde,
  type Solver,
  sizeOf,
  transition,
  withDefaults,
} from '../src/plugin.ts';

const defaults = { snr: 0.16 };

/**
 * One step of Langevin dynamics at the time s that has been reached (Song et al. 2021, algorithms 4 and 5):
 * x + ε·score + √(2ε)·z with ε = 2α(snr·√D/‖score‖)². α is (scale_t/scale_s)², which is 1 − β_k of a VP chain and 1 for VE.
 *
 * The norm is that of each sample, so batch mates do not meet. Two departures keep p_s invariant in few dimensions: √D
 * stands for ‖z‖ (a step size that depends on its own noise has the wrong temperature), and ‖score‖ counts as no
 * less than √D/std, its usual size (else the step grows without bound where the score vanishes).
 * A corrector, not an integrator: order 0. One evaluation a step.
 */
export function langevin(options: Options<typeof defaults> = {}): Solver {
  const { snr } = withDefaults('langevin', defaults, options);
  requireBetween('langevin', 'snr', snr, 0);
  return Object.freeze({
    name: 'langevin',
    order: 0,
    noise: 'fresh',
    evaluationsPerStep: 1,
    step({ problem, x, t, s, path }) {
      const usual = Math.sqrt(sizeOf(x.shape.slice(1)));
      const [pull, length, kick] = coefficients(
        (t, s) => {
          const [pull, kick] = pullAndKick(problem.sde, t, s, snr);
          return [pull, Math.abs(pull) * usual, kick];
        },
        t,
        s,
      );
      const drift = combine([pull, problem.noise(x, s)]);
      const shrink = minimum(div(length, normPerSample(drift)), 1);
      return { x: add(x, mul(add(mul(drift, shrink), mul(path.normal(0), kick)), shrink)) };
    },
  } satisfies Solver);
}

/** For ε = 2α(snr·std)²: ε·score + √(2ε)·z = pull·noise + kick·z. */
export function pullAndKick(sde: Sde, t: number, s: number, snr: number): [pull: number, kick: number] {
  const root = transition(sde, Math.min(t, s), Math.max(t, s)).scale;
  const kick = 2 * root * snr * sde.marginal(s).std;
  return [-kick * root * snr, kick];
}
