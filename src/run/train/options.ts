import type {
  ColumnBounds,
  Dataset,
  KindChoices,
  NamedFile,
  Scaling,
  TableScalingName,
  TextOptions,
} from '../../data/index.ts';
import type { Engine, EngineName } from '../../engine/index.ts';
import type { Weighting } from '../../objectives/index.ts';
import type { NetSpec } from '../../registry/nets.ts';
import type { ObjectiveSpec } from '../../registry/objectives.ts';
import type { PresetName } from '../../registry/presets.ts';
import type { SdeSpec } from '../../registry/sdes.ts';
import type { RunConfig } from '../folder/config.ts';
import type { Run, TrainedRun } from '../run.ts';

/** An optimizer: a name, or a name with its options. */
export type OptimizerSpec =
  | 'adam'
  | 'sgld'
  | {
      /** Adam (Kingma and Ba 2015). */
      readonly name: 'adam';
    }
  | ({
      /** Stochastic gradient Langevin dynamics (Welling and Teh 2011). */
      readonly name: 'sgld';
    } & Partial<NonNullable<RunConfig['training']['optimizer']>>);

/** Grids of samples during training. */
export interface PreviewOptions {
  /** Steps between two grids, each written to `out`/samples/step-N.png; only for images. */
  readonly sampleEvery?: number;
  /** Samples in a grid; default 16. */
  readonly sampleCount?: number;
}

/** Measurements of sample quality during training. */
export interface QualityOptions {
  /** Steps between two measurements: the sliced Wasserstein distance of samples to rows of the data. */
  readonly qualityEvery?: number;
  /**
   * Samples in a measurement; default 1000, or 256 if a sample has over 128 numbers; at most half the rows of
   * the data.
   */
  readonly qualityCount?: number;
}

/** A look at the run while it is trained. */
export interface WatchOptions {
  /**
   * Receives the run as it is now, with its averaged weights, and the step: to draw samples, or to measure.
   * Training waits for it.
   */
  readonly onRun?: (run: TrainedRun, step: number) => void | Promise<void>;
  /** Steps between two calls of `onRun`; default 100. They are rounded up to reports of progress. */
  readonly runEvery?: number;
}

/**
 * The options of `train`. All but `data` have a default: those of training are `trainingDefaults`, the SDE
 * is `vp`, the net `mlp`.
 */
