import { usage } from '../../errors.ts';
import { coefficients } from '../../sde/coefficients.ts';
import type { Sde } from '../../sde/contract.ts';
import {
  add,
  concat,
  div,
  log,
  mul,
  reshape,
  slice,
  square,
  sub,
  sum,
  type Tensor,
} from '../../tensor/index.ts';
import { plainTensor, shapeOf } from '../analytic/checks.ts';
import { componentsOf, type MixtureOptions } from '../analytic/mixture.ts';
import { logTotal } from '../log-total.ts';
import type { Classifier } from './contract.ts';

/** The distribution Σₖ weights[k]·N(means[k], stds[k]²), and the class of each of its Gaussians. */
export interface MixtureClassifierOptions extends MixtureOptions {
  /** The class of each component, from 0 up without a gap. Default: every component is a class. */
  readonly labels?: readonly number[];
}

/**
 * The exact classifier of a mixture under noise: p(k | x_t) is the responsibility of the components of class
 * k, with p_t the mixture of N(scale·m, scale²s² + std²). The reference for trained classifiers.
 * @throws usage for labels that do not count the classes from 0
 */
export function mixtureClassifier(options: MixtureClassifierOptions, sde: Sde): Classifier {
  const { means, variances, logWeights } = componentsOf(options);
  const [count, size] = [means.length, means[0]!.length];
  const labels = options.labels ?? means.map((_, k) => k);
  const members = membersOf(labels, count);
  // Components of one class stand side by side.
  const order = members.flat();
  const sorted = <T>(values: readonly T[]) => order.map(k => values[k]!);
  const ends = members.map((_, k) => members.slice(0, k).reduce((total, each) => total + each.length, 0));
  return Object.freeze({
    name: 'mixture',
    shape: shapeOf('mixtureClassifier', size, options.shape),
    classes: members.length,
    weights: [
      plainTensor(sorted(means).flat(), [1, count, size]),
      plainTensor(sorted(variances).flat(), [1, count, size]),
      plainTensor(sorted(logWeights), [1, count]),
    ],
    logProbabilities([center, variance, weight]: readonly Tensor[], x, t) {
      const [scale, shrink, power] = coefficients(time => {
        const marginal = sde.marginal(time);
        return [marginal.scale, marginal.scale ** 2, marginal.std ** 2];
      }, t);
      const rows = x.shape[0]!;
      const total = add(mul(variance!, shrink), power);
      const deviation = sub(reshape(x, [rows, 1, size]), mul(center!, scale));
      const logits = sub(weight!, mul(sum(add(div(square(deviation), total), log(total)), [2]), 0.5));
      const classes = members.map(({ length }, k) =>
        reshape(logTotal(slice(logits, [0, ends[k]!], [rows, length])), [rows, 1]),
      );
      return sub(concat(classes, 1), reshape(logTotal(logits), [rows, 1]));
    },
  } satisfies Classifier);
}

/** The components of each class. */
function membersOf(labels: readonly number[], count: number): number[][] {
  const classes = new Set(labels).size;
  const members = Array.from({ length: classes }, (_, label) =>
    [...labels.keys()].filter(k => labels[k] === label),
  );
  if (labels.length === count && classes > 1 && members.every(({ length }) => length > 0)) return members;
  throw usage('The labels have to number two classes or more from 0, without a gap', {
    where: 'mixtureClassifier',
    got: labels.join(', '),
    expected: `${count} labels, such as ${Array.from({ length: count }, (_, k) => k % 2).join(', ')}`,
  });
}
