import { withTraits } from '../sde/traits.ts';
import type {
  ContinuousOptions,
  DiscreteOptions,
  MakeObjective,
  ObjectiveOptions,
  Weighting,
} from './contract.ts';
import { denoising } from './denoising.ts';
import { ddpm, smld } from './discrete.ts';
import { maximumLikelihood } from './maximum-likelihood.ts';
import { explicit, implicit, sliced } from './score-matching.ts';

export type {
  ChainDraws,
  ModelChains,
  Objective,
  ObjectiveOptions,
  TimeLawName,
  Weighting,
} from './contract.ts';
export { timeLaws, weightings } from './contract.ts';
export { ddpm, denoising, explicit, implicit, maximumLikelihood, sliced, smld };

type Names<O> = readonly (keyof O)[];

const continuous = [
  'weighting',
  'epsilon',
  'times',
  'logMean',
  'logStd',
  'sigma',
] as const satisfies Names<ContinuousOptions>;
const discrete = ['weighting', 'levels'] as const satisfies Names<DiscreteOptions>;

/** What the table declares about an objective. */
interface Row extends MakeObjective {
  /** Whether it is trained at all times, or at the N levels of a table. */
  readonly times: 'continuous' | 'discrete' | 'one level';
  /** Its default weighting. */
  readonly weighting: Weighting;
  /** What it needs, in words. */
  readonly needs: string;
  /** The names of the options that it reads. */
  readonly options: Names<ObjectiveOptions>;
}

/** One row for each objective: its factory, and what it declares. */
export const objectives = Object.freeze({
  /** Continuous denoising score matching. */
  denoising: withTraits(denoising, {
    times: 'continuous',
    weighting: 'simple',
    needs: 'nothing',
    options: continuous,
  }),
  /** L_simple over the steps of a β table. */
  ddpm: withTraits(ddpm, { times: 'discrete', weighting: 'noise', needs: 'nothing', options: discrete }),
  /** NCSN's loss over σ levels. */
  smld: withTraits(smld, {
    times: 'discrete',
    weighting: 'noise',
    needs: 'noise at t = 0, as ve has',
    options: discrete,
  }),
  /** Hyvärinen's loss along random directions. */
  sliced: withTraits(sliced, {
    times: 'continuous',
    weighting: 'noise',
    needs: 'second derivatives',
    options: [...continuous, 'probes', 'reduced'],
  }),
  /** Hyvärinen's loss with the exact trace. */
  implicit: withTraits(implicit, {
    times: 'continuous',
    weighting: 'noise',
    needs: 'second derivatives',
    options: continuous,
  }),
  /** Against the closed-form score of the data. */
  explicit: withTraits(explicit, {
    times: 'continuous',
    weighting: 'noise',
    needs: 'a mixture',
    options: [...continuous, 'exact'],
  }),
  /** Maximum likelihood of an energy, with draws of the model by Markov chains. */
  'maximum-likelihood': withTraits(maximumLikelihood, {
    times: 'one level',
    weighting: 'noise',
    needs: 'an energy and sigma',
    options: ['sigma', 'moves', 'step', 'range', 'leap', 'renew', 'regular', 'penalty', 'persistent'],
  }),
} as const satisfies Readonly<Record<string, Row>>);
