import { type Dataset, type RowHashes, transformFromJson } from '../../../data/index.ts';
import { usage } from '../../../errors.ts';
import { packageVersion } from '../../../files/index.ts';
import { makeSde } from '../../../registry/sdes.ts';
import type { ClassifierNet } from '../../../score/classifier/contract.ts';
import { classifierNet } from '../../../score/classifier/nets.ts';
import { widthFor } from '../../../score/nets/mlp.ts';
import type { Sde } from '../../../sde/index.ts';
import { sizeOf } from '../../../tensor/index.ts';
import type { TrainState } from '../../../train/trainer.ts';
import { readClassifier, readState } from '../../folder/checkpoint.ts';
import { type ClassifierConfig, classifierConfigOf } from '../../folder/classifier-config.ts';
import { checkState } from '../../folder/consistency.ts';
import type { Curves } from '../../folder/curves.ts';
import { readRows, requireRows } from '../../folder/rows.ts';
import { openRun, type Run, sdeOf } from '../../run.ts';
import { modelShape, modelShapeOf } from '../../shape.ts';
import { dataOf, describedData, storedReading } from '../data.ts';
import { extended } from '../extend.ts';
import { requireClasses } from '../labels.ts';
import type { TrainOptions } from '../options.ts';
import { requireSeed, trainingOf } from '../prepare.ts';
import type { TrainClassifierOptions } from './options.ts';

/** Everything that the training of a classifier needs before its first step. */
export interface PreparedClassifier {
  readonly config: ClassifierConfig;
  readonly sde: Sde;
  readonly dataset: Dataset;
  readonly net: ClassifierNet;
  /** The training state of a resumed classifier. */
  readonly start?: TrainState;
  readonly curves: Curves;
  readonly hashes: RowHashes | undefined;
}

/** Prepares a new classifier: in the units of the run that it is for, or in its own. */
export async function freshClassifier(options: TrainClassifierOptions): Promise<PreparedClassifier> {
  const model = typeof options.for === 'string' ? await openRun(options.for) : options.for;
  if (model && options.sde !== undefined)
    throw usage('A classifier has the SDE of the run that it is for', {
      where: 'sde',
      remedy: 'Leave it out',
    });
  const { seed = model?.config.seed ?? 0, engine = 'auto' } = options;
  requireSeed(seed);
  const reading = { ...(model && readingLike(model)), ...withoutNet(options) };
  const transform = model && transformFromJson(model.config.transform, model.config.data.source);
  const dataset = await dataOf(reading, seed, transform);
  const labels = labelsOf(dataset);
  if (model) requireColumns(dataset, model);
  for (const note of dataset.notes) options.onNote?.(note);
  const sde = model?.sde ?? (await makeSde(options.sde ?? 'vp'));
  const spec = { ...netOf(options, dataset), classes: labels.classes.length };
  const config = classifierConfigOf({
    format: 1,
    version: packageVersion(),
    engine: typeof engine === 'string' ? engine : engine.name,
    seed,
    data: describedData(reading, dataset),
    transform: model?.config.transform ?? dataset.transform.toJSON(),
    sde: model?.config.sde ?? sde.spec ?? { name: sde.name, byValue: true },
    net: spec,
    labels: { source: labels.source, classes: [...labels.classes], dropout: 0 },
    objective: { name: 'classifier', epsilon: 1e-5, times: 'importance', ...options.objective },
    training: trainingOf(reading, dataset),
  });
  const net = classifierNet(spec, modelShape(dataset));
  return { config, sde, net, dataset, curves: { losses: [] }, hashes: dataset.hashes?.() };
}

/** Prepares a classifier that continues from its last checkpoint, with its own data and SDE. */
export async function resumedClassifier(options: TrainClassifierOptions): Promise<PreparedClassifier> {
  const { out = '' } = options;
  const stored = await readClassifier(out);
  const { state, curves } = await readState(out);
  checkState(state, stored.params, stored.config, out);
  const stopped = curves.validation?.stopped;
  const config = extended(stored.config, state.step, options.steps, { stopped, out });
  const transform = transformFromJson(config.transform, out);
  const reading = { ...withoutNet(options), ...storedReading(config) };
  const dataset = await dataOf(reading, config.seed, transform);
  requireClasses(dataset, config);
  const hashes = await readRows(out);
  requireRows(dataset, hashes, config);
  const sde = await sdeOf(config, out, options.sde);
  const net = classifierNet(config.net, modelShapeOf(config));
  return { config, sde, net, dataset, start: state, curves, hashes };
}

/** The options that are also those of a model of data. */
export const withoutNet = ({
  net: _net,
  for: _for,
  objective: _objective,
  ...options
}: TrainClassifierOptions) => options as TrainOptions;

/** The options that read data as a run did, but for its labels and questions. */
function readingLike({ config }: Run): Partial<TrainOptions> {
  const {
    labels: _labels,
    conditional: _conditional,
    condition: _condition,
    ...reading
  } = storedReading({
    data: config.data,
  });
  return reading as Partial<TrainOptions>;
}

/** The network with its default width, as the configuration stores it. */
function netOf({ net = 'mlp' }: TrainClassifierOptions, dataset: Dataset) {
  const named = typeof net === 'string' ? { name: net } : net;
  const width = named.name === 'mlp' && { width: widthFor(sizeOf(modelShape(dataset))) };
  return { ...width, ...named };
}

function labelsOf({ labels, contexts, name }: Dataset): NonNullable<Dataset['labels']> {
  if (contexts)
    throw usage('A classifier takes whole rows, and some cells are missing', {
      where: name,
      mend: { says: 'Leave their rows out:', options: { missing: 'drop' } },
    });
  if (labels) return labels;
  throw usage('A classifier needs the classes of the rows', {
    where: name,
    remedy: 'Name a column or a file of them (--labels); a data set has to be opened with them',
  });
}

function requireColumns({ shape, columns, name }: Dataset, { config: { data } }: Run): void {
  const same = `${shape}` === `${data.shape}` && `${columns}` === `${data.columns}`;
  if (same) return;
  throw usage('The data are not like those of the run that the classifier is for', {
    where: name,
    got: columns?.join(', ') ?? `[${shape}]`,
    expected: data.columns?.join(', ') ?? `[${data.shape}]`,
  });
}
