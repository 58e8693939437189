import { hamiltonianMove, independentMove, type Place } from '../chains/index.ts';
import { usage } from '../errors.ts';
import type { ScoreModel } from '../score/contract.ts';
import { coefficients } from '../sde/coefficients.ts';
import type { Sde } from '../sde/contract.ts';
import {
  add,
  combine,
  exp,
  mean,
  mul,
  reshape,
  select,
  square,
  stopGradient,
  sub,
  type Tensor,
} from '../tensor/index.ts';
import type { LikelihoodObjectiveOptions, Objective } from './contract.ts';
import { timeLaw } from './times.ts';

/**
 * Maximum likelihood of an energy-based model at the one noise level `sigma`, by
 * ∇θ log p(x) = −∇θE(x) + E_p[∇θE]. The loss is E(x⁺) − E(x⁻) + `regular`·(E(x⁺)² + E(x⁻)²). x⁺ are data
 * with noise, and x⁻ draws of the model: one move to a fresh draw of a wide Gaussian (`leap`), and `moves`
 * moves of MALA of a length between `step`·std/`range` and `step`·std, log-uniform. All of them leave the
 * model as it is.
 *
 * With moves of one length, an energy that grows steep refuses them all: its chains stand still, their energy
 * is raised in every step, and training diverges.
 *
 * Chains are persistent (Tieleman 2008): they go on from step to step, and a share `renew` of them starts
 * again from x⁺. Those that start from noise, as of Du & Mordatch (2019), are no draws of the model for long,
 * and build walls where they begin. With `persistent` false all start from x⁺: contrastive divergence, CD-k
 * (Hinton 2002). The square bounds the energies, whose constant the likelihood leaves free.
 *
 * `penalty`·σ²·‖∇E(x⁻)‖²/D bounds the slope at draws of the model. It is biased: it flattens the energy.
 */
export function maximumLikelihood(
  sde: Sde,
  model: ScoreModel,
  options: LikelihoodObjectiveOptions = {},
): Objective {
  const { sigma, moves = 5, step = 1, renew = 0.05, regular = 0.001, persistent = true } = options;
  const { penalty = 0, range = 10, leap = true } = options;
  const { rawAndEnergy } = model;
  if (!rawAndEnergy)
    throw usage('Maximum likelihood needs a network with an energy', {
      where: `maximum-likelihood with the net ${model.name}`,
      mend: { says: 'Take one:', options: { net: 'energy' } },
    });
  if (sigma === undefined)
    throw usage('Maximum likelihood is learned at one noise level', {
      where: 'maximum-likelihood',
      mend: { says: 'Say which, in standard deviations of the data:', options: { sigma: '0.1' } },
    });
  for (const [name, value, fits, expected] of [
    ['moves', moves, Number.isInteger(moves) && moves > 0, 'a whole number above 0'],
    ['step', step, step > 0, 'a number above 0'],
    ['range', range, range >= 1, 'a number, 1 or more'],
    ['renew', renew, renew >= 0 && renew <= 1, '0 to 1'],
    ['regular', regular, regular >= 0, 'a number, 0 or more'],
    ['penalty', penalty, penalty >= 0, 'a number, 0 or more'],
  ] as const)
    if (!fits)
      throw usage(`option "${name}" is out of range`, { where: 'maximum-likelihood', got: value, expected });
  const law = timeLaw(sde, { sigma });
  const [t] = law.at(0, 0, 1) as unknown as [number];
  const { scale, std } = sde.marginal(t);
  const spread = Math.hypot(scale, std);
  const place = (weights: readonly Tensor[], x: Tensor): Place => {
    const { raw, energy } = rawAndEnergy(weights, x, t);
    const [ofX, ofRaw] = coefficients(time => {
      const { a, b } = model.noiseForm(time);
      return [-a / std, -b / std];
    }, t);
    return { x, score: combine([ofX, x], [ofRaw, raw]), logDensity: mul(energy, -1) };
  };
  const noisy = (x0: Tensor, noise: Tensor) => combine([scale, x0], [std, noise]);
  return Object.freeze({
    name: 'maximum-likelihood',
    times: law.at,
    chains: {
      spread,
      advance(weights, x, { x0, noise, normal, exponential, uniform }) {
        const start = persistent ? withRenewal(x, noisy(x0, noise), uniform(moves), renew) : noisy(x0, noise);
        const look = (at: Tensor) => place(weights, at);
        const draws = (k: number) => ({ z: normal(k), exponential: exponential(k) });
        let here = look(start);
        if (leap) here = independentMove(look, here, spread, draws(moves)).place;
        for (let k = 0; k < moves; k++) {
          const length = mul(exp(mul(uniform(k), -Math.log(range))), step * std);
          const h = columnFor(x, length);
          here = hamiltonianMove(look, here, h, draws(k), { leaps: 1, nodes: 0 }).place;
        }
        return here.x;
      },
    },
    loss(weights, x0, noise, _t, _directions, negatives) {
      const [of, from] = [noisy(x0, noise), stopGradient(negatives!)].map(
        x => rawAndEnergy(weights, x, t).energy,
      );
      const squares = add(mean(square(of!)), mean(square(from!)));
      const loss = add(sub(mean(of!), mean(from!)), mul(squares, regular));
      if (penalty === 0) return loss;
      const { score } = place(weights, stopGradient(negatives!));
      return add(loss, mul(mean(square(score)), penalty * std ** 2));
    },
  } satisfies Objective);
}

/** Chains of which each starts anew where its uniform draw is below `share`. */
const withRenewal = (x: Tensor, fresh: Tensor, uniform: Tensor, share: number): Tensor =>
  // Above ½ where the draw is above the share.
  select(columnFor(x, add(uniform, 0.5 - share)), x, fresh);

/** A number for each row, in a shape that meets x: [B, 1, …]. */
const columnFor = (x: Tensor, each: Tensor): Tensor =>
  reshape(each, [x.shape[0]!, ...x.shape.slice(1).map(() => 1)]);
