import type { WeightedSamples } from '../../../guide/importance.ts';
import type { Evidence } from '../../../guide/smc/evidence.ts';
import type { Particles } from '../../../guide/smc/smc.ts';
import { IN_CLOSED_FORM } from './closed.ts';
import type { Certificate } from './options.ts';

/** What is said of samples that have no weights. */
const unweighted = (method: string, warnings: readonly string[]): Certificate => ({
  method,
  effectiveSampleSize: null,
  logEvidence: null,
  interval: null,
  populations: 0,
  warnings,
});

/** What a guided model says of its samples. */
export const guidedCertificate = (method: string): Certificate =>
  unweighted(method, [
    `${method} is approximate and weighs nothing; langevin calibrate tells how far it can be trusted`,
  ]);

/**
 * What is said of answers by the model itself, a network or a mixture, given values that lie far outside the
 * training rows.
 */
export const ownCertificate = (far: readonly string[], isMixture: boolean): Certificate =>
  unweighted(isMixture ? IN_CLOSED_FORM : 'the network, which was trained on such questions', guesses(far));

const guesses = (far: readonly string[]): string[] =>
  far.map(what => `${what}: no such rows were learned from, so the answer is a guess`);

/** What is said of answers in closed form. */
export const closedCertificate = (
  { logEvidence, interval }: Evidence,
  far: readonly string[] = [],
): Certificate => ({
  method: IN_CLOSED_FORM,
  effectiveSampleSize: null,
  logEvidence,
  interval,
  populations: 0,
  warnings: guesses(far),
});

/** How weighted samples were drawn. */
export interface Effort {
  readonly method: string;
  readonly populations: number;
  /** Particles of a population. Default 256. */
  readonly particles?: number | undefined;
  /** Steps of a population. Default 50. */
  readonly steps?: number | undefined;
}

const moreParticles = ({ particles = 256 }: Effort) =>
  `take more particles: --particles ${4 * particles} (particles: ${4 * particles})`;
const moreSteps = ({ steps = 50 }: Effort) => `take more steps: --steps ${2 * steps} (steps: ${2 * steps})`;

/** What weighted samples of a flow say of themselves. */
export function importanceCertificate(
  { effectiveSampleSize, evidence }: WeightedSamples,
  effort: Effort,
): Certificate {
  const { method, populations } = effort;
  const few = effectiveSampleSize < LEAST_SIZE;
  const warnings = ['no weight tells of a mode that the guided flow misses: smc is safer'];
  if (few)
    warnings.push(
      `only ${effectiveSampleSize.toFixed(1)} samples are effective, so there is no evidence: ${moreParticles(effort)}`,
    );
  return {
    method,
    effectiveSampleSize,
    logEvidence: few ? null : evidence.logEvidence,
    interval: few ? null : evidence.interval,
    populations,
    warnings,
  };
}

/** Nats by which populations may differ. */
const MOST_SCATTER = 1;
/** Effective particles below which there is no law to speak of. */
const LEAST_SIZE = 20;

/** What particles say of themselves. Where they collapsed they give no evidence. */
export function certificateOf(cloud: Particles, effort: Effort): Certificate {
  const { method, populations } = effort;
  const { effectiveSampleSize, evidence, origins, lowestShare } = cloud;
  const { populations: logs, logEvidence, interval, gridError } = evidence;
  const scatter = Math.max(...logs) - Math.min(...logs);
  const warnings: string[] = [];
  const collapsed = effectiveSampleSize < LEAST_SIZE || origins < LEAST_SIZE;
  if (collapsed)
    warnings.push(
      `the particles collapsed (${effectiveSampleSize.toFixed(1)} effective, from ${origins} origins), so there is no evidence: ${moreParticles(effort)}`,
    );
  if (scatter > MOST_SCATTER)
    warnings.push(`the populations differ by ${scatter.toFixed(1)} nats: ${moreParticles(effort)}`);
  if (lowestShare < 0.05)
    warnings.push(
      `a step left ${(100 * lowestShare).toFixed(1)} % of the particles effective: ${moreSteps(effort)}`,
    );
  if (gridError !== null && Math.abs(gridError) > MOST_SCATTER)
    warnings.push(`half the steps change the evidence by ${gridError.toFixed(1)} nats: ${moreSteps(effort)}`);
  return {
    method,
    effectiveSampleSize,
    logEvidence: collapsed ? null : logEvidence,
    interval: collapsed ? null : interval,
    populations,
    warnings,
  };
}
