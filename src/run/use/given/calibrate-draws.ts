import type { Engine } from '../../../engine/contract.ts';
import type { Part } from '../../../measure/contract.ts';
import type { Observation } from '../../../measure/observation.ts';
import { makeGrid } from '../../../registry/grids.ts';
import { makeSolver } from '../../../registry/solvers.ts';
import type { Run } from '../../run.ts';
import { modelOf } from '../labels.ts';
import { answer } from './answer.ts';
import type { CalibrateOptions } from './calibrate-options.ts';
import { closedFormOf } from './closed.ts';
import { toAnswer } from './project.ts';
import type { Way } from './question.ts';

/** Particles for each truth: few, because there are many truths. */
const PARTICLES = 128;

/** One truth as a question. */
interface Question {
  readonly observation: Observation;
  readonly way: Way;
  /** The parts with what was measured of it. */
  readonly own: readonly Part[];
  readonly seed: number;
  readonly draws: number;
}

/** Answers to one question, `[draws, D]` in data units. */
export async function drawsOf(
  run: Run,
  engine: Engine,
  { observation, way, own, seed, draws }: Question,
  options: CalibrateOptions,
): Promise<Float64Array> {
  const { weight, interval, particles = PARTICLES, signal } = options;
  const closed = closedFormOf(modelOf(run, options), observation, options);
  if (closed) return toAnswer(run.config, closed.draw({ count: draws, seed }), own, true);
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
  return toAnswer(run.config, data, own, true);
}

function solvingOf(run: Run, engine: Engine, options: CalibrateOptions, way: Way) {
  const ownSolver = options.solver !== undefined;
  const steps = options.steps ?? (way.kind === 'smc' || ownSolver ? undefined : 30);
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
