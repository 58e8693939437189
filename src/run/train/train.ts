import type { Dataset } from '../../data/index.ts';
import type { Engine, EngineName } from '../../engine/index.ts';
import { sharedEngine } from '../../engine/shared.ts';
import type { Weighting } from '../../objectives/index.ts';
import { key } from '../../random/index.ts';
import { makeNet, type NetSpec } from '../../registry/nets.ts';
import { makeObjective, type ObjectiveSpec } from '../../registry/objectives.ts';
import type { PresetName } from '../../registry/presets.ts';
import type { SdeSpec } from '../../registry/sdes.ts';
import { networkModel } from '../../score/model.ts';
import { flatten, layoutOf } from '../../train/flat.ts';
import { initialState, type TrainProgress, trainer } from '../../train/trainer.ts';
import { type Curves, writeCheckpoint } from '../folder/checkpoint.ts';
import type { RunConfig } from '../folder/config.ts';
import { labelBatches } from '../labels.ts';
import { runOf, type TrainedRun } from '../run.ts';
import { exactScore } from './objective.ts';
import { fresh, type Prepared, resumed } from './prepare.ts';
import { type PreviewOptions, previews } from './preview.ts';
import { type QualityOptions, qualityWatch } from './quality.ts';

/**
 * What `train` may be told. All but `data` has a default: those of training are `trainingDefaults`, the SDE
 * is `vp`, the net `mlp`.
 */
export interface TrainOptions extends Partial<RunConfig['training']>, PreviewOptions, QualityOptions {
  /** A toy density by name, a file (.csv, .npy), or a data set. */
  readonly data: string | Dataset;
  readonly columns?: readonly string[];
  readonly exclude?: readonly string[];
  /** Which array of an `.npz` with several holds the rows. */
  readonly array?: string;
  readonly dequantize?: boolean;
  /** Turn images left to right with probability ½, anew at each visit; of data opened here, as `size` and `stream`. */
  readonly flips?: boolean;
  /** The form of a row that the file has as a list of numbers: [8, 8] for 64 columns that are pixels. */
  readonly shape?: readonly number[];
  /** The values are levels 0 … L − 1 of a picture: they are dequantised and brought to [−1, 1]. */
  readonly levels?: number;
  /** Side to which a folder of images is scaled and cut. */
  readonly size?: number;
  /** Whether rows stay in their file and are read as they are needed; by default those of more than 256 MiB. */
  readonly stream?: boolean;
  /** The part of the rows kept for testing; 0.2 by default; a density has no rows to keep. */
  readonly testFraction?: number;
  /** The classes of a file's rows: a column, an array of the `.npz`, a file of labels, or `own`. The model then knows p(x | class) as well as p(x). */
  readonly labels?: string;
  /** The part of training samples whose label is withheld, by which p(x) is learned; default 0.1. */
  readonly labelDropout?: number;
  readonly sde?: SdeSpec;
  readonly net?: NetSpec;
  /** A name of `presets`, whose SDE and objective are used where no others are given. */
  readonly preset?: PresetName;
  /** A name of `objectives`, with options or without; default `denoising`. */
  readonly objective?: ObjectiveSpec;
  /** The weighting of the objective. */
  readonly weighting?: Weighting;
  readonly seed?: number;
  /** Folder of the run; without it nothing is written. */
  readonly out?: string;
  /** Continue the run in `out` from its last checkpoint. */
  readonly resume?: boolean;
  readonly engine?: EngineName | 'auto' | Engine;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: {
    readonly step: number;
    readonly steps: number;
    readonly loss: number;
    /** The last measure of quality, where there is one. */
    readonly distance?: number;
  }) => void;
}

/** Steps between two reports of progress; checkpoints fall on reports. */
const REPORT_EVERY = 50;

/**
 * Trains a score model by the objective (by default continuous denoising score matching) and returns it as a run. With
 * `out`, checkpoints on the way make it resumable to the same bytes.
 * @throws usage for names, values and combinations that cannot be, before anything is written; failure for damaged data
 *   and a loss that diverges; AbortError where `signal` says so
 */
export async function train(options: TrainOptions): Promise<TrainedRun> {
  const engine = await sharedEngine(options.engine);
  const prepared = options.resume ? await resumed(options) : await fresh(options, engine.name);
  try {
    return await drive(engine, prepared, options);
  } finally {
    if (typeof options.data === 'string') prepared.dataset.close?.();
  }
}

async function drive(
  engine: Engine,
  { config, sde, dataset, start, curves: earlier, hashes }: Prepared,
  options: TrainOptions,
): Promise<TrainedRun> {
  const { out, signal, onProgress } = options;
  const preview = await previews(config, options, { out, fresh: start === undefined, engine, signal });
  const losses = [...earlier.losses];
  const place = { engine, signal, earlier: earlier.quality };
  const quality = qualityWatch(options, dataset, config.seed, place);
  const curves = (): Curves => {
    const measured = quality?.curve() ?? earlier.quality;
    return { losses, ...(measured && { quality: measured }) };
  };
  const net = makeNet(config.net as NetSpec, config.data.shape);
  const params = net.init(config.seed);
  const layout = layoutOf(params);
  const model = networkModel(net, params, sde, config.data.shape);
  const objective = makeObjective({ ...config.objective, ...exactScore(dataset, sde) }, sde, model);
  const dataKey = key(config.seed, 'data');
  const batches = (into: Float32Array, step: number) =>
    dataset.batch(into, dataKey, step, config.training.batch);
  const settings = {
    ...config.training,
    epsilon: config.training.adamEpsilon,
    seed: config.seed,
    drops: net.drops,
    labels: labelBatches(dataset, config, dataKey),
    reportEvery: REPORT_EVERY,
  };
  const begin = start ?? initialState(flatten(params, layout).data);
  const steps = trainer(engine, objective, layout, config.data.shape, batches, begin, settings, signal);
  const every = config.training.checkpointEvery;
  const due = (step: number, each = Infinity) => step % each < REPORT_EVERY || step === config.training.steps;
  const keep = async ({ step, state }: TrainProgress) => {
    const drawn = preview && due(step, preview.every);
    const measured = quality && due(step, quality.every);
    if (!drawn && !measured && !(out && due(step, every))) return;
    const now = await state();
    const run = () => runOf(config, sde, net, layout, now, curves());
    if (measured) await quality.measure(run(), step);
    if (out) await writeCheckpoint(out, config, layout, now, curves(), hashes);
    if (drawn) await preview.draw(run(), step);
  };
  let turn = await steps.next();
  for (; !turn.done; turn = await steps.next()) {
    const { step, steps: all, loss } = turn.value;
    losses.push({ step, loss });
    const distance = quality?.curve().points.at(-1)?.distance;
    onProgress?.({ step, steps: all, loss, ...(distance !== undefined && { distance }) });
    await keep(turn.value);
  }
  return runOf(config, sde, net, layout, turn.value, curves());
}
