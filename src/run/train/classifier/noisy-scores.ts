import type { Dataset } from '../../../data/index.ts';
import type { Engine } from '../../../engine/index.ts';
import { mapInto } from '../../../files/numbers.ts';
import { fillNormal, type Key, key } from '../../../random/index.ts';
import type { Classifier } from '../../../score/classifier/contract.ts';
import { coefficients } from '../../../sde/coefficients.ts';
import type { Sde } from '../../../sde/index.ts';
import { combine, type PlainTensor, sizeOf } from '../../../tensor/index.ts';
import { modelShape } from '../../shape.ts';

/** Rows with their classes, in model units. */
export interface LabelledRows {
  /** [N, ...D] */
  readonly x: PlainTensor;
  /** [N] */
  readonly labels: Int32Array;
}

/** How well the classes of rows are told: of each row, the mean over its noises. */
export interface RowScores {
  /** Mean log p(y | x_t) in nats, [N]. */
  readonly nats: Float64Array;
  /** Share of the noises under which the class is the most probable one, [N]. */
  readonly right: Float64Array;
}

/** What is measured again and again: fixed rows, times and noises. */
export interface NoisyScores {
  /** The scores under the weights of a classifier of the same form. */
  measure(weights: readonly PlainTensor[]): Promise<RowScores>;
  dispose(): Promise<void>;
}

/** At most so many rows of a data set with labels, evenly spread. */
export function labelledRows(dataset: Dataset, drawn: Key, most: number): LabelledRows {
  const count = Math.min(dataset.count, most);
  const samples = Uint32Array.from({ length: count }, (_, i) => Math.floor((i * dataset.count) / count));
  const shape = modelShape(dataset);
  const x = new Float32Array(count * sizeOf(shape));
  dataset.read(x, drawn, samples);
  const { values } = dataset.labels!;
  return {
    x: { data: x, shape: [count, ...shape] },
    labels: mapInto(new Int32Array(count), samples, i => values[i]!),
  };
}

/** Values of x_t in one call. */
const MOST_VALUES = 1 << 17;

/**
 * Scores of rows under `draws` noises each, at fixed times (row, draw) → t. The weights are inputs of the
 * program, so it is compiled once.
 */
export function noisyScores(
  { engine, sde, classifier, seed }: NoisyPlace,
  { x, labels }: LabelledRows,
  draws: number,
  timeOf: (row: number, draw: number) => number,
): NoisyScores {
  const [count, size] = [labels.length, sizeOf(x.shape.slice(1))];
  const pairs = Math.min(2048, Math.max(16, Math.floor(MOST_VALUES / size)), count * draws);
  const noise = new Float32Array(pairs * size);
  const program = engine.compile<Float64Array>((_none, [x0, z, ...weights], t) => {
    const [scale, std] = coefficients(time => {
      const marginal = sde.marginal(time);
      return [marginal.scale, marginal.std];
    }, t);
    return [classifier.logProbabilities(weights, combine([scale, x0!], [std, z!]), t)];
  });
  const rowOf = (pair: number) => Math.min(count - 1, Math.floor(pair / draws));
  /** Pairs first … first + pairs; those beyond the last repeat it. */
  const part = (first: number) => {
    const data = new Float32Array(pairs * size);
    const t = new Float64Array(pairs);
    for (let i = 0; i < pairs; i++) {
      const row = rowOf(first + i);
      data.set(x.data.subarray(row * size, (row + 1) * size), i * size);
      t[i] = timeOf(row, (first + i) % draws);
    }
    fillNormal(noise, key(seed, 'classifier/noise'), { step: 0, first, size });
    const shape = [pairs, ...x.shape.slice(1)];
    return { t, inputs: [data, noise.slice()].map(each => ({ data: each, shape })) };
  };
  return {
    async measure(weights) {
      const values = weights.map(each => engine.put(each));
      const scores = { nats: new Float64Array(count), right: new Float64Array(count) };
      try {
        for (let first = 0; first < count * draws; first += pairs) {
          const { t, inputs } = part(first);
          const own = inputs.map(each => engine.put(each));
          const [out] = await program.run([...own, ...values], t);
          const logs = await engine.read(out!);
          engine.free(out!, ...own);
          for (let i = 0; i < Math.min(pairs, count * draws - first); i++) {
            const row = rowOf(first + i);
            const all = logs.subarray(i * classifier.classes, (i + 1) * classifier.classes);
            const log = all[labels[row]!]!;
            scores.nats[row]! += log / draws;
            scores.right[row]! += Number(all.every(other => other <= log)) / draws;
          }
        }
      } finally {
        engine.free(...values);
      }
      return scores;
    },
    dispose: () => program.dispose(),
  };
}

/** Where classes are told, and the form of the classifier. */
export interface NoisyPlace {
  readonly engine: Engine;
  readonly sde: Sde;
  readonly classifier: Classifier;
  readonly seed: number;
}
