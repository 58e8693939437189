import { measuredModel } from '../../../guide/guided.ts';
import { importance, type WeightedSamples } from '../../../guide/importance.ts';
import { drawParticles, smc } from '../../../guide/smc/smc.ts';
import type { Observation } from '../../../measure/observation.ts';
import { makeSolver } from '../../../registry/solvers.ts';
import { sample as modelSample, type SampleOptions } from '../../../solve/sample.ts';
import { sizeOf } from '../../../tensor/index.ts';
import { certificateOf, guidedCertificate, importanceCertificate } from './certificate.ts';
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
export function answer(observation: Observation, way: Way, options: AnswerOptions): Promise<Answer> {
  const by = { smc: byParticles, importance: byImportance, guided: byGuidance }[way.kind];
  return by(observation, way, options);
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
  return { data, evaluations, certificate: guidedCertificate(name) };
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
  const data = resampled(cloud, { count, seed, first, size: sizeOf(options.model.shape) });
  return {
    data,
    evaluations: cloud.evaluations,
    certificate: certificateOf(cloud, { method: name, populations, particles }),
  };
}

/** Equal draws of weighted samples, from number `first` of one sequence on. */
function resampled(
  { data, logWeights }: Pick<WeightedSamples, 'data' | 'logWeights'>,
  { count, seed, first, size }: { count: number; seed: number; first: number; size: number },
): Float32Array {
  const out = new Float32Array(count * size);
  drawParticles(logWeights, first + count, seed)
    .subarray(first)
    .forEach((place, i) => {
      out.set(data.subarray(place * size, (place + 1) * size), i * size);
    });
  return out;
}

/** The tolerance of flows whose densities are weights: an error of 1 % in a weight does not matter. */
const TOLERANCES = { rtol: 1e-3, atol: 1e-3 };

async function byImportance(
  observation: Observation,
  { guidance, name }: Way,
  options: AnswerOptions,
): Promise<Answer> {
  const { engine, sde, model, particles = 256, count, seed = 0, first = 0, signal, onProgress } = options;
  const populations = options.populations ?? Math.max(4, Math.ceil(count / particles));
  const cloud = await importance({
    engine,
    sde,
    model,
    observation,
    guidance,
    solver: makeSolver('rk45'),
    tolerances: options.tolerances ?? TOLERANCES,
    count: particles * populations,
    seed,
    ...(signal && { signal }),
    ...(onProgress && { onProgress }),
  });
  const data = resampled(cloud, { count, seed, first, size: sizeOf(model.shape) });
  return {
    data,
    evaluations: cloud.evaluations,
    certificate: importanceCertificate(cloud, { method: name, populations, particles }),
  };
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
