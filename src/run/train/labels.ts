import type { Dataset } from '../../data/index.ts';
import { usage } from '../../errors.ts';
import { fillUniform, type Key, key } from '../../random/index.ts';
import type { Named } from '../../registry/named.ts';
import { isNet, makeNet, type NetSpec } from '../../registry/nets.ts';
import type { ScoreNet } from '../../score/contract.ts';
import { oneHot } from '../../score/labels.ts';
import { widthFor } from '../../score/nets/mlp.ts';
import { type PlainTensor, type Shape, sizeOf } from '../../tensor/index.ts';
import type { RunConfig } from '../folder/config.ts';
import { modelShape } from '../shape.ts';
import type { TrainOptions } from './options.ts';

/** Default share of training samples without their label (Ho & Salimans 2022). */
const LABEL_DROPOUT = 0.1;

/** What a run stores about the labels of its training; empty for data without labels. */
export function labelsOf({ labels }: Dataset, dropout = LABEL_DROPOUT): Pick<RunConfig, 'labels'> {
  if (!(dropout >= 0 && dropout <= 1))
    throw usage('The label dropout is out of range', {
      where: 'labelDropout',
      got: dropout,
      expected: '0 to 1',
    });
  return labels ? { labels: { source: labels.source, classes: [...labels.classes], dropout } } : {};
}

/**
 * The network of the options, with its default width and the number of classes of the data. The configuration
 * stores the width, so a run always opens with the width of its training, even if the default has changed.
 */
export function netOf(
  { net: asked = 'mlp', labels, labelDropout }: TrainOptions,
  dataset: Dataset,
): { readonly spec: Named; readonly net: ScoreNet } {
  const shape = modelShape(dataset);
  const own = typeof asked === 'function' || isNet(asked) ? makeNet(asked, shape) : undefined;
  const named = own ? { classes: own.classes, ...described(own) } : nameOf(asked);
  const classes = dataset.labels?.classes.length;
  const wanted = labels !== undefined || labelDropout !== undefined || named.classes !== undefined;
  if (classes === undefined && wanted)
    throw usage('The data have no labels', {
      where: dataset.name,
      remedy: 'Name a column or a file of them (--labels); a data set has to be opened with them',
    });
  const conditional = dataset.contexts !== undefined;
  const spec = {
    ...sized(named, shape),
    ...(classes !== undefined && { classes }),
    ...(conditional && { conditional }),
  };
  const net = own ?? makeNet(spec as unknown as NetSpec, shape);
  if (conditional && !net.conditional)
    throw usage(`The network "${net.name}" answers no questions about rows`, {
      where: dataset.name,
      remedy: 'Choose the network mlp, leave --conditional and --condition out, or drop missing values',
    });
  if (net.classes === classes) return { spec, net };
  throw usage(`The network "${net.name}" is told no classes`, {
    where: dataset.name,
    remedy: 'Choose another network, or leave the labels out',
  });
}

/** What a run stores about a network of the user. */
const described = ({ name, spec }: ScoreNet): Named => spec ?? { name, byValue: true };

const nameOf = (asked: NetSpec): Named =>
  typeof asked === 'string' ? { name: asked } : ({ ...asked } as unknown as Named);

/**
 * Sets the default width of a perceptron for these data. A bottleneck would lose the narrow directions of a
 * wide table.
 */
const sized = (named: Named, shape: Shape): Named =>
  (named.name === 'mlp' || named.name === 'energy') && named.width === undefined
    ? { ...named, width: widthFor(sizeOf(shape)) }
    : named;

/** Throws for data whose classes are not those of the run. */
export function requireClasses({ name, labels }: Dataset, config: Pick<RunConfig, 'labels'>): void {
  const [got, expected] = [labels?.classes, config.labels?.classes];
  if (JSON.stringify(got) === JSON.stringify(expected)) return;
  throw usage('The labels are not those of the run', {
    where: name,
    got: got?.join(', ') ?? 'no labels',
    expected: expected?.join(', ') ?? 'none',
  });
}

/**
 * The labels of training step `step`, one-hot, [batch, K + 1]. A label is withheld if u(seed,
 * `label-dropout`, row, step) is below the dropout, u ~ U(0, 1).
 */
export function labelBatches(
  { labels }: Dataset,
  { seed, training: { batch }, labels: kept }: Pick<RunConfig, 'seed' | 'training' | 'labels'>,
  dataKey: Key,
): ((step: number) => PlainTensor) | undefined {
  if (!labels || !kept) return undefined;
  const none = kept.classes.length;
  return step => {
    const u = new Float64Array(batch);
    fillUniform(u, key(seed, 'label-dropout'), { step, first: 0, size: 1 });
    const withDropout = labels
      .batch(dataKey, step, batch)
      .map((label, i) => (u[i]! < kept.dropout ? none : label));
    return oneHot(withDropout, none);
  };
}

/** What a conditional model is told of the rows of a training step, `[batch, 3·D]`. */
export const contextBatches = (
  { contexts }: Dataset,
  { training: { batch } }: RunConfig,
  dataKey: Key,
): ((step: number) => PlainTensor) | undefined => contexts && (step => contexts.batch(dataKey, step, batch));
