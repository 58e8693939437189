import type { Engine } from '../../../engine/contract.ts';
import { sharedEngine } from '../../../engine/shared.ts';
import { usage } from '../../../errors.ts';
import { type Calibration, calibrationOf, placeOf } from '../../../guide/calibration.ts';
import type { GivenSpec } from '../../../measure/all.ts';
import type { Part } from '../../../measure/contract.ts';
import type { Observation } from '../../../measure/observation.ts';
import { exactRows } from '../../../measure/observe.ts';
import { fillUniform, key } from '../../../random/index.ts';
import { makeGrid } from '../../../registry/grids.ts';
import { makeSolver } from '../../../registry/solvers.ts';
import { sample } from '../../../solve/sample.ts';
import { type DataTensor, type HostTensor, sizeOf } from '../../../tensor/index.ts';
import type { Run } from '../../run.ts';
import { modelOf } from '../labels.ts';
import type { UseOptions } from '../options.ts';
import { columnNames } from '../questions.ts';
import { requireWidth, toData } from '../units.ts';
import { answer } from './answer.ts';
import type { GivenOptions } from './options.ts';
import { project } from './project.ts';
import { derivedQuantities, type Quantity } from './quantities.ts';
import { observationOf, partsOf, type Way, wayOf } from './question.ts';
import { measureTruths, readings } from './truths.ts';

/** How answers are checked. */
export interface CalibrateOptions
  extends Omit<UseOptions, 'tolerance' | 'batch'>,
    Omit<GivenOptions, 'given' | 'populations'> {
  /**
   * A question like those to be asked, such as `'a=?±0.1, b=?'`. Its values are not used: each truth has its
   * own.
   */
  readonly given: GivenSpec;
  /** Number of truths x*. Default 200. */
  readonly truths?: number;
  /** Draws for each truth. Default 31. */
  readonly draws?: number;
  /** Truths in place of samples of the model: rows [N, ...D], best those kept from training. */
  readonly data?: HostTensor;
  /** Receives how many truths are done. */
  readonly onTruth?: (done: number, truths: number) => void;
}

/** The calibration of a run, and what was calibrated. */
export interface RunCalibration extends Calibration {
  /** What answered, in words. */
  readonly method: string;
  /** Whether the truths were samples of the model, or rows of data. */
  readonly from: 'model' | 'data';
  /** What a reader of the result has to know: whether there were too few truths to tell much. */
  readonly warnings: readonly string[];
}

/** Numbers that are ranked, of wide samples. */
const MOST_RANKED = 16;

/**
 * Is the answer to questions like this one right? Truths x* are drawn from the model (or are rows of data),
 * each is measured, the question is asked of the measurement, and x* is ranked among the answers, in every
 * column (or in 16 of them), and in numbers of the whole row: measured sums, log p(y | x), and the distance
 * from the middle of the answers. Ranks of right answers are uniform (Talts et al. 2018; Modrák et al.
 * 2023). With truths from the
 * model this judges the method alone; with rows that were kept from training it judges the model too.
 * @throws usage for a question that cannot be read, and for likelihoods, which cannot be drawn from
 */
export async function calibrate(run: Run, options: CalibrateOptions): Promise<RunCalibration> {
  const { truths: count = 200, draws = 31, seed = 0 } = options;
  requireNumbers({ truths: count, draws });
  const engine = await sharedEngine(options.engine);
  const parts = await partsOf(run.config, options.given, { pattern: true });
  const source = await truthsOf(run, engine, options, count, parts);
  const questions = measureTruths(parts, await readings(engine, parts, source), count, seed);
  const size = sizeOf(run.config.data.shape);
  const quantities = [...columnQuantities(run, size), ...derivedQuantities(parts, size)];
  const places = quantities.map(() => new Float64Array(questions.length));
  const uniform = new Float64Array(questions.length * quantities.length);
  fillUniform(uniform, key(seed, 'ties'), { step: 0, first: 0, size: uniform.length });
  const first = observationOf(run.config, questions[0]!.parts);
  const way = wayOf(options, first);
  for (const [i, { index, parts: own }] of questions.entries()) {
    options.signal?.throwIfAborted();
    const observation = sharing(observationOf(run.config, own), first);
    const x = await drawsOf(run, engine, { observation, way, own, seed: seed + 1 + i, draws }, options);
    const truth = Float64Array.from(source.data.subarray(index * size, (index + 1) * size));
    const rows = [truth, ...Array.from({ length: draws }, (_, j) => x.subarray(j * size, (j + 1) * size))];
    quantities.forEach((quantity, k) => {
      const [value, ...others] = quantity.of(rows, own);
      places[k]![i] = placeOf(value!, others, uniform[i * quantities.length + k]!);
    });
    options.onTruth?.(i + 1, questions.length);
  }
  const rows = quantities.map(({ name, derived }, k) => ({
    name,
    values: places[k]!,
    ...(derived && { derived }),
  }));
  const from = options.data ? 'data' : 'model';
  return { ...calibrationOf(rows, draws), method: way.name, from, warnings: fewTruths(questions.length) };
}

