import { existsSync, readFileSync } from 'node:fs';
import { type Dataset, type OpenOptions, openDataset, transformFromJson } from '../data/index.ts';
import { type Engine, type EngineName, makeEngine } from '../engine/index.ts';
import { usage } from '../errors.ts';
import { checkFolder } from '../files/index.ts';
import { denoising, type Weighting } from '../objectives/denoising.ts';
import { key } from '../random/index.ts';
import type { ScoreNet } from '../score/contract.ts';
import { networkModel } from '../score/model.ts';
import { makeNet, type NetSpec } from '../score/nets/index.ts';
import { describeSde, makeSde, type Sde, type SdeSpec } from '../sde/index.ts';
import { flatten, layoutOf } from '../train/flat.ts';
import { initialState, type TrainProgress, type TrainState, trainer } from '../train/trainer.ts';
import { checkpointFiles, type LossPoint, readModel, readState, writeCheckpoint } from './checkpoint.ts';
import { configSchema, type RunConfig, trainingDefaults } from './config.ts';
import { type Run, runOf } from './run.ts';

/**
 * What `train` may be told. All but `data` has a default: those of training are `trainingDefaults`, the SDE
 * is `vp`, the net `mlp`.
 */
export interface TrainOptions extends Partial<RunConfig['training']> {
  /** A toy density by name, a file (.csv, .npy), or a data set. */
  readonly data: string | Dataset;
  readonly columns?: readonly string[];
  readonly exclude?: readonly string[];
  readonly dequantize?: boolean;
  /** The part of the rows kept for testing; 0.2 by default; a density has no rows to keep. */
  readonly testFraction?: number;
  readonly sde?: SdeSpec;
  readonly net?: string | NetSpec;
  readonly weighting?: Weighting;
  readonly seed?: number;
  /** Folder of the run; without it nothing is written. */
  readonly out?: string;
  /** Continue the run in `out` from its last checkpoint. */
  readonly resume?: boolean;
  readonly engine?: EngineName | 'auto' | Engine;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { step: number; steps: number; loss: number }) => void;
}

/** Steps between two reports of progress; checkpoints fall on reports. */
const REPORT_EVERY = 50;

/**
 * Trains a score model by continuous denoising score matching and returns it as a run. With `out`, checkpoints on the
 * way make it resumable to the same bytes.
 * @throws usage for names, values and combinations that cannot be, before anything is written; failure for damaged data
 *   and a loss that diverges; AbortError where `signal` says so
 */
export async function train(options: TrainOptions): Promise<Run> {
  const engine = await makeEngine(options.engine);
  const { config, dataset, start, losses } = options.resume
    ? await resumed(options)
    : await fresh(options, engine.name);
  const sde = await makeSde(config.sde as SdeSpec);
  const net = makeNet(config.net as NetSpec, config.data.shape);
  return drive(engine, config, sde, net, dataset, start, [...losses], options);
}

async function drive(
  engine: Engine,
  config: RunConfig,
  sde: Sde,
  net: ScoreNet,
  dataset: Dataset,
  start: TrainState | undefined,
  losses: LossPoint[],
  { out, signal, onProgress }: TrainOptions,
): Promise<Run> {
  const params = net.init(config.seed);
  const layout = layoutOf(params);
  const objective = denoising(sde, networkModel(net, params, sde, config.data.shape), config.objective);
  const dataKey = key(config.seed, 'data');
  const batches = (into: Float32Array, step: number) =>
    dataset.batch(into, dataKey, step, config.training.batch);
  const settings = {
    ...config.training,
    epsilon: config.training.adamEpsilon,
    seed: config.seed,
    reportEvery: REPORT_EVERY,
  };
  const begin = start ?? initialState(flatten(params, layout).data);
  const steps = trainer(engine, objective, layout, config.data.shape, batches, begin, settings, signal);
  const every = config.training.checkpointEvery;
  const save = async (progress: TrainProgress) => {
    if (out) await writeCheckpoint(out, config, layout, await progress.state(), losses);
  };
  let turn = await steps.next();
  for (; !turn.done; turn = await steps.next()) {
    const { step, steps: all, loss } = turn.value;
    losses.push({ step, loss });
    onProgress?.({ step, steps: all, loss });
    if (step % every < REPORT_EVERY || step === all) await save(turn.value);
  }
  return runOf(config, sde, net, layout, turn.value, losses);
}

