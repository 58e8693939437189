import type { Dataset } from '../../../data/index.ts';
import type { Engine } from '../../../engine/index.ts';
import { meanAndError, meanOf } from '../../../math/mean.ts';
import type { Report } from '../../folder/report.ts';
import type { TrainedRun } from '../../run.ts';
import { componentsOf } from '../../shape.ts';
import { isMixture } from '../../use/given/asked-laws.ts';
import { logLikelihood } from '../../use/likelihood.ts';
import { columnNames, placesIn } from '../../use/questions.ts';
import { sample } from '../../use/sample.ts';
import { baselineOf } from './baseline.ts';
import { correlationErrors, marginErrors } from './fidelity.ts';
import { memorised } from './memorised.ts';
import { outsideOf } from './outside.ts';
import { remarksOn } from './remarks.ts';
import { evenly, joined, type KeyedRows, rowsOf } from './rows.ts';

/** Most held-out rows and training rows that are scored, and samples that are drawn. */
const [MOST_SCORED, MOST_LEARNED, SAMPLES] = [400, 60, 1000];
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
  const { training, heldOut, part } = parts;
  const { config } = run;
  const { seed } = config;
  const rows = { training: rowsOf(training), heldOut: rowsOf(heldOut) };
  const fresh = evenly(rows.heldOut, MOST_SCORED);
  const learned = evenly(rows.training, MOST_LEARNED);
  const scores = await scoresOf(run, { fresh, learned }, parts);
  const baseline = baselineOf(training.transform, rows.training, seed, isMixture(run.model));
  const known = placesIn(config)(config.data.condition ?? []);
  const isScored = (_: number, i: number) => !Number.isNaN(scores.fresh[i]);
  const gaussian = baseline.gaussian(fresh, known);
  const complete = !fresh.values.some(Number.isNaN) && known.length === 0;
  const gains = scores.fresh.map((value, i) => value - gaussian[i]!).filter(isScored);
  const gain = meanAndError(gains);
  const { mean, standardError } = meanAndError(scores.fresh.filter(isScored));
  const numbers = {
    heldOut: { part, rows: fresh.numbers.length, nats: mean, standardError },
    training: {
      rows: learned.numbers.length,
      nats: meanOf(scores.learned.filter(value => !Number.isNaN(value))),
    },
    gaussian: {
      ...{
        nats: meanOf(gaussian.filter(isScored)),
        gain: gain.mean,
        gainError: gain.standardError,
        full: baseline.full,
      },
    },
    mixture:
      baseline.mixture && complete
        ? {
            nats: meanOf(baseline.mixture.nats(fresh).filter(isScored)),
            components: baseline.mixture.components,
          }
        : null,
    ...(known.length > 0 ? noSamples : await samplesOf(run, parts, rows)),
  };
  const kept = componentsOf(config) > 1 ? 'mixture' : 'network';
  return { ...numbers, remarks: remarksOn(numbers, config.data, kept) };
}

/** log p of each row of two parts, in one call, so that they share the work between lanes. */
async function scoresOf(
  run: TrainedRun,
  { fresh, learned }: { readonly fresh: KeyedRows; readonly learned: KeyedRows },
  { engine, signal }: ReportParts,
) {
  const { values, numbers } = joined(fresh, learned);
  const { logProbability } = await logLikelihood(
    run,
    { data: values, shape: [numbers.length, ...run.config.data.shape] },
    {
      ...{ engine, seed: run.config.seed, rowNumbers: numbers, tolerance: TOLERANCE },
      ...(signal && { signal }),
    },
  );
  const count = fresh.numbers.length;
  return { fresh: logProbability.subarray(0, count), learned: logProbability.subarray(count) };
}

const noSamples = { memorisation: null, margins: null, correlations: null } as const;

/** Compares samples of the run with its rows. */
async function samplesOf(
  run: TrainedRun,
  { training: { transform, validation }, engine, signal }: ReportParts,
  rows: { readonly training: KeyedRows; readonly heldOut: KeyedRows },
) {
  const { config } = run;
  const drawn = await sample(run, { count: SAMPLES, seed: config.seed, engine, ...(signal && { signal }) });
  const sets = {
    training: evenly(rows.training, MOST_COMPARED).values,
    heldOut: evenly(rows.heldOut, MOST_COMPARED).values,
    samples: Float64Array.from(drawn.data),
  };
  const validated = validation ? [rowsOf(validation)] : [];
  const known = [rows.training, rows.heldOut, ...validated].map(({ values }) => values);
  const names = columnNames(transform.width, config.data.columns);
  const categories = names.map(
    (_, c) => transform.kind === 'table' && transform.cells[c]!.kind === 'category',
  );
  return {
    memorisation: memorised(sets, categories),
    margins: marginErrors(sets, { names, categories }),
    correlations: correlationErrors(sets, { names, categories }),
    outside: outsideOf({ known, samples: sets.samples }, { names, categories }),
  };
}
