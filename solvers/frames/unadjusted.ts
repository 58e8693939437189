import {
  add,
  coefficients,
  combine,
  requireBetween,
  type Sde,
  type Solver,
  transition,
} from '../../src/plugin.ts';

/**
 * Langevin dynamics without acceptance, with a step size that depends on (t, s) alone: x + ε·score + √(2ε)·z,
 * ε = 2α(snr·std(s))².
 *
 * std(s)² is the smallest variance that p_s can have in any direction, because −∇² log p_s ≤ 1/std(s)²
 * whatever the data. So a step that is short compared with std(s) is short for all data. For Gaussian data
 * the mean is preserved, and a variance V becomes V/(1 − ε/2V). At most this is V·(1 + snr²) to leading
 * order.
 */
export function unadjusted(name: string, snr: number): Solver {
  requireBetween(name, 'snr', snr, 0);
  return Object.freeze({
    name,
    order: 0,
    noise: 'fresh',
    corrects: true,
    evaluationsPerStep: 1,
    step({ problem, x, t, s, path }) {
      const [pull, kick] = coefficients((t, s) => pullAndKick(problem.sde, t, s, snr), t, s);
      return { x: add(x, combine([pull, problem.noise(x, s)], [kick, path.normal(0)])) };
    },
  } satisfies Solver);
}

/** For ε = 2α(snr·std)²: ε·score + √(2ε)·z = pull·noise + kick·z. */
export function pullAndKick(sde: Sde, t: number, s: number, snr: number): [pull: number, kick: number] {
  const root = transition(sde, Math.min(t, s), Math.max(t, s)).scale;
  const kick = 2 * root * snr * sde.marginal(s).std;
  return [-kick * root * snr, kick];
}
