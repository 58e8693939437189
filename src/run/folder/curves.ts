/** One point of the loss curve: the mean loss over the steps up to `step` since the last point. */
export interface LossPoint {
  /** Number of training steps taken. */
  readonly step: number;
  /** The mean loss. */
  readonly loss: number;
}

/**
 * Distances of samples to the data during training, in model units, and the distance between two sets of
 * data.
 */
export interface QualityCurve {
  /** The distance between two sets of data: smaller distances mean nothing. */
  readonly floor: number;
  /** The distance of samples to data at each step where it was measured. */
  readonly points: readonly {
    /** Number of training steps taken. */
    readonly step: number;
    /** The sliced Wasserstein distance. */
    readonly distance: number;
  }[];
}

/** The curves of a training: its losses, and distances if they were measured. */
export interface Curves {
  readonly losses: readonly LossPoint[];
  /** Distances of samples to the data, if they were measured. */
  readonly quality?: QualityCurve | undefined;
}
