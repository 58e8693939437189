/** Weights as trained, or their moving average. */
export type WeightsKind = 'model' | 'ema';
