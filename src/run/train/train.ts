import type { Engine } from '../../engine/index.ts';
import { sharedEngine } from '../../engine/shared.ts';
import { usage } from '../../errors.ts';
import { key } from '../../random/index.ts';
import { makeObjective } from '../../registry/objectives.ts';
import { networkModel } from '../../score/model.ts';
import { flatten, layoutOf, unflatten } from '../../train/flat.ts';
import { initialState, type TrainProgress, type TrainState, trainer } from '../../train/trainer.ts';
import { writeCheckpoint } from '../folder/checkpoint.ts';
import type { Curves } from '../folder/curves.ts';
import { runOf, type TrainedRun } from '../run.ts';
import { modelShapeOf, partsOf } from '../shape.ts';
import { isDataset } from './data.ts';
import { takeFolder } from './destination.ts';
import { contextBatches, labelBatches } from './labels.ts';
import { optionsWithTruth } from './objective.ts';
import type { TrainOptions } from './options.ts';
import { fresh, type Prepared, resumed } from './prepare.ts';
import { previews } from './preview.ts';
import { notePrior, priorMismatch } from './prior.ts';
import { qualityWatch } from './quality.ts';
import { checkpointSchedule, dueAt, REPORT_EVERY } from './schedule.ts';
import { type Validation, validationOf } from './validation.ts';

/**
 * Trains a score model with the objective (by default continuous denoising score matching) and returns it as
 * a run. With `out` it writes checkpoints every `checkpointEvery` steps, every minute, and when `signal`
 * stops it. A run that is resumed from them ends in the same bytes.
 * @throws usage for invalid names, values and combinations, before anything is written; failure for damaged
 * data and a loss that diverges; AbortError if `signal` is aborted
 */
export async function train(options: TrainOptions): Promise<TrainedRun> {
  const lock = await takeFolder(options);
  try {
    const engine = await sharedEngine(options.engine);
    const prepared = options.resume ? await resumed(options) : await fresh(options, engine.name);
    return await drive(engine, prepared, options).finally(() => {
      if (!isDataset(options.data)) prepared.dataset.close?.();
    });
  } finally {
    await lock?.release();
  }
}

async function drive(
  engine: Engine,
  { config, sde, net, dataset, start, weights, curves: earlier, hashes }: Prepared,
  options: TrainOptions,
): Promise<TrainedRun> {
  const { out, signal, onProgress } = options;
  const watchSteps = stepsOfWatch(options);
  const preview = await previews(config, options, { out, fresh: start === undefined, engine, signal });
  if (start === undefined) notePrior(priorMismatch(dataset, sde, config.seed), options);
  const losses = [...earlier.losses];
  const place = { engine, signal, earlier: earlier.quality };
  const quality = qualityWatch(options, dataset, config.seed, place);
  const validation = validationOf(dataset, {
    ...{ engine, sde, seed: config.seed, signal },
    ...{ curve: earlier.validation, best: start?.best, baseline: start?.baseline },
  });
  const stopped = { early: false };
  const curves = (): Curves => {
    const measured = quality?.curve() ?? earlier.quality;
    const compared = validation && {
      ...validation.curve(),
      ...(stopped.early && { stopped: true as const }),
    };
    return { losses, ...(compared && { validation: compared }), ...(measured && { quality: measured }) };
  };
  const params = net.init(config.seed);
  const layout = layoutOf(params);
  const shape = modelShapeOf(config);
  const parts = partsOf(config);
  const model = networkModel(net, params, sde, shape, parts);
  const objective = makeObjective(optionsWithTruth(config.objective, dataset, sde), sde, model);
  const dataKey = key(config.seed, 'data');
  const batches = (into: Float32Array, step: number) =>
    dataset.batch(into, dataKey, step, config.training.batch);
  const begin = start ?? initialState(flatten(weights ?? params, layout).data);
  const every = config.training.checkpointEvery;
  const schedule = checkpointSchedule({ begin: begin.step, every, steps: config.training.steps });
  const settings = {
    ...config.training,
    pause: out === undefined ? undefined : schedule.late,
    epsilon: config.training.adamEpsilon,
    seed: config.seed,
    drops: net.drops,
    labels: labelBatches(dataset, config, dataKey),
    contexts: contextBatches(dataset, config, dataKey),
    reportEvery: REPORT_EVERY,
  };
  const steps = trainer(engine, objective, layout, shape, batches, begin, settings, signal);
  const due = (step: number, each: number) => dueAt(step, each, config.training.steps);
  const keep = async (progress: TrainProgress) => {
    const { occasion, step } = progress;
    const report = occasion === 'report';
    const drawn = report && preview && due(step, preview.every);
    const measured = report && quality && due(step, quality.every);
    const watched = report && options.onRun && due(step, watchSteps);
    if (!drawn && !measured && !watched && !(out && schedule.due(progress))) return;
    const now = withBest(await progress.state(), validation);
    const run = () => runOf(config, sde, net, layout, now, curves());
    try {
      if (measured) await quality.measure(run(), step);
    } finally {
      if (out) await writeCheckpoint(out, config, layout, now, curves(), hashes);
      schedule.written(step);
    }
    if (drawn) await preview.draw(run(), step);
    if (watched) await options.onRun!(run(), step);
  };
  // If a measurement was interrupted, it is repeated.
  if (start && quality && !start.sum && due(start.step, quality.every) && !isMeasured(curves(), start.step))
    await quality.measure(runOf(config, sde, net, layout, start, curves()), start.step);
  const compare = ({ ema, step }: TrainState) =>
    validation!.measure(networkModel(net, unflatten(ema, layout), sde, shape, parts), ema, step);
  if (validation && start === undefined) await compare(begin);
  let turn = await steps.next();
  for (; !turn.done; turn = await steps.next()) {
    const { occasion, step, steps: all, loss } = turn.value;
    if (occasion === 'report') {
      losses.push({ step, loss });
      if (validation?.due(step)) await compare(await turn.value.state());
      stopped.early = step < all && (validation?.stops(step) ?? false);
      const distance = quality?.curve().points.at(-1)?.distance;
      const nats = validation?.curve().points.at(-1)?.nats;
      onProgress?.({
        ...{ step, steps: all, loss },
        ...(nats !== undefined && { nats }),
        ...(distance !== undefined && { distance }),
      });
    }
    await keep(turn.value);
    if (!stopped.early) continue;
    const now = withBest(await turn.value.state(), validation);
    if (out) await writeCheckpoint(out, config, layout, now, curves(), hashes);
    await steps.return(now);
    return runOf(config, sde, net, layout, now, curves());
  }
  return runOf(config, sde, net, layout, withBest(turn.value, validation), curves());
}

/** Steps between two calls of `onRun`. */
function stepsOfWatch({ runEvery = 100 }: TrainOptions): number {
  if (Number.isInteger(runEvery) && runEvery > 0) return runEvery;
  throw usage('Impossible number of steps', {
    where: 'runEvery',
    got: runEvery,
    expected: 'a whole number from 1',
  });
}

/** The state with the best weights of the validation, where there is one. */
function withBest(state: TrainState, validation: Validation | undefined): TrainState {
  const [best, baseline] = [validation?.best(), validation?.baseline()];
  return { ...state, ...(best && { best }), ...(baseline && { baseline }) };
}

const isMeasured = ({ quality }: Curves, at: number): boolean =>
  at === 0 || (quality?.points.some(({ step }) => step === at) ?? false);
