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
import { type Kernel, twistedKernel } from './kernel.ts';
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
  const { sde, model, observation, twist, particles = 256, populations = 4 } = options;
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
  const work = populations * (halved ? steps + Math.ceil(steps / 2) : steps);
  const progress = { steps: 0 };
  const tell = (more: number) => {
    progress.steps += more;
    const fraction = progress.steps / work;
    const count = populations * particles;
    const evaluations = Math.round((fraction * work * each) / populations);
    options.onProgress?.({ done: Math.floor(fraction * count), count, fraction, evaluations });
  };
  const counts = { particles, populations, seed: options.seed ?? 0, tell };
  const full = await runsOf(options, { kernel, steps, ...counts });
  const half = halved ? await runsOf(options, { kernel, steps: Math.ceil(steps / 2), ...counts }) : undefined;
  return { ...join(full, observation, half), steps, evaluations: (steps + 1) * each };
}

/** What one run of all populations takes besides the question. */
interface Run {
  readonly kernel: Kernel;
  readonly particles: number;
  readonly populations: number;
  readonly steps: number;
  readonly seed: number;
  /** Called with the steps done since the last call, summed over populations. */
  readonly tell: (more: number) => void;
}

/** All populations on one grid. */
async function runsOf(options: SmcOptions, given: Run): Promise<Population[]> {
  const { engine, sde, model } = options;
  const { kernel, particles, populations, steps, seed, tell } = given;
  const times = timesOf(sde, options.grid ?? logSnrUniform(), steps, sde.tMax, sde.tMin);
  const { together, jobs, lanes } = sharesOfPopulations(options, given);
  const runner = populationRunner({ engine, sde, model, kernel, times, particles, together, seed });
  const results: Population[] = [];
  try {
    await deal(jobs, lanes, options.signal, async (job, lane, stop) => {
      const first = job * together;
      const count = Math.min(together, populations - first);
      const run = runner.run(first, count, lane, stop);
      let [turn, reached] = [await run.next(), 0];
      for (; !turn.done; turn = await run.next()) {
        tell(count * (turn.value - reached));
        reached = turn.value;
      }
      stop.throwIfAborted();
      turn.value.forEach((population, p) => {
        results[first + p] = population;
      });
    });
  } finally {
    await runner.dispose();
  }
  return results;
}

/** How many populations run together in one call: as many as samples would be. The last call is padded. */
function sharesOfPopulations({ engine, model }: SmcOptions, given: Run) {
  const { kernel, particles, populations, steps } = given;
  const count = populations * particles;
  const task = { engine, model, count, size: sizeOf(model.shape), evaluations: steps * kernel.evaluations };
  const most = Math.max(1, Math.floor(sharesFor(task, undefined).rows / particles));
  const jobs = Math.ceil(populations / most);
  const together = Math.ceil(populations / jobs);
  const { lanes } = sharesFor(task, together * particles);
  return { together, jobs: Math.ceil(populations / together), lanes };
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
