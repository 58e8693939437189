import type { Dataset } from '../../../data/index.ts';
import { mapInto } from '../../../files/numbers.ts';
import { meanOf } from '../../../math/mean.ts';
import { key } from '../../../random/index.ts';
import { timeAtNoise } from '../../../sde/log-snr.ts';
import type { ClassifierReport } from '../../folder/classifier-report.ts';
import { dataOf, isDataset, storedReading } from '../data.ts';
import { type LabelledRows, labelledRows, type NoisyPlace, noisyScores } from './noisy-scores.ts';
import type { TrainClassifierOptions } from './options.ts';
import { type PreparedClassifier, withoutNet } from './prepare.ts';

/** Most rows that are told, and noises over all of them. */
const [MOST_ROWS, DRAWS] = [1000, 2000];
/** Noise levels of a report, σ/α, above the least of the SDE. */
const LEVELS = [0.1, 0.3, 1, 3, 10];

/**
 * The report of a classifier, if it was asked for and there are rows that it did not see: the test rows of a
 * file, else the validation rows.
 */
export async function accuracyOf(
  place: NoisyPlace,
  { config, dataset: training }: PreparedClassifier,
  options: TrainClassifierOptions,
): Promise<ClassifierReport | undefined> {
  if (!options.report) return undefined;
  if (!isDataset(options.data) && config.data.testFraction > 0) {
    const reading = { ...withoutNet(options), ...storedReading(config), validationFraction: 0 };
    const heldOut = await dataOf(reading, config.seed, training.transform, 'test');
    return classifierReport(place, { training, heldOut, part: 'test' });
  }
  const heldOut = training.validation;
  return heldOut && classifierReport(place, { training, heldOut, part: 'validation' });
}

/** How well the classes of held-out rows are told at each noise level, beside what needs no classifier. */
export async function classifierReport(
  place: NoisyPlace,
  { training, heldOut, part }: { training: Dataset; heldOut: Dataset; part: ClassifierReport['part'] },
): Promise<ClassifierReport> {
  const { sde, classifier, seed } = place;
  const rows = labelledRows(heldOut, key(seed, 'report'), MOST_ROWS);
  const draws = Math.max(1, Math.min(64, Math.ceil(DRAWS / rows.labels.length)));
  const ratio = (t: number) => sde.marginal(t).std / sde.marginal(t).scale;
  const within = LEVELS.filter(noise => noise > ratio(sde.tMin) && noise < ratio(sde.tMax));
  const times = [sde.tMin, ...within.map(noise => timeAtNoise(sde, noise, 'noise', sde.tMin))];
  const levels: ClassifierReport['levels'][number][] = [];
  for (const t of times) {
    const scores = noisyScores(place, rows, draws, () => t);
    try {
      const { nats, right } = await scores.measure(classifier.weights);
      levels.push({ noise: ratio(t), accuracy: meanOf(right), crossEntropy: -meanOf(nats) });
    } finally {
      await scores.dispose();
    }
  }
  return { part, rows: rows.labels.length, levels, ...withoutClassifier(training, rows) };
}

/** The largest class and the frequencies of the training rows, on the held-out rows. */
function withoutClassifier(
  { labels }: Dataset,
  { labels: fresh }: LabelledRows,
): Pick<ClassifierReport, 'largest' | 'frequencies'> {
  const { classes, values } = labels!;
  // One more of each, so that a class without a training row has a probability.
  const counts = new Float64Array(classes.length).fill(1);
  for (const label of values) counts[label]!++;
  const total = values.length + classes.length;
  const most = counts.indexOf(counts.reduce((a, b) => Math.max(a, b)));
  const mean = (of: (label: number) => number) => meanOf(mapInto(new Float64Array(fresh.length), fresh, of));
  const accuracy = mean(label => Number(label === most));
  const nats = mean(label => -Math.log(counts[label]! / total));
  return { largest: { class: classes[most]!, accuracy }, frequencies: nats };
}
