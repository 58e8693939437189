import type { Engine } from '../../engine/contract.ts';
import { usage } from '../../errors.ts';
import { logSumExp } from '../../math/log-sum.ts';
import type { Observation } from '../../measure/observation.ts';
import { fillUniform, key } from '../../random/index.ts';
import type { ScoreModel } from '../../score/contract.ts';
import type { Sde } from '../../sde/contract.ts';
import { type BatchOptions, sharesFor } from '../../solve/batches.ts';
import type { Grid } from '../../solve/contract.ts';
import { logSnrUniform, timesOf } from '../../solve/grids.ts';
import { deal } from '../../solve/lanes.ts';
import { sizeOf } from '../../tensor/index.ts';
import type { Guidance } from '../contract.ts';
import { type Evidence, evidenceOf } from './evidence.ts';
import { twistedKernel } from './kernel.ts';
import { type Population, populationRunner } from './population.ts';
import { effectiveSize, systematic } from './weights.ts';

/** How populations of particles are run to answer a question. */
export interface SmcOptions extends Pick<BatchOptions, 'signal' | 'onProgress'> {
  /** Where the program runs. */
  readonly engine: Engine;
  /** The forward SDE. */
  readonly sde: Sde;
  /** The model of p(x). */
  readonly model: ScoreModel;
  /** What is known of x. */
  readonly observation: Observation;
  /** The method whose p̃ weighs the particles. */
  readonly twist: Guidance;
  /** K, the particles of a population. Default 256. */
  readonly particles?: number;
  /** Independent populations. The interval comes from their scatter. Default 4. */
  readonly populations?: number;
  /**
   * Steps of the grid. Default 50 where the kernel has the exact second moment (few dimensions, or many
   * measurements), else 100.
   */
  readonly steps?: number;
  /** The time grid; default uniform in log-SNR. */
  readonly grid?: Grid;
  /** Seed of all random draws, a whole number from 0 to 2⁵³ − 1. Default 0. */
  readonly seed?: number;
  /** Whether to run with half the steps too, for the error of the grid in the evidence. Default true. */
  readonly halved?: boolean;
}

/** Weighted particles of several populations, and their estimate of p(y). */
export interface Particles {
  /** E[x₀ | x_t, y] at the last time, [P·K, ...D] in model units. */
  readonly data: Float32Array;
  /** Normalised log-weights over all populations, [P·K]. */
  readonly logWeights: Float64Array;
  /** log p(y) with its errors. */
  readonly evidence: Evidence;
  /** (Σw)²/Σw² over all particles at the end. */
  readonly effectiveSampleSize: number;
  /** The least effective size of a population on the way, as a part of K. */
  readonly lowestShare: number;
  /** Particles of x_T from which those at the end descend, over all populations. */
  readonly origins: number;
  /** Effective size after each step, the mean over populations, as a part of K. */
  readonly shares: Float64Array;
  /** Steps of the grid. */
  readonly steps: number;
  /** Evaluations of the network on each particle. */
  readonly evaluations: number;
}

/**
 * Twisted sequential Monte Carlo (Wu et al. 2023): particles follow the guided ancestral kernel. Their
 * weights make them draws of p(x | y) for any error of the guidance. They are resampled systematically when
 * fewer than K/2 are effective. The mean weights multiply to an unbiased estimate of p(y) under the prior of
 * the grid.
 * @throws usage for impossible numbers; failure if no particle agrees with the measurement
 */
export async function smc(options: SmcOptions): Promise<Particles> {
  const { engine, sde, model, observation, twist, particles = 256, populations = 4 } = options;
  const kernel = twistedKernel(sde, model, observation, twist);
  const { steps = kernel.steps } = options;
  for (const [name, value, least] of [
    ['particles', particles, 2],
    ['populations', populations, 1],
    ['steps', steps, 2],
  ] as const)
    if (!(Number.isInteger(value) && value >= least))
      throw usage(`The number of ${name} is out of range`, {
        where: name,
        got: value,
        expected: `${least} or more`,
      });
  const each = kernel.evaluations;
  const halved = options.halved ?? true;
  const work = halved ? steps + Math.ceil(steps / 2) : steps;
  const progress = { steps: 0 };
  const runs = async (count: number, seed: number): Promise<Population[]> => {
    const times = timesOf(sde, options.grid ?? logSnrUniform(), count, sde.tMax, sde.tMin);
    const runner = populationRunner({ engine, sde, model, kernel, times, particles, seed });
    const shared = { engine, model, count: populations * particles, size: sizeOf(model.shape) };
    const { lanes } = sharesFor({ ...shared, evaluations: count * each }, particles);
    const results = new Array<Population>(populations);
    try {
      await deal(populations, lanes, options.signal, async (index, lane, stop) => {
        results[index] = await runner.run(index, lane, stop);
        progress.steps += count;
        const fraction = progress.steps / (work * populations);
        const done = Math.floor(fraction * populations * particles);
        options.onProgress?.({
          done,
          count: populations * particles,
          fraction,
          evaluations: Math.round(fraction * work * each),
        });
      });
    } finally {
      await runner.dispose();
    }
    return results;
  };
  const full = await runs(steps, options.seed ?? 0);
  const half = halved ? await runs(Math.ceil(steps / 2), options.seed ?? 0) : undefined;
  return { ...join(full, observation, half), steps, evaluations: (steps + 1) * each };
}

function join(full: readonly Population[], observation: Observation, half?: readonly Population[]) {
  const size = full[0]!.data.length;
  const particles = full[0]!.logWeights.length;
  const data = new Float32Array(full.length * size);
  const logWeights = new Float64Array(full.length * particles);
  full.forEach((population, p) => {
    data.set(population.data, p * size);
    const own = logSumExp(population.logWeights);
    population.logWeights.forEach((weight, k) => {
      logWeights[p * particles + k] = population.logEvidence + weight - own;
    });
  });
  const total = logSumExp(logWeights);
  const least = (sizes: Float64Array) => sizes.reduce((low, size) => Math.min(low, size), particles);
  return {
    data,
    logWeights: logWeights.map(weight => weight - total),
    evidence: evidenceOf(
      full.map(({ logEvidence }) => logEvidence + observation.logScale),
      half?.map(({ logEvidence }) => logEvidence + observation.logScale),
    ),
    effectiveSampleSize: effectiveSize(logWeights),
    lowestShare: Math.min(...full.map(({ sizes }) => least(sizes))) / particles,
    origins: full.reduce((sum, { origins }) => sum + origins, 0),
    shares: full[0]!.sizes.map(
      (_, i) => full.reduce((sum, { sizes }) => sum + sizes[i]!, 0) / (full.length * particles),
    ),
  };
}

/**
 * `count` draws of weighted particles, by systematic resampling of all of them and in an order that the seed
 * decides: places [count].
 */
export function drawParticles(logWeights: Float64Array, count: number, seed: number): Uint32Array {
  const u = new Float64Array(1 + count);
  fillUniform(u, key(seed, 'draw'), { step: 0, first: 0, size: u.length });
  const places = systematic(logWeights, count, u[0]!);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(u[1 + i]! * (i + 1));
    [places[i], places[j]] = [places[j]!, places[i]!];
  }
  return places;
}
