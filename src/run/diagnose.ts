import type { Dataset } from '../data/index.ts';
import { type Finding, judge, type Measures, measure } from '../diagnosis/index.ts';
import type { Engine, EngineName } from '../engine/index.ts';
import { sharedEngine } from '../engine/shared.ts';
import { timeAtNoise } from '../sde/log-snr.ts';
import type { HostTensor } from '../tensor/index.ts';
import type { Run } from './run.ts';
import { exactScore } from './train/objective.ts';
import { type PriorMismatch, priorMismatchOf } from './train/prior.ts';
import { levelOf, modelAtLevels } from './use/labels.ts';
import { requireWidth, toModel } from './use/units.ts';

/** What a run is diagnosed with. */
export interface DiagnoseOptions {
  /** Rows that the run was not trained on, `[N, ...D]` in data units. */
  readonly fresh: HostTensor;
  /** Rows that it was trained on, in data units; default: none are known, and memorisation is not judged. */
  readonly trained?: HostTensor;
  /** The data set, whose mixture gives the true score where it has one. Default: the truth is unknown. */
  readonly dataset?: Pick<Dataset, 'mixture' | 'transform'>;
  /** Number of noise levels, 2 or more. Default 10. */
  readonly levels?: number;
  /** Noisy points at each level. Default 2048. */
  readonly points?: number;
  /**
   * A name in `engines`, `auto` or an engine of your own. Default `auto`: `onnx` where it loads, else `wasm`.
   */
  readonly engine?: EngineName | 'auto' | Engine;
  /** Seed of the noise, a whole number from 0 to 2⁵³ − 1. Default 0. */
  readonly seed?: number;
  /** Stops the work. */
  readonly signal?: AbortSignal;
}

/** What is measured of a run, and what is wrong with it. */
export interface RunDiagnosis extends Measures {
  /** KL(p_T ‖ prior) by mean and covariance, in nats; absent for a run of one noise level. */
  readonly prior?: Pick<PriorMismatch, 'nats' | 'perDimension'>;
  /** What is wrong, and what mends it; empty where all is well. */
  readonly findings: readonly Finding[];
}

/** Nats a dimension of KL(p_T ‖ prior) from which on samples show it. */
const PRIOR_LIMIT = 0.01;

/**
 * Measures a run at noise levels, and says in words what is wrong with it: levels that are not learned,
 * memorised rows, curl of the field, a prior that does not fit the data. A run that was trained at one noise
 * level is measured there alone.
 * @throws usage for rows that do not fit the run
 */
export async function diagnose(run: Run, options: DiagnoseOptions): Promise<RunDiagnosis> {
  const { fresh, trained, dataset, engine, ...rest } = options;
  const inModel = (rows: HostTensor) => {
    requireWidth(run.config, rows);
    return toModel(run.config, rows);
  };
  const [rows, own] = [inModel(fresh), levelOf(run)];
  const exact = dataset && exactScore(dataset, run.sde).exact;
  const measures = await measure({
    ...rest,
    ...(exact && { exact }),
    ...(trained && { trained: inModel(trained) }),
    ...(own !== undefined && { times: [timeAtNoise(run.sde, own, 'noise')] }),
    engine: await sharedEngine(engine),
    sde: run.sde,
    model: modelAtLevels(run, {}),
    fresh: rows,
  });
  if (own !== undefined) return { ...measures, findings: judge(measures) };
  const { note, ...prior } = priorMismatchOf(rows, run.sde);
  const [what = note, ...mends] = note.split('. ');
  const unfit: Finding[] =
    prior.perDimension > PRIOR_LIMIT ? [{ kind: 'prior', what, remedy: mends.join('. ') }] : [];
  return { ...measures, prior, findings: [...judge(measures), ...unfit] };
}
