import type { Dataset } from '../../../data/index.ts';
import { meanOf } from '../../../math/mean.ts';
import { fillUniform, key } from '../../../random/index.ts';
import { logSnr, logSnrInverse } from '../../../sde/log-snr.ts';
import type { PlainTensor } from '../../../tensor/index.ts';
import { type BestStart, bestWeights } from '../best-weights.ts';
import { labelledRows, type NoisyPlace, noisyScores } from './noisy-scores.ts';

/** Most rows that are compared, and noises over all of them. */
const [MOST_ROWS, DRAWS] = [2000, 8192];

/**
 * The validation of a classifier: the mean log p(y | x_t) of rows that batches never serve, at fixed noises
 * of all levels, uniform in log-SNR. It keeps the best averaged weights and says when to stop.
 */
export function classifierValidation(
  rows: Dataset | undefined,
  place: NoisyPlace,
  start: BestStart,
  epsilon: number,
) {
  if (!rows) return undefined;
  const { sde, seed } = place;
  const fixed = labelledRows(rows, key(seed, 'validation'), MOST_ROWS);
  const count = fixed.labels.length;
  const draws = Math.max(4, Math.min(64, Math.ceil(DRAWS / count)));
  const offsets = new Float64Array(count);
  fillUniform(offsets, key(seed, 'bound/times'), { step: 0, first: 0, size: 1 });
  const [bottom, top] = [logSnr(sde, sde.tMax), logSnr(sde, epsilon)];
  const timeAt = logSnrInverse(sde);
  const scores = noisyScores(place, fixed, draws, (row, draw) =>
    timeAt(bottom + (top - bottom) * ((offsets[row]! + draw / draws) % 1)),
  );
  const kept = bestWeights(start);
  return {
    ...kept,
    async measure(weights: readonly PlainTensor[], flat: Float32Array, step: number) {
      const { nats } = await scores.measure(weights);
      kept.add(step, nats, flat, { nats: meanOf(nats) });
    },
    curve: () => ({ ...kept.curve(), rows: count }),
    dispose: scores.dispose,
  };
}
