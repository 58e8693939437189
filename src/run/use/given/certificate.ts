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
}

/** Most particles of a population that are advised. */
const MOST_PARTICLES = 8192;

/**
 * The particles that are enough if the error falls as more of them: `factor` times as many. Where that are
 * too many, or they would not help, other advice.
 */
function moreParticles({ particles = 256 }: Effort, factor: number): string {
  const enough = 2 ** Math.ceil(Math.log2(Math.max(2, factor) * particles));
  if (enough <= MOST_PARTICLES) return `take more particles: --particles ${enough}`;
  return 'more particles would hardly help: give the values errors (a=1.5±0.1), ask for less at once, or take langevin sample --method mmps, whose error langevin calibrate tells';
}

const moreSteps = ({ steps }: Particles) => `take more steps: --steps ${2 * steps}`;

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
      `only ${effectiveSampleSize.toFixed(1)} samples are effective, so there is no evidence: ${moreParticles(effort, MARGIN * (LEAST_SIZE / effectiveSampleSize))}`,
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
/** Effective particles below which there is no law to speak of, and how many times as many are advised. */
const [LEAST_SIZE, MARGIN] = [20, 2];

/** Steps below which the change from halving them is no measure of their error. */
const LEAST_STEPS = 10;

/** What particles say of themselves. Where they collapsed they give no evidence. */
export function certificateOf(cloud: Particles, effort: Effort): Certificate {
  const { method, populations } = effort;
  const { effectiveSampleSize, evidence, origins, lowestShare } = cloud;
  const { populations: logs, logEvidence, interval, gridError } = evidence;
  const scatter = Math.max(...logs) - Math.min(...logs);
  const warnings: string[] = [];
  const collapsed = effectiveSampleSize < LEAST_SIZE || origins < LEAST_SIZE;
  const lacking = collapsed ? MARGIN * (LEAST_SIZE / Math.min(effectiveSampleSize, origins)) : 1;
  const advice = moreParticles(effort, Math.max(lacking, (scatter / MOST_SCATTER) ** 2));
  if (collapsed)
    warnings.push(
      `the particles collapsed (${effectiveSampleSize.toFixed(1)} effective, from ${origins} origins), so there is no evidence: ${advice}`,
    );
  if (scatter > MOST_SCATTER)
    warnings.push(`the populations differ by ${scatter.toFixed(1)} nats: ${advice}`);
  if (lowestShare < 0.05)
    warnings.push(
      `a step left ${(100 * lowestShare).toFixed(1)} % of the particles effective: ${moreSteps(cloud)}`,
    );
  if (gridError !== null && Math.abs(gridError) > MOST_SCATTER)
    warnings.push(`half the steps change the evidence by ${gridError.toFixed(1)} nats: ${moreSteps(cloud)}`);
  if (!collapsed && cloud.steps < LEAST_STEPS)
    warnings.push(
      `of ${cloud.steps} steps halving tells little: the evidence may lie beyond its interval: take more steps: --steps 50`,
    );
  return {
    method,
    effectiveSampleSize,
    logEvidence: collapsed ? null : logEvidence,
    interval: collapsed ? null : interval,
    populations,
    warnings,
  };
}
