import { type Engine, requireEngine } from '../../engine/index.ts';
import { sharedEngine } from '../../engine/shared.ts';
import type { TrainProgress, TrainState } from '../../train/trainer.ts';
import { writeCheckpoint } from '../folder/checkpoint.ts';
import type { Curves } from '../folder/curves.ts';
import { runOf, type TrainedRun } from '../run.ts';
import { inFolder } from './in-folder.ts';
import { type Learner, learnerOf } from './learner.ts';
import type { TrainOptions } from './options.ts';
import { fresh, type Prepared } from './prepare.ts';
import { notePrior, priorMismatch } from './prior.ts';
import { recordOf, requireRecord, type TrainingRecord } from './record.ts';
import { hasTestRows, reportFor } from './report/index.ts';
import { resumed } from './resumed.ts';
import { finished } from './starts.ts';

/**
 * Trains a score model with the objective (by default continuous denoising score matching) and returns it as
 * a run. With `out` it writes checkpoints every `checkpointEvery` steps, every minute, and when `signal`
 * stops it. A run that is resumed from them ends in the same bytes.
 * @throws usage for invalid names, values and combinations, before anything is written; failure for damaged
 * data and a loss that diverges; AbortError if `signal` is aborted
 */
export const train = (options: TrainOptions): Promise<TrainedRun> =>
  trainOn(() => sharedEngine(options.engine), options);

/**
 * `train` on the engine that `start` gives. It starts when all options are checked, since starting takes
 * time.
 */
export async function trainOn(start: () => Promise<Engine>, options: TrainOptions): Promise<TrainedRun> {
  requireEngine(options.engine);
  return inFolder(
    options,
    () => (options.resume ? resumed(options) : fresh(options)),
    async prepared => {
      const learner = learnerOf(prepared, options);
      requireRecord(prepared, options);
      const engine = await start();
      const config = prepared.start ? prepared.config : { ...prepared.config, engine: engine.name };
      return learn(engine, { ...prepared, config }, learner, options);
    },
  );
}

async function learn(
  engine: Engine,
  prepared: Prepared,
  learner: Learner,
  options: TrainOptions,
): Promise<TrainedRun> {
  const { config, sde, net, dataset, start, hashes: rows, starts } = prepared;
  if (start === undefined) notePrior(priorMismatch(dataset, sde, config.seed), options);
  const { layout } = learner;
  const record = await recordOf(engine, prepared, learner, options);
  const runWith = (state: TrainState, curves: Curves, as = config) =>
    runOf(as, sde, net, layout, state, curves);
  const write = async (state: TrainState, curves: Curves, as = config, weights?: Float32Array) => {
    const files = { layout, state, curves, rows, starts, weights };
    if (options.out) await writeCheckpoint(options.out, as, files);
    learner.schedule.written(state.step);
  };
  try {
    await record.begin(state => runWith(state, record.curves()));
    const keep = async (progress: TrainProgress) => {
      const isDrawn = progress.occasion === 'report' && record.draws(progress.step);
      if (!isDrawn && !(options.out && learner.schedule.due(progress))) return;
      const state = record.chosen(await progress.state());
      const run = () => runWith(state, record.curves());
      try {
        if (isDrawn) await record.measure(run, state.step);
      } finally {
        await write(state, record.curves());
      }
      if (isDrawn) await record.draw(run, state.step);
    };
    const state = record.chosen(await lastState(learner.steps(engine), record, keep));
    const finish = finished(config, starts, record.curves());
    const weights = finish.isMixture ? learner.first : undefined;
    const used = weights ? { ...state, best: weights } : state;
    // Validation rows are scored by what was not fitted to them.
    const as = hasTestRows(config, options) ? finish.config : finish.validated;
    const scored = runWith(used, record.curves(), as);
    const report = await reportFor(scored, prepared, engine, options).catch((cause: Error) => {
      if (options.signal?.aborted) throw cause;
      options.onNote?.(`no report: ${cause.message}`);
    });
    const curves = { ...record.curves(), ...(report && { report }) };
    const isNew = report || finish.config !== config || record.curves().validation?.stopped;
    if (isNew) await write(state, curves, finish.config, weights);
    return runWith(used, curves, finish.config);
  } finally {
    await record.dispose();
  }
}

/** Takes the steps until they end, or the record says that training stops. */
async function lastState(
  steps: AsyncGenerator<TrainProgress, TrainState>,
  record: TrainingRecord,
  keep: (progress: TrainProgress) => Promise<void>,
): Promise<TrainState> {
  let turn = await steps.next();
  for (; !turn.done; turn = await steps.next()) {
    const stops = turn.value.occasion === 'report' && (await record.report(turn.value)).stops;
    await keep(turn.value);
    if (!stops) continue;
    const state = await turn.value.state();
    await steps.return(state);
    return state;
  }
  return turn.value;
}
