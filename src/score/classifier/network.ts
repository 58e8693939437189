import { coefficients } from '../../sde/coefficients.ts';
import type { Sde } from '../../sde/contract.ts';
import {
  type Coefficient,
  fromHost,
  mul,
  opaque,
  type PlainParams,
  reshape,
  type Shape,
  sub,
  type Tensor,
} from '../../tensor/index.ts';
import { spread } from '../labels.ts';
import { logTotal } from '../log-total.ts';
import { parameterise } from '../parameterisation.ts';
import type { Classifier, ClassifierNet } from './contract.ts';

/** A network with its weights as the classifier of noisy samples, bound to its SDE in training. */
export function networkClassifier(
  net: ClassifierNet,
  params: PlainParams,
  sde: Sde,
  shape: Shape,
): Classifier {
  const { inputScale, condition } = parameterise(sde, 'velocity');
  const names = Object.keys(params);
  return Object.freeze({
    name: net.name,
    shape,
    classes: net.classes,
    weights: names.map(name => params[name]!),
    logProbabilities(weights: readonly Tensor[], x: Tensor, t: Coefficient) {
      const rows = x.shape[0]!;
      const [at, shrink] = coefficients(time => [condition(time), inputScale?.(time) ?? 1], t);
      const c = typeof at === 'number' ? Float64Array.of(at) : at;
      const inputs = [inputScale ? mul(x, shrink) : x, fromHost(c, [c.length])] as const;
      const own = weights.slice(0, names.length);
      // Training passes the masks of dropped features last.
      const masks = weights.slice(names.length).map(mask => spread(mask, rows));
      const logits = opaque(net, [...inputs, ...own, ...masks], () => {
        const named = Object.fromEntries(names.map((name, i) => [name, own[i]!]));
        return reshape(net.apply(named, ...inputs, masks), [rows, net.classes]);
      });
      return sub(logits, reshape(logTotal(logits), [rows, 1]));
    },
  } satisfies Classifier);
}
