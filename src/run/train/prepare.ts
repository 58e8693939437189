import type { Dataset, RowHashes } from '../../data/index.ts';
import { usage } from '../../errors.ts';
import { packageVersion } from '../../files/index.ts';
import type { NamedObjective } from '../../registry/objectives.ts';
import { sdeOfPreset } from '../../registry/presets.ts';
import { makeSde } from '../../registry/sdes.ts';
import type { ScoreNet } from '../../score/contract.ts';
import type { Sde } from '../../sde/index.ts';
import type { PlainParams } from '../../tensor/index.ts';
import type { TrainState } from '../../train/trainer.ts';
import { matched } from '../folder/bytes.ts';
import { configOfOptions, configSchema, type RunConfig, trainingDefaults } from '../folder/config.ts';
import type { Curves } from '../folder/curves.ts';
import type { Starts } from '../folder/starts.ts';
import { dataOf, describedData } from './data.ts';
import { labelsOf, netOf } from './labels.ts';
import { objectiveOf } from './objective.ts';
import { optimizerOf } from './optimizer.ts';
import type { TrainOptions } from './options.ts';
import { originOf } from './origin.ts';
import { presetFor } from './preset.ts';
import { startsOf } from './starts.ts';

/** Everything that training needs before its first step. */
export interface Prepared {
  readonly config: RunConfig;
  readonly sde: Sde;
  readonly dataset: Dataset;
  readonly net: ScoreNet;
  /** The training state of a resumed run; missing for a new run. */
  readonly start?: TrainState;
  /** The initial weights of a new run, if they come from another run. */
  readonly weights?: PlainParams;
  readonly curves: Curves;
  /** Hashes of the training rows, if the data have rows. */
  readonly hashes: RowHashes | undefined;
  /** What the run may use without a network, for a table with validation rows. */
  readonly starts?: Starts | undefined;
}

/** Prepares a new run: all options with their defaults, and the configuration as it will be stored. */
export async function fresh(options: TrainOptions): Promise<Prepared> {
  const { seed = 0, engine = 'auto' } = options;
  requireSeed(seed);
  const origin = options.from === undefined ? undefined : await originOf(options.from, options.sde);
  const dataset = await dataOf(options, seed);
  requireRowsToLearn(dataset, options);
  for (const note of dataset.notes) options.onNote?.(note);
  const preset = options.preset && presetFor(options.preset, dataset, seed, options);
  const sde = await makeSde(options.sde ?? (preset && sdeOfPreset(preset)) ?? origin?.sde ?? 'vp');
  const { spec, net } = netOf({ ...options, ...(origin && { net: options.net ?? origin.net }) }, dataset);
  const weights = origin && matched(origin.params, net.init(seed), origin.name);
  const config = {
    format: 1,
    version: packageVersion(),
    // The engine is not started yet: `train` writes the name of the one that starts.
    engine: typeof engine === 'string' ? engine : engine.name,
    seed,
    data: describedData(options, dataset),
    transform: dataset.transform.toJSON() as RunConfig['transform'],
    sde: sde.spec ?? { name: sde.name, byValue: true },
    net: { ...spec, predicts: net.predicts },
    ...labelsOf(dataset, options.labelDropout),
    objective: objectiveOf({ ...(preset && { objective: preset.objective as NamedObjective }), ...options }),
    training: trainingOf(options, dataset),
    ...(origin && { from: origin.name }),
  };
  // Through the parser, so that a new run lists its options in the same order as a run that was read.
  const hashes = dataset.hashes?.();
  const parsed = configOfOptions(config);
  // Who asks for an energy, for draws of weights, or starts from other weights wants the network.
  const isReplaceable = !origin && !net.potential && !parsed.training.optimizer;
  const starts = isReplaceable ? startsOf(dataset) : undefined;
  const run = { config: parsed, sde, net, dataset, curves: { losses: [] }, hashes, starts };
  return { ...run, ...(weights && { weights }) };
}

/** The settings of the steps, with their defaults for these data. */
export function trainingOf(options: TrainOptions, { validation, count }: Dataset): RunConfig['training'] {
  const defaults = { ...trainingDefaults, ...defaultsOf(options, validation !== undefined) };
  const chosen = Object.entries(defaults).map(([name, value]) => [
    name,
    options[name as keyof TrainOptions] ?? value,
  ]);
  const { steps, batch } = { ...defaults, ...options };
  const seen = Number.isFinite(count) ? count : steps * batch;
  const settings = { ...Object.fromEntries(chosen), ...optimizerOf(options, seen) };
  const parsed = configSchema.shape.training.safeParse(settings);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw usage(`The option "${issue.path.join('.')}" is not valid: ${issue.message}`, { where: 'train' });
}

/** Where the defaults differ from `trainingDefaults`. */
function defaultsOf({ objective, net }: TrainOptions, validates: boolean) {
  const nameOf = (spec: unknown) => (typeof spec === 'string' ? spec : Object(spec).name);
  // Chains of the model cost nine evaluations a row.
  if (nameOf(objective) === 'maximum-likelihood') return { steps: 2400, batch: 256, learningRate: 3e-3 };
  // A table whose validation stops training can learn twice as fast, and so can an energy.
  return validates || nameOf(net) === 'energy' ? { learningRate: 2e-3 } : {};
}

/** @throws usage for a table of one training row, and if every column is always known */
function requireRowsToLearn(
  { count, transform, columns, name }: Dataset,
  { condition = [] }: TrainOptions,
): void {
  if (transform.kind === 'table' && count < 2)
    throw usage('A table needs two training rows or more', {
      where: name,
      got: count,
      remedy: 'Use more rows, or keep none: --test-fraction 0 --validation-fraction 0',
    });
  if (columns?.every(column => condition.includes(column)))
    throw usage('No column is left to model', { where: 'condition', got: condition.join(', ') });
}

/** @throws usage for a seed that is no whole number from 0 to 2⁵³ − 1 */
export function requireSeed(seed: number): void {
  if (Number.isSafeInteger(seed) && seed >= 0) return;
  throw usage('The seed has to be a whole number from 0 to 2⁵³ − 1', { where: 'seed', got: seed });
}
