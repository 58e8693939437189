import { unknownName, usage } from '../errors.ts';
import { coefficients } from '../sde/coefficients.ts';
import type { Sde } from '../sde/contract.ts';
import { add, combine, div, mean, mul, normPerSample, square, type Tensor } from '../tensor/index.ts';
import { alphaAt, type Chain, predictors, requireChain } from './compat-updates.ts';
import type { Grid, Solver, StepArguments } from './contract.ts';

/** The settings of the published samplers, under their own names. */
export interface ScoreSdeOptions {
  /** `euler_maruyama` | `reverse_diffusion` (default) | `ancestral_sampling` (or `ancestral`) | `none` */
  readonly predictor?: string;
  /** `langevin` (default) | `ald` | `none` */
  readonly corrector?: string;
  /** Number of levels; default 1000. */
  readonly N?: number;
  /** Signal-to-noise ratio of the corrector; default 0.16. */
  readonly snr?: number;
  /** Corrector steps at each level; default 1. */
  readonly nSteps?: number;
  /** The last time; default 1e-5 for VE, 1e-3 otherwise. */
  readonly eps?: number;
  /** End with the mean of the last predictor step; default true. */
  readonly denoise?: boolean;
  /** Whether to solve the probability-flow ODE, by reverse diffusion or Euler; default false. */
  readonly probabilityFlow?: boolean;
}

/** The options for `sample` that give this sampler. */
export interface ScoreSdeSampler {
  /** Corrector and predictor as one step. */
  readonly solver: Solver;
  /** linspace(1, eps, N). */
  readonly grid: Grid;
  /** The number of steps, N. */
  readonly steps: number;
  /** The last step already returns the mean. */
  readonly denoise: false;
}

const defaults = {
  predictor: 'reverse_diffusion',
  corrector: 'langevin',
  N: 1000,
  snr: 0.16,
  nSteps: 1,
  denoise: true,
  probabilityFlow: false,
};

/**
 * The samplers of the code published with Song et al. (2021), with its conventions where they differ from the
 * paper:
 *
 * - Times are linspace(1, eps, N).
 * - At each time the corrector comes first. Then comes the predictor with dt = 1/N, whatever the spacing.
 * - Discrete tables are looked up at int(t(N − 1)).
 * - Langevin steps use norms averaged over the batch, and α_k = 1 − β_k (VP) or 1 (VE).
 * - The end is the mean of the last predictor step instead of Tweedie's formula.
 *
 * In one step the corrector draws `normal(0)` to `normal(nSteps − 1)`, and the predictor draws the next one.
 * A batch has to contain all samples, since it averages their norms.
 */
export function scoreSdeSampler(sde: Sde, options: ScoreSdeOptions = {}): ScoreSdeSampler {
  const settings = { ...defaults, eps: sde.name === 've' ? 1e-5 : 1e-3, ...options };
  const { N, corrector, nSteps, eps } = settings;
  const predictor = settings.predictor === 'ancestral' ? 'ancestral_sampling' : settings.predictor;
  requireCounts(N, nSteps, settings.snr, eps);
  const chain: Chain = { sde, levels: N, share: settings.probabilityFlow ? 0.5 : 1 };
  const predict = predictorOf(chain, predictor, corrector === 'none' ? 0 : nSteps);
  const correct = correctorOf(chain, corrector, settings.snr);
  requireChain(chain, predictor, corrector);
  const last = N === 1 ? sde.tMax : eps;
  const corrections = corrector === 'none' ? 0 : nSteps;
  const solver: Solver = {
    name: `score_sde:${predictor}+${corrector}`,
    order: 1,
    noise: 'fresh',
    evaluationsPerStep: corrections + (predictor === 'none' ? 0 : 1),
    refuses: other =>
      other.name === sde.name ? undefined : `the SDE this sampler was made for, ${sde.name}`,
    step(args) {
      let { x } = args;
      for (let k = 0; k < corrections; k++) x = correct({ ...args, x }, k);
      return { x: predict({ ...args, x }, settings.denoise && args.t === last) };
    },
  };
  return Object.freeze({
    solver: Object.freeze(solver),
    grid: () => publishedTimes(sde.tMax, eps, N),
    steps: N,
    denoise: false,
  });
}

/**
 * linspace(T, eps, N), and a last time below eps. The step at eps ends at that time, where nothing is
 * evaluated.
 */
function publishedTimes(from: number, eps: number, count: number): Float64Array {
  const step = (eps - from) / Math.max(1, count - 1);
  // Computed from both ends inwards, as torch does: the table index is an integer part, so the last bit can
  // change it.
  const at = (i: number) => (i < count / 2 ? from + step * i : eps - step * (count - 1 - i));
  return Float64Array.from({ length: count + 1 }, (_, i) => (i === count ? eps / 2 : at(i)));
}

function predictorOf(chain: Chain, name: string, draws: number) {
  if (name === 'none') return ({ x }: StepArguments): Tensor => x;
  if (!Object.hasOwn(predictors, name)) {
    throw unknownName('predictor of score_sde', name, [...Object.keys(predictors), 'none']);
  }
  const update = predictors[name as keyof typeof predictors];
  return ({ problem, x, t, path }: StepArguments, mean: boolean): Tensor => {
    const [keep, push, spread] = coefficients(time => {
      const { keep, push, spread } = update(chain, time);
      return [keep, push, spread];
    }, t);
    const center = combine([keep, x], [push, problem.score(x, t)]);
    return mean || chain.share !== 1 ? center : add(center, mul(path.normal(draws), spread));
  };
}

type Correct = (args: StepArguments, k: number) => Tensor;

function correctorOf(chain: Chain, name: string, snr: number): Correct {
  const langevin: Correct = ({ problem, x, t, path }, k) => {
    const score = problem.score(x, t);
    const noise = path.normal(k);
    const ratio = div(
      mean(normPerSample(noise), undefined, true),
      mean(normPerSample(score), undefined, true),
    );
    const [pull, kick] = coefficients(time => stepOf(alphaAt(chain, time), snr), t);
    return add(x, combine([mul(square(ratio), pull), score], [mul(ratio, kick), noise]));
  };
  const ald: Correct = ({ problem, x, t, path }, k) => {
    const [pull, kick] = coefficients(
      time => stepOf(alphaAt(chain, time), snr * chain.sde.marginal(time).std),
      t,
    );
    return add(x, combine([pull, problem.score(x, t)], [kick, path.normal(k)]));
  };
  const correctors: Readonly<Record<string, Correct>> = { langevin, ald, none: ({ x }) => x };
  const corrector = Object.hasOwn(correctors, name) ? correctors[name] : undefined;
  if (!corrector) throw unknownName('corrector of score_sde', name, Object.keys(correctors));
  return corrector;
}

/** ε and √(2ε) for ε = 2α·r² */
const stepOf = (alpha: number, r: number) => [2 * alpha * r * r, 2 * Math.sqrt(alpha) * r] as const;

function requireCounts(N: number, nSteps: number, snr: number, eps: number): void {
  const where = 'compat: score_sde';
  if (!Number.isInteger(N) || N < 1) throw usage('N has to be a whole number above 0', { where, got: N });
  if (!Number.isInteger(nSteps) || nSteps < 0) {
    throw usage('nSteps has to be a whole number, 0 or more', { where, got: nSteps });
  }
  if (!(snr > 0)) throw usage('snr has to be above 0', { where, got: snr });
  if (!(eps > 0 && eps < 1)) throw usage('eps has to lie between 0 and 1', { where, got: eps });
}
