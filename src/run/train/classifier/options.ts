import type { ClassificationOptions } from '../../../objectives/classification.ts';
import type { Run } from '../../run.ts';
import type { TrainOptions } from '../options.ts';

/** Options of a model of data that a classifier does not have. */
type OfModels =
  | 'weighting'
  | 'preset'
  | 'objective'
  | 'optimizer'
  | 'from'
  | 'net'
  | 'labelDropout'
  | 'conditional'
  | 'condition'
  | 'sampleEvery'
  | 'sampleCount'
  | 'qualityEvery'
  | 'qualityCount'
  | 'onRun'
  | 'runEvery';

/**
 * The options of `trainClassifier`: those of `train` that a classifier heeds, and the run that it will guide.
 * All but `data` and the labels have a default.
 */
export interface TrainClassifierOptions extends Omit<TrainOptions, OfModels> {
  /**
   * The run that it will guide, or its folder: the classifier sees the data in the units of this run, under
   * its SDE, and keeps the same rows for testing. Default: units and SDE of its own.
   */
  readonly for?: string | Run;
  /** `mlp`, `unet`, `ddpm`, `ddpmpp` or `ncsnpp`, with or without options. Default `mlp`. */
  readonly net?:
    | string
    | {
        /** The name. */
        readonly name: string;
        /** Its options. */
        readonly [option: string]: unknown;
      };
  /** Which noise levels come how often; default uniform in log-SNR. */
  readonly objective?: ClassificationOptions;
}
