import type { Classifier } from '../../../score/classifier/contract.ts';
import type { TrainProgress, TrainState } from '../../../train/trainer.ts';
import type { Curves } from '../../folder/curves.ts';
import type { NoisyPlace } from './noisy-scores.ts';
import type { TrainClassifierOptions } from './options.ts';
import type { PreparedClassifier } from './prepare.ts';
import { classifierValidation } from './validation.ts';

/** What is measured while a classifier trains. */
export interface ClassifierRecord {
  /** The curves so far. */
  curves(): Curves;
  /** The state with the best weights of the validation, where there is one. */
  chosen(state: TrainState): TrainState;
  /** Compares the averaged weights with the best, where there is a validation. */
  compare(state: TrainState): Promise<void>;
  /** Records a report of progress; says whether training stops here. */
  report(progress: TrainProgress): Promise<boolean>;
  dispose(): Promise<void>;
}

/** The record of a new or continued training. */
export function classifierRecord(
  { config, dataset, start, curves: earlier }: PreparedClassifier,
  place: NoisyPlace,
  classifierOf: (weights: Float32Array) => Classifier,
  { onProgress }: TrainClassifierOptions,
): ClassifierRecord {
  const before = { curve: earlier.validation, best: start?.best, baseline: start?.baseline };
  const validation = classifierValidation(dataset.validation, place, before, config.objective.epsilon);
  const losses = [...earlier.losses];
  let stopped = earlier.validation?.stopped === true;
  const compare = async ({ ema, step }: TrainState) =>
    validation?.measure(classifierOf(ema).weights, ema, step);
  return {
    compare,
    curves: () => ({
      losses,
      ...(validation && { validation: { ...validation.curve(), ...(stopped && { stopped }) } }),
    }),
    chosen(state) {
      const [best, baseline] = [validation?.best(), validation?.baseline()];
      return { ...state, ...(best && { best }), ...(baseline && { baseline }) };
    },
    async report({ step, steps, loss, state }) {
      losses.push({ step, loss });
      if (validation?.due(step)) await compare(await state());
      stopped = step < steps && (validation?.stops(step) ?? false);
      const nats = validation?.curve().points.at(-1)?.nats;
      onProgress?.({
        step,
        steps,
        loss,
        mayStop: validation !== undefined,
        ...(nats !== undefined && { nats }),
      });
      return stopped;
    },
    dispose: async () => validation?.dispose(),
  };
}
