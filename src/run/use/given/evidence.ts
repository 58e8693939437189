import { sharedEngine } from '../../../engine/shared.ts';
import { usage } from '../../../errors.ts';
import type { ClosedForm } from '../../../guide/closed/closed-form.ts';
import { smc } from '../../../guide/smc/smc.ts';
import type { GivenSpec } from '../../../measure/all.ts';
import { makeGrid } from '../../../registry/grids.ts';
import type { Run } from '../../run.ts';
import { modelOf } from '../labels.ts';
import type { UseOptions } from '../options.ts';
import { certificateOf, closedCertificate } from './certificate.ts';
import { closedFormOf } from './closed.ts';
import { observationOf, unitsOf } from './observed.ts';
import type { Certificate, EvidenceUnits, GivenOptions } from './options.ts';
import { partsForPercent } from './percent.ts';
import { partsOf, wayOf } from './question.ts';

/** How the evidence is estimated: particles, their populations and steps. */
export interface EvidenceOptions
  extends Omit<UseOptions, 'solver' | 'tolerance' | 'batch'>,
    Pick<GivenOptions, 'twist' | 'particles' | 'populations'> {
  /** What is known, as of `sample`. */
  readonly given: GivenSpec;
}

/** log p(y) of a run, and how far it is to be trusted. */
export interface EvidenceEstimate extends Omit<Certificate, 'kind' | 'per'>, EvidenceUnits {
  /** Estimates of the populations, in nats. */
  readonly estimates: readonly number[];
  /** What halving the steps changed, in nats. */
  readonly gridError: number | null;
  /** The mean effective size of the populations after each step, as a part of their particles. */
  readonly shares: Float64Array;
  /** Evaluations of the network on each particle. */
  readonly evaluations: number;
}

/**
 * log p(y) of what is given under the model: a log-density of values that were measured, in the units of the
 * data, or a log-probability of bounds, words and values on a grid; `kind` says which. By twisted particles
 * (`smc`), with 8 populations by default; the interval has their scatter and the change by halving the steps.
 * A run that is a mixture of Gaussians answers linear questions in closed form, unless an option is about
 * particles.
 * @throws usage for a question that cannot be read or contradicts itself; failure where no particle agrees
 */
export async function evidence(run: Run, options: EvidenceOptions): Promise<EvidenceEstimate> {
  const { given, populations = 8, particles, grid, ...rest } = options;
  const parts = await partsOf(run.config, given);
  const observation = observationOf(run.config, parts, {});
  const units = unitsOf(run.config, parts);
  const doubts = partsForPercent(run.config, parts);
  const closed = closedFormOf(modelOf(run, options), observation, options);
  if (closed) return withDoubts({ ...exactEstimate(closed), ...units }, doubts);
  const way = wayOf({ method: 'smc', ...(options.twist && { twist: options.twist }) }, observation);
  if (populations < 2)
    throw usage('One population tells nothing of its error', {
      where: 'populations',
      got: populations,
      expected: '2 or more',
    });
  const cloud = await smc({
    ...(rest.steps !== undefined && { steps: rest.steps }),
    ...(rest.seed !== undefined && { seed: rest.seed }),
    ...(rest.signal && { signal: rest.signal }),
    ...(rest.onProgress && { onProgress: rest.onProgress }),
    ...(particles !== undefined && { particles }),
    ...(grid !== undefined && { grid: makeGrid(grid) }),
    engine: await sharedEngine(options.engine),
    sde: run.sde,
    model: modelOf(run, options),
    observation,
    twist: way.guidance,
    populations,
  });
  const estimate = {
    ...certificateOf(cloud, { method: way.name, populations, particles }),
    ...units,
    estimates: cloud.evidence.populations,
    gridError: cloud.evidence.gridError,
    shares: cloud.shares,
    evaluations: cloud.evaluations,
  };
  return withDoubts(estimate, doubts);
}

/** The same, with remarks on the question first. */
const withDoubts = (estimate: EvidenceEstimate, doubts: readonly string[]): EvidenceEstimate => ({
  ...estimate,
  warnings: [...doubts, ...estimate.warnings],
});

function exactEstimate(closed: ClosedForm) {
  const evidence = closed.evidence();
  return {
    ...closedCertificate(evidence),
    estimates: evidence.populations,
    gridError: null,
    shares: new Float64Array(0),
    evaluations: 0,
  };
}
