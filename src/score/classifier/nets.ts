import { unknownName } from '../../errors.ts';
import type { Params, Shape, Tensor } from '../../tensor/index.ts';
import type { ScoreNet } from '../contract.ts';
import { requireClasses } from '../labels.ts';
import { mlp } from '../nets/mlp.ts';
import { ddpm, ddpmpp, ncsnpp, unet } from '../nets/unet.ts';
import type { ClassifierNet } from './contract.ts';

type Body = (shape: Shape, options: Readonly<Record<string, unknown>>, outputs: number) => ScoreNet;

/** Networks of scores that also classify: a perceptron with other outputs, or the way down of a U-Net. */
export const classifierNets: Readonly<Record<string, Body>> = Object.freeze({
  mlp,
  unet,
  ddpm,
  ddpmpp,
  ncsnpp,
});

/** A network of that name by its own options, and the number of classes. */
export interface ClassifierNetSpec {
  /** A name in `classifierNets`. */
  readonly name: string;
  /** K */
  readonly classes: number;
  readonly [option: string]: unknown;
}

/**
 * The network of that name as a classifier of samples of `shape`.
 * @throws usage for an unknown name or option, and for a wrong number of classes
 */
export function classifierNet(spec: ClassifierNetSpec, shape: Shape): ClassifierNet {
  const { name, classes, ...options } = spec;
  if (!Object.hasOwn(classifierNets, name))
    throw unknownName('network of classifiers', name, Object.keys(classifierNets));
  requireClasses(classes, name);
  const body = classifierNets[name]!(shape, options, classes);
  return Object.freeze({
    name: body.name,
    classes,
    ...(body.drops && { drops: body.drops }),
    init: (seed: number) => body.init(seed),
    apply: (params: Params, x: Tensor, condition: Tensor, masks?: readonly Tensor[]) =>
      body.apply(params, x, condition, undefined, masks),
  });
}
