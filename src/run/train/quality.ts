import type { Dataset } from '../../data/index.ts';
import type { Engine } from '../../engine/index.ts';
import { usage } from '../../errors.ts';
import { slicedWasserstein } from '../../quality/index.ts';
import { key } from '../../random/index.ts';
import { makeGrid } from '../../registry/grids.ts';
import { makeSolver } from '../../registry/solvers.ts';
import { sample } from '../../solve/sample.ts';
import { type PlainTensor, sizeOf } from '../../tensor/index.ts';
import type { QualityCurve } from '../folder/curves.ts';
import type { Run } from '../run.ts';
import { modelShape } from '../shape.ts';
import type { QualityOptions } from './options.ts';

/** The measurements of a run. They use none of the random numbers of training. */
export interface QualityWatch {
  readonly every: number;
  /** The curve so far. */
  curve(): QualityCurve;
  /** Draws samples from the current run and adds their distance to the curve. */
  measure(run: Run, step: number): Promise<void>;
}

/** Few evaluations, so that a measurement is cheap compared with the steps between two. */
const SOLVER = { solver: 'unipc', steps: 15, grid: 'log-snr' } as const;

/** Number of other sets of rows for the floor, if there are enough rows. */
const FLOOR_DRAWS = 4;

/** Samples of a measurement: at most half of the rows. */
function sampleCountOf(dataset: Dataset, count?: number): number {
  const usual = sizeOf(modelShape(dataset)) > 128 ? 256 : 1000;
  return Math.min(count ?? usual, Math.floor(dataset.count / 2));
}

/** @throws usage for impossible numbers */
export function requireQuality(
  dataset: Dataset,
  { qualityEvery: every, qualityCount }: QualityOptions,
): void {
  if (every === undefined) return;
  const count = sampleCountOf(dataset, qualityCount);
  if ([every, count].every(value => Number.isInteger(value) && value > 0)) return;
  throw usage('Impossible measures of quality', {
    got: `${qualityCount ?? count} samples every ${every} steps, of ${dataset.count} rows`,
    expected: 'whole numbers from 1, and two rows of data or more',
  });
}

/**
 * The measurements of a new or continued run; undefined if none are requested. The rows of the data are drawn
 * once from the seed, in model units. The floor is their mean distance to other sets of as many rows.
 */
export function qualityWatch(
  { qualityEvery: every, qualityCount }: QualityOptions,
  dataset: Dataset,
  seed: number,
  { engine, signal, earlier }: Place,
): QualityWatch | undefined {
  if (every === undefined) return undefined;
  const shape = modelShape(dataset);
  const size = sizeOf(shape);
  const count = sampleCountOf(dataset, qualityCount);
  const rows = (draw: number): PlainTensor => {
    const data = new Float32Array(count * size);
    dataset.batch(data, key(seed, 'quality'), draw, count);
    return { data, shape: [count, ...shape] };
  };
  const reference = rows(0);
  const others = Math.min(FLOOR_DRAWS, Math.floor(dataset.count / count) - 1);
  const distances = () =>
    Array.from({ length: others }, (_, i) => slicedWasserstein(reference, rows(i + 1), { seed }));
  const floor = earlier?.floor ?? distances().reduce((sum, distance) => sum + distance / others, 0);
  const points = [...(earlier?.points ?? [])];
  return {
    every,
    curve: () => ({ floor, points: [...points] }),
    async measure({ sde, model }, step) {
      const solver = makeSolver(SOLVER.solver);
      const samples = await sample({
        ...{ engine, sde, model, solver, count, seed, steps: SOLVER.steps, grid: makeGrid(SOLVER.grid) },
        ...(signal && { signal }),
      });
      points.push({ step, distance: slicedWasserstein(reference, samples, { seed }) });
    },
  };
}

interface Place {
  readonly engine: Engine;
  readonly signal: AbortSignal | undefined;
  /** The measurements before the run was stopped. */
  readonly earlier: QualityCurve | undefined;
}
