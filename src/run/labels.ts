import type { Dataset } from '../data/index.ts';
import { unknownName, usage } from '../errors.ts';
import { fillUniform, type Key, key } from '../random/index.ts';
import type { Named } from '../registry/named.ts';
import { makeNet, type NetSpec } from '../registry/nets.ts';
import type { ScoreModel, ScoreNet } from '../score/contract.ts';
import { guidedModel, labelledModel, oneHot } from '../score/labels.ts';
import type { PlainTensor } from '../tensor/index.ts';
import { classesOf, type ModelConfig, type RunConfig } from './folder/config.ts';
import type { Run } from './run.ts';
import type { TrainOptions } from './train/train.ts';

/** The part of training samples whose label is withheld, where no other is asked for (Ho & Salimans 2022). */
const LABEL_DROPOUT = 0.1;

/** What a run keeps of the labels it is trained with; nothing of data without. */
export function labelsOf({ labels }: Dataset, dropout = LABEL_DROPOUT): Pick<RunConfig, 'labels'> {
  if (!(dropout >= 0 && dropout <= 1))
    throw usage('The label dropout is out of range', {
      where: 'labelDropout',
      got: dropout,
      expected: '0 to 1',
    });
  return labels ? { labels: { source: labels.source, classes: [...labels.classes], dropout } } : {};
}

/** The network as asked for, told as many classes as the data have. */
export function netOf(
  { net: asked = 'mlp', labels, labelDropout }: TrainOptions,
  dataset: Dataset,
): { readonly spec: Named; readonly net: ScoreNet } {
  const named: Named = typeof asked === 'string' ? { name: asked } : { ...asked };
  const classes = dataset.labels?.classes.length;
  const wanted = labels !== undefined || labelDropout !== undefined || named.classes !== undefined;
  if (classes === undefined && wanted)
    throw usage('The data have no labels', {
      where: dataset.name,
      remedy: 'Name a column or a file of them (--labels); a data set has to be opened with them',
    });
  const spec = classes === undefined ? named : { ...named, classes };
  const net = makeNet(spec as NetSpec, dataset.shape);
  if (net.classes === classes) return { spec, net };
  throw usage(`The network "${net.name}" is told no classes`, {
    where: dataset.name,
    remedy: 'Choose another network, or leave the labels out',
  });
}

/** Refuses data whose classes are not those of the run. */
export function requireClasses({ name, labels }: Dataset, config: RunConfig): void {
  const [got, expected] = [labels?.classes, config.labels?.classes];
  if (JSON.stringify(got) === JSON.stringify(expected)) return;
  throw usage('The labels are not those of the run', {
    where: name,
    got: got?.join(', ') ?? 'no labels',
    expected: expected?.join(', ') ?? 'none',
  });
}

/**
 * The labels of training step `step`, one-hot, [batch, K + 1]. Each is withheld where u(seed, `label-dropout`, row, step) is below the
 * dropout, u ~ U(0, 1).
 */
export function labelBatches(
  { labels }: Dataset,
  { seed, training: { batch }, labels: kept }: RunConfig,
  dataKey: Key,
): ((step: number) => PlainTensor) | undefined {
  if (!labels || !kept) return undefined;
  const none = kept.classes.length;
  return step => {
    const u = new Float64Array(batch);
    fillUniform(u, key(seed, 'label-dropout'), { step, first: 0, size: 1 });
    const told = labels.batch(dataKey, step, batch).map((label, i) => (u[i]! < kept.dropout ? none : label));
    return oneHot(told, none);
  };
}

/** Which class of a run its use is about. */
export interface LabelOptions {
  /** A class by name, or by number from 0; without it p(x), whatever the class. */
  readonly label?: string | number;
}

/** The number of a class. Text that is no name is a number where no class is named by one. */
export function labelIndex(config: ModelConfig, label: string | number): number {
  const labels = classesOf(config);
  if (!labels)
    throw usage('The run knows no classes', {
      got: `the label "${label}"`,
      remedy: 'Leave it out, or train with labels: langevin train DATA --labels COLUMN',
    });
  const { classes } = labels;
  const named = typeof label === 'string' ? classes.indexOf(label) : -1;
  if (named >= 0) return named;
  const counted = typeof label === 'number' || !classes.some(name => /^[+-]?\d+$/.test(name));
  const index = label === '' || !counted ? Number.NaN : Number(label);
  if (Number.isInteger(index) && index >= 0 && index < classes.length) return index;
  throw unknownName('label', String(label), classes);
}

/** The model of a run for one of its classes, guided or not; without a label that of p(x). */
export function modelOf(
  { config, model }: Run,
  { label, guidance }: LabelOptions & { readonly guidance?: number },
): ScoreModel {
  if (label !== undefined) {
    const index = labelIndex(config, label);
    return guidance === undefined ? labelledModel(model, index) : guidedModel(model, index, guidance);
  }
  if (guidance === undefined) return model;
  throw usage('Guidance leads to a class', { where: 'guidance', remedy: 'Name the class: label' });
}

/**
 * The run of one class: its model, guided or not, is that of p(x | label), for whatever takes a run, such as `exportOnnx`.
 * @throws usage for a run without classes, and for a label it does not have
 */
export const ofClass = (run: Run, options: LabelOptions & { readonly guidance?: number }): Run => ({
  ...run,
  model: modelOf(run, options),
});