export interface TrainOptions
  extends Partial<Omit<RunConfig['training'], 'optimizer' | 'decay'>>,
    PreviewOptions,
    QualityOptions,
    WatchOptions,
    TextOptions {
  /** A toy density by name, a file (.csv, .npy) by its path or as a `File`, or a data set. */
  readonly data: string | NamedFile | Dataset;
  /** The columns of a table to learn, by name. Default: all columns that can be used. */
  readonly columns?: readonly string[];
  /** Columns of a table to leave out, by name. Default: none. */
  readonly exclude?: readonly string[];
  /** Leave out every column of a text table that cannot be used, instead of throwing. */
  readonly dropUnusable?: boolean;
  /**
   * What columns hold, by their names: `{ zip: 'category', id: 'ignore' }`. The kinds of the others are
   * found.
   */
  readonly kinds?: KindChoices;
  /** Name of the array with the rows, in an `.npz` with several arrays. */
  readonly array?: string;
  /**
   * Spread whole numbers over [v, v + 1): in all columns, or in the named columns, whose steps can differ
   * from 1.
   */
  readonly dequantize?: boolean | readonly string[];
  /**
   * Bounds of columns by name, which samples keep: `{ rain: { low: 0 } }`. Default: the ends of the data that
   * a twentieth of the rows share.
   */
  readonly bounds?: ColumnBounds;
  /**
   * Mirror images with probability ½, each time they are used. Only for data that `train` opens, like `size`
   * and `stream`.
   */
  readonly flips?: boolean;
  /** The shape of a row that is a plain list in the file: [8, 8] for 64 columns of pixels. */
  readonly shape?: readonly number[];
  /** The values are levels 0 … L − 1 of a picture: they are dequantised and scaled to [−1, 1]. */
  readonly levels?: number;
  /** Side to which the images of a folder are scaled and cropped. */
  readonly size?: number;
  /** The colour behind transparent pixels of images in a folder: `white`, `black`, `grey` or `#rrggbb`. */
  readonly background?: string;
  /** Whether rows stay in their file and are read on demand. Default: for files of more than 256 MiB. */
  readonly stream?: boolean;
  /**
   * How values are scaled. Default: `auto` for rows of numbers, which is the best by cross-validation;
   * pictures by their levels.
   */
  readonly scaling?: Scaling | TableScalingName;
  /**
   * Whether the model learns every question about a row: which cells are generated, known and absent. Then
   * `sample` takes known cells, and missing cells can be imputed. Default: whether some cells are missing.
   */
  readonly conditional?: boolean;
  /** Columns that are always known: the model is p(the rest | these). Default: none. */
  readonly condition?: readonly string[];
  /**
   * The part of the training rows of a table by which training decides when to stop and which weights to
   * keep; 0 for none. Default 0.15 for tables, none for pictures and densities.
   */
  readonly validationFraction?: number;
  /**
   * Whether a trained table is scored at the end, beside a Gaussian and a small mixture, and its samples are
   * compared with the data: `run.report`. Default false; the command line does.
   */
  readonly report?: boolean;
  /** The part of the rows kept for testing; 0.2 by default; a density has no rows to keep. */
  readonly testFraction?: number;
  /**
   * The classes of a file's rows: a column, an array of the `.npz`, a file of labels, or `own`. The model
   * then learns p(x | class) as well as p(x).
   */
  readonly labels?: string;
  /** The share of training samples without their label, from which p(x) is learned; default 0.1. */
  readonly labelDropout?: number;
  /** An SDE by name, with its schedule and options, or by value. Default `vp`. */
  readonly sde?: SdeSpec;
  /** A network by name, with options, or by value. Default `mlp`. */
  readonly net?: NetSpec;
  /** A name in `presets`: its SDE and objective are the defaults. */
  readonly preset?: PresetName;
  /** A name in `objectives`, with or without options; default `denoising`. */
  readonly objective?: ObjectiveSpec;
  /**
   * How weights are learned: `adam` (default), or `sgld`, Langevin dynamics, which keeps draws of the weights
   * for `openEnsemble`.
   */
  readonly optimizer?: OptimizerSpec;
  /** How the learning rate falls: `cosine` (default) or `none`. `sgld` has its own. */
  readonly decay?: 'cosine' | 'none';
  /** The weighting of the objective. */
  readonly weighting?: Weighting;
  /** Seed of weights, split, order of rows, times and noise, a whole number from 0 to 2⁵³ − 1. Default 0. */
  readonly seed?: number;
  /** Folder of the run; without it nothing is written. */
  readonly out?: string;
  /** Continue the run in `out` from its last checkpoint. A finished run continues if `steps` is larger. */
  readonly resume?: boolean;
  /** Replace the run in `out`. Without it, an existing run is an error. */
  readonly overwrite?: boolean;
  /**
   * A run, or its folder, whose averaged weights training starts from. Its SDE and network are the defaults.
   */
  readonly from?: string | Run;
  /**
   * A name in `engines`, `auto` or an engine of your own. Default `auto`: the first of `onnx`,
   * `onnx-web` and `wasm` that loads.
   */
  readonly engine?: EngineName | 'auto' | Engine;
  /** Stops the training between two steps. With `out`, a checkpoint is written first. */
  readonly signal?: AbortSignal;
  /**
   * Receives, before the first step, notes on the data and on how well the prior fits, KL(p_T ‖ prior).
   * Without it, a mismatch above 0.01 nats per dimension becomes a warning of the process.
   */
  readonly onNote?: (note: string) => void;
  /** Receives the current step, and the mean loss since the last report. */
  readonly onProgress?: (progress: {
    readonly step: number;
    readonly steps: number;
    readonly loss: number;
    /** Whether training stops before the last step if the validation no longer improves. */
    readonly mayStop: boolean;
    /** The last nats of the validation rows, where there are any. */
    readonly nats?: number;
    /** The last measure of quality, where there is one. */
    readonly distance?: number;
  }) => void;
}
