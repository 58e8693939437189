import type { Engine } from '../../engine/index.ts';
import { key } from '../../random/index.ts';
import { makeObjective } from '../../registry/objectives.ts';
import type { ScoreModel } from '../../score/contract.ts';
import { networkModel } from '../../score/model.ts';
import { flatten, type Layout, layoutOf, unflatten } from '../../train/flat.ts';
import { initialState, type TrainProgress, type TrainState, trainer } from '../../train/trainer.ts';
import type { RunConfig } from '../folder/config.ts';
import { modelShapeOf, partsOf } from '../shape.ts';
import { contextBatches, labelBatches } from './labels.ts';
import { optionsWithTruth } from './objective.ts';
import type { TrainOptions } from './options.ts';
import type { Prepared } from './prepare.ts';
import { checkpointSchedule, REPORT_EVERY, type Schedule } from './schedule.ts';

/** The steps of a training, and what they start from. */
export interface Learner {
  readonly layout: Layout;
  /** The weights before the first step of a new training. */
  readonly first: Float32Array;
  /** The state before the first step of this call. */
  readonly begin: TrainState;
  /** When checkpoints are due. */
  readonly schedule: Schedule;
  /** The steps on an engine: progress on the way, the last state at the end. */
  steps(engine: Engine): AsyncGenerator<TrainProgress, TrainState>;
  /** The model with these weights; its start by another transform, if one is passed. */
  modelOf(weights: Float32Array, transform?: RunConfig['transform']): ScoreModel;
}

/**
 * Puts a prepared training together: data, network, objective and the steps.
 * @throws usage for an objective that does not suit the SDE or the network
 */
export function learnerOf(prepared: Prepared, { out, signal }: TrainOptions): Learner {
  const { config, sde, net, dataset, start, weights } = prepared;
  const params = net.init(config.seed);
  const layout = layoutOf(params);
  const shape = modelShapeOf(config);
  const parts = partsOf(config);
  const objective = makeObjective(
    optionsWithTruth(config.objective, dataset, sde),
    sde,
    networkModel(net, params, sde, shape, parts),
  );
  const dataKey = key(config.seed, 'data');
  const batches = (into: Float32Array, step: number) =>
    dataset.batch(into, dataKey, step, config.training.batch);
  const first = flatten(weights ?? params, layout).data;
  const begin = start ?? initialState(first);
  const { checkpointEvery: every, steps, optimizer } = config.training;
  const schedule = checkpointSchedule({ begin: begin.step, every, steps });
  const settings = {
    ...config.training,
    pause: out === undefined ? undefined : schedule.late,
    epsilon: config.training.adamEpsilon,
    ...(optimizer && { sgld: optimizer, power: optimizer.power }),
    seed: config.seed,
    drops: net.drops,
    labels: labelBatches(dataset, config, dataKey),
    contexts: contextBatches(dataset, config, dataKey),
    reportEvery: REPORT_EVERY,
  };
  return {
    ...{ layout, first, begin, schedule },
    steps: engine => trainer(engine, objective, layout, shape, batches, begin, settings, signal),
    modelOf: (flat, transform) => {
      const own = transform ? partsOf({ ...config, transform }) : parts;
      return networkModel(net, unflatten(flat, layout), sde, shape, own);
    },
  };
}
