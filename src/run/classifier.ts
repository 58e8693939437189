import type { Classifier } from '../score/classifier/contract.ts';
import { classifierNet } from '../score/classifier/nets.ts';
import { networkClassifier } from '../score/classifier/network.ts';
import type { Sde } from '../sde/index.ts';
import type { PlainParams } from '../tensor/index.ts';
import { matched } from './folder/bytes.ts';
import { readClassifier, readCurves } from './folder/checkpoint.ts';
import type { ClassifierConfig } from './folder/classifier-config.ts';
import type { ClassifierReport } from './folder/classifier-report.ts';
import type { LossPoint, ValidationCurve } from './folder/curves.ts';
import { type OpenRunOptions, sdeOf } from './run.ts';
import { modelShapeOf } from './shape.ts';

/** A trained classifier of noisy samples: its classes, and the units in which it sees the data. */
export interface ClassifierRun {
  /** The description: its data, SDE, network and classes. */
  readonly config: ClassifierConfig;
  /** The forward SDE. */
  readonly sde: Sde;
  /** The network with its averaged weights, bound to the SDE. */
  readonly classifier: Classifier;
  /** The averaged weights by name. */
  readonly params: PlainParams;
  /** The losses during training. */
  readonly losses: readonly LossPoint[];
  /** The mean log p(y | x_t) of the validation rows on the way, where rows were kept for it. */
  readonly validation?: ValidationCurve | undefined;
  /** How good it is, where training measured it at its end. */
  readonly accuracy?: ClassifierReport | undefined;
}

/**
 * Opens a classifier from the folder that `trainClassifier` (`langevin train --objective classifier`) made.
 * @throws usage for a model of data; failure for a folder that is not a run, and for weights that do not fit
 */
export async function openClassifier(
  dir: string,
  options: Pick<OpenRunOptions, 'sde'> = {},
): Promise<ClassifierRun> {
  const { config, params: stored } = await readClassifier(dir);
  const sde = await sdeOf(config, dir, options.sde);
  const net = classifierNet(config.net, modelShapeOf(config));
  const params = matched(stored, net.init(config.seed), dir);
  const classifier = networkClassifier(net, params, sde, modelShapeOf(config));
  return { config, sde, params, classifier, ...(await readCurves(dir)) };
}
