import { measuredModel } from '../../../guide/guided.ts';
import { drawParticles, type Particles, smc } from '../../../guide/smc/smc.ts';
import type { Observation } from '../../../measure/observation.ts';
import { sample as modelSample, type SampleOptions } from '../../../solve/sample.ts';
import { sizeOf } from '../../../tensor/index.ts';
import type { Certificate, GivenOptions } from './options.ts';
import type { Way } from './question.ts';

/** Samples in model units with their certificate. */
export interface Answer {
  /** [count, D] in model units. */
  readonly data: Float32Array;
  /** Evaluations of the network on each sample. */
  readonly evaluations: number;
  /** How far they are to be trusted. */
  readonly certificate: Certificate;
}

/** The options of a solve, of the question, and whether particles also run with half the steps. */
export type AnswerOptions = SampleOptions & GivenOptions & { readonly halved?: boolean };

/** The samples of a model that is told what was observed. */
export async function answer(observation: Observation, way: Way, options: AnswerOptions): Promise<Answer> {
  return way.particles ? byParticles(observation, way, options) : byGuidance(observation, way, options);
}

async function byGuidance(
  observation: Observation,
  { guidance, name }: Way,
  { weight, interval, ...options }: SampleOptions & GivenOptions,
): Promise<Answer> {
  const strength = { ...(weight !== undefined && { weight }), ...(interval && { interval }) };
  const model = measuredModel(options.sde, options.model, observation, guidance, strength);
  const solver = guidance.around?.(options.solver, observation) ?? options.solver;
  const { data, evaluations } = await modelSample({ ...options, model, solver });
  const certificate = {
    method: name,
    effectiveSampleSize: null,
    logEvidence: null,
    interval: null,
    populations: 0,
    warnings: [
      `${name} is approximate and weighs nothing; langevin calibrate tells how far it can be trusted`,
    ],
  };
  return { data, evaluations, certificate };
}

async function byParticles(
  observation: Observation,
  { guidance, name }: Way,
  options: AnswerOptions,
): Promise<Answer> {
  const { particles = 256, count, seed = 0, first = 0 } = options;
  const populations = options.populations ?? Math.max(4, Math.ceil(count / particles));
  const cloud = await smc({
    ...particleOptions(options),
    observation,
    twist: guidance,
    particles,
    populations,
  });
  const size = sizeOf(options.model.shape);
  const data = new Float32Array(count * size);
  // Draws from `first` on: the later ones of one sequence.
  drawParticles(cloud.logWeights, first + count, seed)
    .subarray(first)
    .forEach((place, i) => {
      data.set(cloud.data.subarray(place * size, (place + 1) * size), i * size);
    });
  return { data, evaluations: cloud.evaluations, certificate: certificateOf(cloud, name, populations) };
}

/** The options of a solve that particles heed. */
export const particleOptions = ({
  engine,
  sde,
  model,
  steps,
  grid,
  seed,
  signal,
  onProgress,
}: SampleOptions) => ({
  engine,
  sde,
  model,
  ...(steps !== undefined && { steps }),
  ...(grid && { grid }),
  ...(seed !== undefined && { seed }),
  ...(signal && { signal }),
  ...(onProgress && { onProgress }),
});

/** Nats by which populations may differ. */
const MOST_SCATTER = 1;
/** Effective particles below which there is no law to speak of. */
const LEAST_SIZE = 20;

/** What particles say of themselves. Where they collapsed they give no evidence. */
export function certificateOf(cloud: Particles, method: string, populations: number): Certificate {
  const { effectiveSampleSize, evidence, origins, lowestShare } = cloud;
  const { populations: logs, logEvidence, interval, gridError } = evidence;
  const scatter = Math.max(...logs) - Math.min(...logs);
  const warnings: string[] = [];
  const collapsed = effectiveSampleSize < LEAST_SIZE || origins < LEAST_SIZE;
  if (collapsed)
    warnings.push(
      `the particles collapsed (${effectiveSampleSize.toFixed(1)} effective, from ${origins} origins), so there is no evidence: take more particles`,
    );
  if (scatter > MOST_SCATTER)
    warnings.push(`the populations differ by ${scatter.toFixed(1)} nats: take more particles`);
  if (lowestShare < 0.05)
    warnings.push(
      `a step left ${(100 * lowestShare).toFixed(1)} % of the particles effective: take more steps`,
    );
  if (gridError !== null && Math.abs(gridError) > MOST_SCATTER)
    warnings.push(`half the steps change the evidence by ${gridError.toFixed(1)} nats: take more steps`);
  return {
    method,
    effectiveSampleSize,
    logEvidence: collapsed ? null : logEvidence,
    interval: collapsed ? null : interval,
    populations,
    warnings,
  };
}
