import { type Engine, requireEngine } from '../../../engine/index.ts';
import { sharedEngine } from '../../../engine/shared.ts';
import { usage } from '../../../errors.ts';
import { unflatten } from '../../../train/flat.ts';
import { initialState, type TrainState } from '../../../train/trainer.ts';
import type { ClassifierRun } from '../../classifier.ts';
import { writeCheckpoint } from '../../folder/checkpoint.ts';
import type { Curves } from '../../folder/curves.ts';
import { inFolder } from '../in-folder.ts';
import { checkpointSchedule } from '../schedule.ts';
import { classifierLearner } from './learner.ts';
import type { TrainClassifierOptions } from './options.ts';
import { freshClassifier, type PreparedClassifier, resumedClassifier } from './prepare.ts';
import { classifierRecord } from './record.ts';
import { accuracyOf } from './report.ts';

/**
 * Trains a classifier of noisy samples, log p(y | x_t), by cross-entropy at random t. It guides a model of
 * the same data to a class: see `givenClasses`. With `out` it writes checkpoints as `train` does, and a
 * resumed one ends in the same bytes.
 * @throws usage for data without labels, and as `train` does
 */
export const trainClassifier = (options: TrainClassifierOptions): Promise<ClassifierRun> =>
  trainClassifierOn(() => sharedEngine(options.engine), options);

/** `trainClassifier` on the engine that `start` gives, when all options are checked. */
export async function trainClassifierOn(
  start: () => Promise<Engine>,
  options: TrainClassifierOptions,
): Promise<ClassifierRun> {
  requireEngine(options.engine);
  if (options.resume && options.out === undefined)
    throw usage('There is nothing to resume without a run', {
      remedy: 'Give its folder: --out RUN --resume',
    });
  return inFolder(
    options,
    () => (options.resume ? resumedClassifier(options) : freshClassifier(options)),
    async prepared => {
      const engine = await start();
      const config = prepared.start ? prepared.config : { ...prepared.config, engine: engine.name };
      return learn(engine, { ...prepared, config }, options);
    },
  );
}

async function learn(
  engine: Engine,
  prepared: PreparedClassifier,
  options: TrainClassifierOptions,
): Promise<ClassifierRun> {
  const { config, sde, start, hashes: rows } = prepared;
  const { seed, training } = config;
  const learner = classifierLearner(prepared);
  const { layout, classifierOf } = learner;
  const begin = start ?? initialState(learner.first);
  const place = { engine, sde, classifier: classifierOf(learner.first), seed };
  const record = classifierRecord(prepared, place, classifierOf, options);
  const schedule = checkpointSchedule({
    begin: begin.step,
    every: training.checkpointEvery,
    steps: training.steps,
  });
  const write = async (state: TrainState, more?: Pick<Curves, 'accuracy'>) => {
    const curves = { ...record.curves(), ...more };
    if (options.out) await writeCheckpoint(options.out, config, { layout, state, curves, rows });
    schedule.written(state.step);
  };
  try {
    if (!start) await record.compare(begin);
    const pause = options.out === undefined ? undefined : schedule.late;
    const steps = learner.steps(engine, begin, { pause, signal: options.signal });
    let turn = await steps.next();
    while (!turn.done) {
      const stops = turn.value.occasion === 'report' && (await record.report(turn.value));
      const state = stops ? await turn.value.state() : undefined;
      if (options.out && !stops && schedule.due(turn.value))
        await write(record.chosen(await turn.value.state()));
      turn = state ? await steps.return(state) : await steps.next();
    }
    const state = record.chosen(turn.value);
    const weights = state.best ?? state.ema;
    const classifier = classifierOf(weights);
    const accuracy = await accuracyOf({ ...place, classifier }, prepared, options);
    if (accuracy || record.curves().validation?.stopped) await write(state, accuracy && { accuracy });
    const params = unflatten(weights, layout);
    return { config, sde, params, classifier, ...record.curves(), ...(accuracy && { accuracy }) };
  } finally {
    await record.dispose();
  }
}
