import { type BetaSchedule, type Options, requireBetween, withDefaults } from '../src/plugin.ts';

const defaults = {
  /** s, above 0: it keeps β(0) away from 0. Default 0.008. */
  offset: 0.008,
  /** The largest β, which is kept near t = 1; above β(0). Default 999. */
  betaMax: 999,
};

/**
 * The cosine schedule (Nichol & Dhariwal 2021, eq. 17) in continuous time. With s = `offset` and θ(t) = ½π(t
 * + s)/(1 + s): ᾱ(t) = cos²θ(t)/cos²θ(0) = e^{−∫β} and β(t) = π/(1 + s) · tan θ(t).
 * β diverges at t = 1, so it is cut at `betaMax`, which it reaches at t = 0.998 by default. (The paper's clip
 * β_k ≤ 0.999 at N = 1000 is a rate of 999.) So ᾱ(1) = 1.3e-6 > 0.
 */
export function cosine(options: Options<typeof defaults> = {}): BetaSchedule {
  const { offset, betaMax } = withDefaults('cosine', defaults, options);
  requireBetween('cosine', 'offset', offset, 0);
  const speed = (0.5 * Math.PI) / (1 + offset);
  const start = Math.tan(speed * offset);
  requireBetween('cosine', 'betaMax', betaMax, 2 * speed * start);
  const cut = Math.min(1, Math.atan(betaMax / (2 * speed)) / speed - offset);
  const uncut = (t: number) => {
    // −2 log(cos(θ₀ + δ)/cos θ₀), with 1 − cos δ as 2 sin²(δ/2): no digit is lost at small t.
    const delta = speed * t;
    return -2 * Math.log1p(-2 * Math.sin(0.5 * delta) ** 2 - Math.sin(delta) * start);
  };
  const total = uncut(cut);
  return Object.freeze({
    kind: 'beta',
    name: 'cosine',
    spec: Object.freeze({ name: 'cosine', offset, betaMax }),
    ...(cut < 1 && { smooth: false }),
    beta: (t: number) => (t < cut ? 2 * speed * Math.tan(speed * (t + offset)) : betaMax),
    integral: (t: number) => (t < cut ? uncut(t) : total + betaMax * (t - cut)),
  });
}
