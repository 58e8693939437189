import type { Dataset } from '../../../data/index.ts';
import type { Engine } from '../../../engine/index.ts';
import { memorisation } from '../../../quality/index.ts';
import type { Report } from '../../folder/report.ts';
import type { TrainedRun } from '../../run.ts';
import { logLikelihood } from '../../use/likelihood.ts';
import { placesIn } from '../../use/questions.ts';
import { sample } from '../../use/sample.ts';
import { baselineOf, type KeyedRows } from './baseline.ts';
import { correlationErrors, marginErrors } from './fidelity.ts';
import { remarksOn } from './remarks.ts';

/** Most rows of each part that are scored, and samples that are drawn. */
const [MOST_SCORED, SAMPLES] = [400, 1000];
/** Most training rows that samples are compared with. */
const MOST_COMPARED = 5000;
/** Relative and absolute tolerance of scores. */
const TOLERANCE = 1e-3;

/** The rows of a report, and where it is computed. */
export interface ReportParts {
  /** The rows that were learned. */
  readonly training: Dataset;
  /** Rows of the same table that were not. */
  readonly heldOut: Dataset;
  readonly part: 'test' | 'validation';
  readonly engine: Engine;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Scores a trained run on rows of its table, beside a Gaussian and a small mixture, and compares its samples.
 */
export async function reportOf(run: TrainedRun, parts: ReportParts): Promise<Report> {
  const { training, heldOut, part, engine, signal } = parts;
  const { config } = run;
  const { seed } = config;
  const width = training.transform.width;
  const score = ({ values, numbers }: KeyedRows) =>
    logLikelihood(
      run,
      { data: values, shape: [numbers.length, ...config.data.shape] },
      { engine, seed, rowNumbers: numbers, tolerance: TOLERANCE, ...(signal && { signal }) },
    );
  const [fresh, learned] = [evenly(heldOut, MOST_SCORED), evenly(training, MOST_SCORED)];
  const [freshScores, learnedScores] = [await score(fresh), await score(learned)];
  const all = evenly(training, Number.POSITIVE_INFINITY);
  const baseline = baselineOf(training.transform, all, seed);
  const known = placesIn(config)(config.data.condition ?? []);
  const gaussian = baseline.gaussian(fresh, known);
  const complete = !fresh.values.some(Number.isNaN) && known.length === 0;
  const gain = meanAndError(freshScores.logProbability.map((value, i) => value - gaussian[i]!));
  const numbers = {
    heldOut: {
      ...{ part, rows: fresh.numbers.length, nats: freshScores.mean },
      standardError: freshScores.standardError,
    },
    training: { rows: learned.numbers.length, nats: learnedScores.mean },
    gaussian: {
      ...{ nats: meanAndError(gaussian).mean, gain: gain.mean, gainError: gain.error, full: baseline.full },
    },
    mixture:
      baseline.mixture && complete
        ? {
            nats: meanAndError(baseline.mixture.nats(fresh)).mean,
            components: baseline.mixture.components,
          }
        : null,
    ...(known.length > 0 ? noSamples : await samplesOf(run, parts, width)),
  };
  return { ...numbers, remarks: remarksOn(numbers) };
}

const noSamples = { memorisation: null, margins: null, correlations: null } as const;

/** Compares samples of the run with its rows. */
async function samplesOf(run: TrainedRun, { training, heldOut, engine, signal }: ReportParts, width: number) {
  const { config } = run;
  const drawn = await sample(run, { count: SAMPLES, seed: config.seed, engine, ...(signal && { signal }) });
  const sets = {
    training: evenly(training, MOST_COMPARED).values,
    heldOut: evenly(heldOut, MOST_COMPARED).values,
    samples: Float64Array.from(drawn.data),
  };
  const names = config.data.columns ?? Array.from({ length: width }, (_, c) => `x${c + 1}`);
  const categories = names.map((_, c) => {
    const { transform } = training;
    return transform.kind === 'table' && transform.cells[c]!.kind === 'category';
  });
  return {
    memorisation: memorised(sets, categories),
    margins: marginErrors(sets, { names, categories }),
    correlations: correlationErrors(sets, { names, categories }),
  };
}

/**
 * In standard deviations of each column; categories that differ are √2 apart. Rows with missing cells are
 * left out.
 */
function memorised(
  { training, heldOut, samples }: { training: Float64Array; heldOut: Float64Array; samples: Float64Array },
  categories: readonly boolean[],
): Report['memorisation'] {
  const width = categories.length;
  const scales = categories.map((_, c) => {
    const column = training.filter((value, i) => i % width === c && !Number.isNaN(value));
    const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
    return Math.sqrt(column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / column.length) || 1;
  });
  const kinds = categories.map((isCategory, c) =>
    isCategory ? [...new Set(training.filter((_, i) => i % width === c))] : undefined,
  );
  const pointsOf = (values: Float64Array) => {
    const rows: number[][] = [];
    for (let at = 0; at < values.length; at += width) {
      const row = values.subarray(at, at + width);
      if (row.some(Number.isNaN)) continue;
      rows.push(
        [...row].flatMap((value, c) => kinds[c]?.map(k => (k === value ? 1 : 0)) ?? [value / scales[c]!]),
      );
    }
    return { data: Float64Array.from(rows.flat()), shape: [rows.length, rows[0]?.length ?? 0] };
  };
  const [known, fresh, drawn] = [pointsOf(training), pointsOf(heldOut), pointsOf(samples)];
  if ([known, fresh, drawn].some(({ shape }) => shape[0]! < 2)) return null;
  return memorisation(known, fresh, drawn);
}

/** At most `most` rows, evenly spread. */
function evenly(dataset: Dataset, most: number): KeyedRows {
  const { data, shape } = dataset.all!();
  const width = data.length / shape[0]!;
  const count = Math.min(most, shape[0]!);
  const places = Uint32Array.from({ length: count }, (_, i) => Math.floor((i * shape[0]!) / count));
  const values = new Float64Array(count * width);
  places.forEach((row, i) => {
    values.set(data.subarray(row * width, (row + 1) * width), i * width);
  });
  return { values, numbers: places.map(place => dataset.rows?.[place] ?? place) };
}

function meanAndError(values: Float64Array): { mean: number; error: number | null } {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
  return { mean, error: count > 1 ? Math.sqrt(variance / count) : null };
}
