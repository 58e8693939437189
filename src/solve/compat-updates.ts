import { usage } from '../errors.ts';
import type { Sde } from '../sde/contract.ts';

/** x_mean = keep·x + push·score, x = x_mean + spread·z: the form of every published predictor. */
export interface Update {
  readonly keep: number;
  readonly push: number;
  readonly spread: number;
}

/** What the published samplers need from an SDE with N levels. */
export interface Chain {
  readonly sde: Sde;
  readonly levels: number;
  /** ½ for the probability flow, whose updates draw no noise, 1 otherwise. */
  readonly share: number;
}

/** The index of a time in the discrete tables: int(t·(N − 1)/T). */
const indexOf = ({ sde, levels }: Chain, t: number) => Math.trunc((t * (levels - 1)) / sde.tMax);

const levelTime = ({ levels }: Chain, k: number) => k / Math.max(1, levels - 1);

/** β_k = β(k/(N − 1))/N: for a linear schedule the table linspace(β(0)/N, β(1)/N, N). */
const betaAt = (chain: Chain, k: number) => chain.sde.diffusion(levelTime(chain, k)) ** 2 / chain.levels;

/** σ_k² and σ_{k−1}². For a geometric schedule the levels are geometric from σ_min to σ_max; σ_{−1} = 0. */
function variances(chain: Chain, t: number): readonly [present: number, former: number] {
  const k = indexOf(chain, t);
  const sigma = (level: number) => chain.sde.marginal(levelTime(chain, level)).std;
  return [sigma(k) ** 2, k === 0 ? 0 : sigma(k - 1) ** 2];
}

const eulerMaruyama = ({ sde, levels, share }: Chain, t: number): Update => {
  const power = sde.diffusion(t) ** 2 / levels;
  return { keep: 1 - sde.rate(t) / levels, push: share * power, spread: spreadOf(power, share) };
};

const spreadOf = (power: number, share: number) => (share === 1 ? Math.sqrt(power) : 0);

function reverseDiffusion(chain: Chain, t: number): Update {
  const { sde, share } = chain;
  // The published sub-VP has no discretisation of its own and inherits that of Euler and Maruyama.
  if (sde.name === 'sub-vp') return eulerMaruyama(chain, t);
  if (sde.name === 'vp') {
    const beta = betaAt(chain, indexOf(chain, t));
    return { keep: 2 - Math.sqrt(1 - beta), push: share * beta, spread: spreadOf(beta, share) };
  }
  const [present, former] = variances(chain, t);
  return { keep: 1, push: share * (present - former), spread: spreadOf(present - former, share) };
}

function ancestral(chain: Chain, t: number): Update {
  if (chain.sde.name === 'vp') {
    const beta = betaAt(chain, indexOf(chain, t));
    const root = Math.sqrt(1 - beta);
    return { keep: 1 / root, push: beta / root, spread: Math.sqrt(beta) };
  }
  const [present, former] = variances(chain, t);
  const growth = present - former;
  return { keep: 1, push: growth, spread: Math.sqrt((former * growth) / present) };
}

export const predictors = {
  euler_maruyama: eulerMaruyama,
  reverse_diffusion: reverseDiffusion,
  ancestral_sampling: ancestral,
};

/** α of the Langevin step: 1 − β_k for VP, 1 for VE. */
export const alphaAt = (chain: Chain, t: number): number =>
  chain.sde.name === 'vp' ? 1 - betaAt(chain, indexOf(chain, t)) : 1;

/** Rejects settings that the published code rejects, fails on, or answers with NaN. */
export function requireChain(chain: Chain, predictor: string, corrector: string): void {
  const { sde, levels, share } = chain;
  const refuse = (what: string, remedy: string) =>
    usage(what, { where: 'compat: score_sde', got: sde.name, remedy });
  if (!['vp', 'sub-vp', 've'].includes(sde.name) || sde.tMax !== 1) {
    throw refuse('the published samplers support only vp, sub-vp and ve over [0, 1]', 'Leave compat out');
  }
  if (sde.name === 'sub-vp' && (predictor === 'ancestral_sampling' || corrector !== 'none')) {
    throw refuse('the published sub-vp has neither ancestral sampling nor correctors', 'Leave compat out');
  }
  if (predictor === 'ancestral_sampling' && share !== 1) {
    throw refuse('ancestral sampling has no probability flow', 'Take reverse_diffusion');
  }
  const tables =
    predictor === 'reverse_diffusion' || predictor === 'ancestral_sampling' || corrector !== 'none';
  if (sde.name !== 'vp' || !tables) return;
  const worst = betaAt(chain, levels - 1);
  if (worst > 1 || (worst === 1 && predictor === 'ancestral_sampling')) {
    throw refuse(
      `β_k reaches ${worst} at N = ${levels}, and the published update has a root of 1 − β_k`,
      'Take a larger N',
    );
  }
}
