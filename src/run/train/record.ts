import type { Engine } from '../../engine/index.ts';
import { usage } from '../../errors.ts';
import type { TrainProgress, TrainState } from '../../train/trainer.ts';
import type { Curves } from '../folder/curves.ts';
import type { TrainedRun } from '../run.ts';
import type { Learner } from './learner.ts';
import type { TrainOptions } from './options.ts';
import type { Prepared } from './prepare.ts';
import { previews, requirePreviews } from './preview.ts';
import { qualityWatch, requireQuality } from './quality.ts';
import { dueAt } from './schedule.ts';
import { validationOf } from './validation.ts';

/** What is measured and drawn while a run trains. */
export interface TrainingRecord {
  /** The curves so far. */
  curves(): Curves;
  /** The state with the best weights of the validation, where there is one. */
  chosen(state: TrainState): TrainState;
  /** Measures what is due before the first step. */
  begin(runOf: (state: TrainState) => TrainedRun): Promise<void>;
  /** Records a report of progress; says whether training stops here. */
  report(progress: TrainProgress): Promise<{ readonly stops: boolean }>;
  /** Whether samples are measured or drawn at this step. */
  draws(step: number): boolean;
  /** Measures the quality of samples, where it is due. */
  measure(run: () => TrainedRun, step: number): Promise<void>;
  /** Draws samples and calls `onRun`, where they are due. */
  draw(run: () => TrainedRun, step: number): Promise<void>;
  dispose(): Promise<void>;
}

/** @throws usage for previews, measurements or calls of `onRun` that are impossible for this training */
export function requireRecord({ config, dataset }: Prepared, options: TrainOptions): void {
  requirePreviews(config, options);
  requireQuality(dataset, options);
  if (options.onRun) stepsOfWatch(options);
}

/** The record of a new or continued training: losses, validation, quality of samples, and previews. */
export async function recordOf(
  engine: Engine,
  prepared: Prepared,
  { modelOf, begin: first }: Learner,
  options: TrainOptions,
): Promise<TrainingRecord> {
  const { config, sde, dataset, start, curves: earlier, starts } = prepared;
  const { out, signal, onProgress, onRun } = options;
  const every = stepsOfWatch(options);
  const watch = onRun && { every };
  const preview = await previews(config, options, { out, fresh: start === undefined, engine, signal });
  const losses = [...earlier.losses];
  const place = { engine, signal, earlier: earlier.quality };
  const quality = qualityWatch(options, dataset, config.seed, place);
  const validation = validationOf(dataset, {
    ...{ engine, sde, seed: config.seed },
    ...{ curve: earlier.validation, best: start?.best, baseline: start?.baseline },
    questions: config.data.conditional === true,
    sigma: config.objective.sigma,
  });
  let stopped = false;
  const curves = (): Curves => {
    const measured = quality?.curve() ?? earlier.quality;
    const compared = validation && { ...validation.curve(), ...(stopped && { stopped: true as const }) };
    return { losses, ...(compared && { validation: compared }), ...(measured && { quality: measured }) };
  };
  const compare = ({ ema, step }: TrainState) => validation!.measure(modelOf(ema), ema, step);
  const due = (each: { readonly every: number } | undefined, step: number) =>
    each !== undefined && dueAt(step, each.every, config.training.steps);
  return {
    curves,
    chosen(state) {
      const [best, baseline] = [validation?.best(), validation?.baseline()];
      return { ...state, ...(best && { best }), ...(baseline && { baseline }) };
    },
    async begin(runOf) {
      // If a measurement was interrupted, it is repeated.
      if (start && quality && !start.sum && due(quality, start.step) && !isMeasured(curves(), start.step))
        await quality.measure(runOf(start), start.step);
      if (validation && start === undefined) await compare(first);
      const { mixtureStart } = dataset;
      if (validation && mixtureStart && starts?.mixture && start === undefined)
        await validation.measureMixture(modelOf(first.ema, starts.mixture.training), mixtureStart.validation);
    },
    async report({ step, steps, loss, state }) {
      losses.push({ step, loss });
      if (validation?.due(step)) await compare(await state());
      // Draws of weights come late: their training takes all steps.
      stopped = step < steps && !config.training.optimizer && (validation?.stops(step) ?? false);
      const distance = quality?.curve().points.at(-1)?.distance;
      const nats = validation?.curve().points.at(-1)?.nats;
      onProgress?.({
        ...{ step, steps, loss, mayStop: validation !== undefined && !config.training.optimizer },
        ...(nats !== undefined && { nats }),
        ...(distance !== undefined && { distance }),
      });
      return { stops: stopped };
    },
    draws: step => due(preview, step) || due(quality, step) || due(watch, step),
    measure: async (run, step) => (due(quality, step) ? quality!.measure(run(), step) : undefined),
    async draw(run, step) {
      if (due(preview, step)) await preview!.draw(run(), step);
      if (due(watch, step)) await onRun!(run(), step);
    },
    dispose: async () => validation?.dispose(),
  };
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

const isMeasured = ({ quality }: Curves, at: number): boolean =>
  at === 0 || (quality?.points.some(({ step }) => step === at) ?? false);
