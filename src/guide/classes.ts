import { usage } from '../errors.ts';
import type { Measurement, NoisyPart } from '../measure/contract.ts';
import type { Classifier } from '../score/classifier/contract.ts';
import { fromHost, matmul, reshape } from '../tensor/index.ts';

/**
 * What a classifier of noisy samples says of classes: Π_k p(k | x)^w_k, with w_k the k-th of `weights` (0:
 * not asked). Weight 1 is the class, more is more typical of it, and a weight below 0 keeps away from it.
 * @throws usage for weights that are not one number for each class, or all 0
 */
export function classesGiven(
  classifier: Classifier,
  weights: readonly number[],
  text: string = classifier.name,
): Measurement {
  const { classes, shape } = classifier;
  if (weights.length !== classes || !weights.every(Number.isFinite) || weights.every(w => w === 0))
    throw usage('Every class has a weight, and some are not 0', {
      where: text,
      got: weights.join(', '),
      expected: `${classes} numbers`,
    });
  const part: NoisyPart = {
    kind: 'noisy',
    text,
    shape,
    isProbability: weights.every(w => w === 0 || w === 1),
    weights: classifier.weights,
    logLikelihood: (constants, x, t) => {
      const logs = classifier.logProbabilities(constants, x, t);
      return reshape(matmul(logs, fromHost(Float32Array.from(weights), [classes, 1])), [x.shape[0]!]);
    },
  };
  return Object.freeze({
    name: 'classes',
    linear: false,
    on: async () => [part],
  } satisfies Measurement);
}