function requireNumbers({ truths, draws }: { readonly truths: number; readonly draws: number }): void {
  for (const [name, value, least] of [
    ['truths', truths, 10],
    ['draws', draws, 1],
  ] as const)
    if (!(Number.isInteger(value) && value >= least))
      throw usage(`The number of ${name} cannot be`, {
        where: name,
        got: value,
        expected: `${least} or more`,
      });
}

/** Truths below which only gross faults show. */
const FEW = 100;

/** A warning of too few truths, with the error of a share of one half. */
function fewTruths(count: number): string[] {
  if (count >= FEW) return [];
  const error = (100 * 1.96 * 0.5) / Math.sqrt(count);
  return [
    `${count} truths can tell little: a share of 50 % has an error of ± ${error.toFixed(0)} %; take more: --truths 200 (truths: 200)`,
  ];
}

/** Particles for each truth: few, because there are many truths. */
const PARTICLES = 128;

async function drawsOf(
  run: Run,
  engine: Engine,
  {
    observation,
    way,
    own,
    seed,
    draws,
  }: {
    readonly observation: Observation;
    readonly way: Way;
    readonly own: readonly Part[];
    readonly seed: number;
    readonly draws: number;
  },
  options: CalibrateOptions,
): Promise<Float64Array> {
  const { weight, interval, particles = PARTICLES, signal } = options;
  const { data } = await answer(observation, way, {
    ...solvingOf(run, engine, options, way),
    ...(weight !== undefined && { weight }),
    ...(interval && { interval }),
    ...(signal && { signal }),
    particles,
    populations: 1,
    halved: false,
    count: draws,
    seed,
  });
  return project(toData(run.config, data, true), exactRows(own), sizeOf(run.config.data.shape));
}

function solvingOf(run: Run, engine: Engine, options: CalibrateOptions, way: Way) {
  const ownSolver = options.solver !== undefined;
  const steps = options.steps ?? (way.kind === 'smc' ? 50 : ownSolver ? undefined : 30);
  const grid = options.grid ?? (ownSolver ? undefined : 'log-snr');
  return {
    engine,
    sde: run.sde,
    model: modelOf(run, options),
    solver: makeSolver(options.solver ?? (way.guidance.around ? 'ancestral' : 'unipc')),
    ...(steps !== undefined && { steps }),
    ...(grid !== undefined && { grid: makeGrid(grid) }),
  };
}

/** Truths for each one that bounds may reject. */
const SPARE = 8;

/** Rows of data, or samples of the model drawn with a seed of their own. */
async function truthsOf(
  run: Run,
  engine: Engine,
  options: CalibrateOptions,
  count: number,
  parts: readonly Part[],
): Promise<DataTensor> {
  if (options.data) {
    requireWidth(run.config, options.data);
    return { data: Float64Array.from(options.data.data), shape: options.data.shape };
  }
  const bounded = parts.some(
    part => (part.kind === 'word' && !part.open) || ('law' in part && part.law.kind === 'between'),
  );
  const samples = await sample({
    engine,
    sde: run.sde,
    model: modelOf(run, options),
    solver: makeSolver('unipc'),
    steps: 50,
    grid: makeGrid('log-snr'),
    count: bounded ? SPARE * count : count,
    seed: (options.seed ?? 0) + 2 ** 32,
    ...(options.signal && { signal: options.signal }),
  });
  const shape = [samples.shape[0]!, ...run.config.data.shape];
  return { data: toData(run.config, samples.data, true), shape };
}

/** The columns, or values of wide samples. */
function columnQuantities({ config: { data } }: Run, size: number): Quantity[] {
  const names = data.shape.length === 1 || data.columns ? columnNames(size, data.columns) : [];
  return rankedPlaces(size).map(d => ({
    name: names[d] ?? `value ${d}`,
    of: rows => Float64Array.from(rows.map(row => row[d]!)),
  }));
}

/** All places of narrow samples, else some of them, evenly spread. */
const rankedPlaces = (size: number): number[] =>
  Array.from({ length: Math.min(size, MOST_RANKED) }, (_, k) =>
    size <= MOST_RANKED ? k : Math.floor(((k + 0.5) * size) / MOST_RANKED),
  );

/** The observation with the very weights of another, if they are equal: programs are known by them. */
function sharing(observation: Observation, other: Observation): Observation {
  const equal =
    observation.weights.length === other.weights.length &&
    observation.weights.every(({ data }, i) => {
      const known = other.weights[i]!.data;
      return data.length === known.length && data.every((value, k) => value === known[k]);
    });
  return equal ? { ...observation, weights: other.weights } : observation;
}
