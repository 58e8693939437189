import type { Engine } from '../../../engine/index.ts';
import { classification } from '../../../objectives/classification.ts';
import { key } from '../../../random/index.ts';
import type { Classifier } from '../../../score/classifier/contract.ts';
import { networkClassifier } from '../../../score/classifier/network.ts';
import { flatten, type Layout, layoutOf, unflatten } from '../../../train/flat.ts';
import { type TrainProgress, type TrainState, trainer } from '../../../train/trainer.ts';
import { modelShapeOf } from '../../shape.ts';
import { labelBatches } from '../labels.ts';
import { REPORT_EVERY } from '../schedule.ts';
import type { PreparedClassifier } from './prepare.ts';

/** The steps of a classifier's training, and what they start from. */
export interface ClassifierLearner {
  readonly layout: Layout;
  /** The weights before the first step. */
  readonly first: Float32Array;
  /** The classifier with these weights. */
  classifierOf(weights: Float32Array): Classifier;
  /** The steps on an engine: progress on the way, the last state at the end. */
  steps(
    engine: Engine,
    begin: TrainState,
    how: { readonly pause: (() => boolean) | undefined; readonly signal: AbortSignal | undefined },
  ): AsyncGenerator<TrainProgress, TrainState>;
}

/** Puts a prepared training together. */
export function classifierLearner({ config, sde, net, dataset }: PreparedClassifier): ClassifierLearner {
  const { seed, training, objective: options } = config;
  const params = net.init(seed);
  const layout = layoutOf(params);
  const shape = modelShapeOf(config);
  const objective = classification(sde, networkClassifier(net, params, sde, shape), options);
  const dataKey = key(seed, 'data');
  return {
    layout,
    first: flatten(params, layout).data,
    classifierOf: flat => networkClassifier(net, unflatten(flat, layout), sde, shape),
    steps: (engine, begin, { pause, signal }) =>
      trainer(
        engine,
        objective,
        layout,
        shape,
        (into, step) => dataset.batch(into, dataKey, step, training.batch),
        begin,
        {
          ...training,
          pause,
          epsilon: training.adamEpsilon,
          seed,
          drops: net.drops,
          labels: labelBatches(dataset, config, dataKey),
          reportEvery: REPORT_EVERY,
        },
        signal,
      ),
  };
}