async function fresh(options: TrainOptions, engine: string) {
  const { seed = 0, data, out } = options;
  requireSeed(seed);
  if (out) await checkFolder(out, checkpointFiles);
  const dataset = typeof data === 'string' ? await openDataset(data, dataOptions(options, seed)) : data;
  const sde = await makeSde(options.sde ?? 'vp');
  const net = options.net ?? 'mlp';
  const spec = typeof net === 'string' ? { name: net } : net;
  const config: RunConfig = {
    format: 1,
    version: packageVersion(),
    engine,
    seed,
    data: {
      source: dataset.name,
      shape: [...dataset.shape] as [number, ...number[]],
      ...(dataset.columns && { columns: [...dataset.columns] }),
      testFraction: dataset.count === Infinity ? 0 : testFractionOf(options),
    },
    transform: dataset.transform.toJSON() as RunConfig['transform'],
    sde: describeSde(sde),
    net: { ...spec, predicts: makeNet(spec, dataset.shape).predicts },
    objective: { weighting: options.weighting ?? 'simple', epsilon: 1e-5 },
    training: trainingOf(options),
  };
  return { config, dataset, start: undefined, losses: [] as LossPoint[] };
}

async function resumed(options: TrainOptions) {
  const { out, data, steps } = options;
  if (!out) {
    throw usage('There is nothing to resume without a run', {
      remedy: 'Give the folder of the run: --out RUN --resume',
    });
  }
  const { config } = await readModel(out);
  const { state, losses } = await readState(out);
  if (steps !== undefined && steps !== config.training.steps) {
    throw usage('A resumed run keeps its number of steps', {
      got: steps,
      expected: `${config.training.steps}, on which its learning rate depends`,
    });
  }
  const { columns, testFraction, source } = config.data;
  const kept = { ...options, testFraction, ...(columns && { columns }), dequantize: false };
  const transform = transformFromJson(config.transform, out);
  const dataset =
    typeof data === 'string'
      ? await openDataset(data, { ...dataOptions(kept, config.seed), transform })
      : data;
  if (dataset.shape.join() !== config.data.shape.join()) {
    throw usage('The data are not those of the run', {
      got: `${dataset.name}, [${dataset.shape}]`,
      expected: `${source}, [${config.data.shape}]`,
    });
  }
  return { config, dataset, start: state, losses };
}

function trainingOf(options: TrainOptions): RunConfig['training'] {
  const chosen = Object.entries(trainingDefaults).map(([name, value]) => [
    name,
    options[name as keyof TrainOptions] ?? value,
  ]);
  const parsed = configSchema.shape.training.safeParse(Object.fromEntries(chosen));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw usage(`The option "${issue.path.join('.')}" is not valid: ${issue.message}`, { where: 'train' });
}

const testFractionOf = ({ testFraction = 0.2 }: TrainOptions) => testFraction;

/** Which rows and columns of a file to train on; a density needs none of it. */
const dataOptions = (options: TrainOptions, seed: number): OpenOptions => ({
  seed,
  part: testFractionOf(options) > 0 ? 'train' : 'all',
  testFraction: testFractionOf(options),
  ...(options.columns && { columns: options.columns }),
  ...(options.exclude && { exclude: options.exclude }),
  ...(options.dequantize && { dequantize: true }),
});

function requireSeed(seed: number): void {
  if (Number.isSafeInteger(seed) && seed >= 0) return;
  throw usage('The seed has to be a whole number from 0 to 2⁵³ − 1', { where: 'seed', got: seed });
}

function packageVersion(): string {
  const path = [
    new URL('../../package.json', import.meta.url),
    new URL('../../../package.json', import.meta.url),
  ].find(url => existsSync(url));
  return (JSON.parse(readFileSync(path!, 'utf8')) as { version: string }).version;
}
