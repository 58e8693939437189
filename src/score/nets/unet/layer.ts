import { fillNormal, fillUniform, key } from '../../../random/index.ts';
import { lazyTensor, type PlainParams, type Shape, sizeOf, type Tensor } from '../../../tensor/index.ts';

/** The shape of a batch of images, without the batch. */
export interface Form {
  readonly channels: number;
  readonly side: number;
}

/**
 * Initial values of a weight: uniform of variance scale/mean(fan-in, fan-out) (`glorot`), uniform `within`
 * bounds, normal, or constant.
 */
export type Beginning =
  | { readonly glorot: number }
  | { readonly within: number }
  | { readonly normal: number; readonly around?: number }
  | { readonly value: number };

export interface Weight {
  readonly shape: Shape;
  readonly begin: Beginning;
  /** False for weights that training does not change. */
  readonly trained?: false;
}
export type Weights = Readonly<Record<string, Weight>>;

/** What every layer can use besides its inputs. */
export interface Context {
  /** The activated embedding of the noise level, [B, E] or [1, E]. */
  readonly embedding?: Tensor;
  /** Dropout in training. */
  readonly drop?: (h: Tensor) => Tensor;
}

/** One module: its weights under local names, the shape of its result, and its computation. */
export interface Layer {
  readonly weights: Weights;
  readonly out: Form;
  apply(weight: (name: string) => Tensor, inputs: readonly Tensor[], context: Context): Tensor;
  /** Features that training may drop, in the order of the calls to `drop`. */
  readonly drops?: Form;
  /** False for steps that are not in the published list of modules. */
  readonly counted?: false;
}

/** A layer for inputs of known shapes. */
export type Block = (...forms: readonly Form[]) => Layer;

/** Weights of a part, with its name as a prefix. */
export const prefixed = (part: string, weights: Weights): Weights =>
  Object.fromEntries(Object.entries(weights).map(([name, weight]) => [`${part}.${name}`, weight]));

/** Fresh weights, each drawn from its own random stream. */
export const drawWeights = (weights: Weights, seed: number): PlainParams =>
  Object.fromEntries(
    Object.entries(weights).map(([name, weight]) => [
      name,
      lazyTensor(weight.shape, () => drawNumbers(name, weight, seed)),
    ]),
  );

/** The numbers of a fresh weight; its name selects the random stream. */
function drawNumbers(name: string, { shape, begin }: Weight, seed: number): Float32Array {
  const data = new Float32Array(sizeOf(shape));
  if ('value' in begin) return data.fill(begin.value);
  const at = { step: 0, first: 0, size: data.length };
  if ('normal' in begin) {
    fillNormal(data, key(seed, `init/${name}`), at);
    return data.map(z => z * begin.normal + (begin.around ?? 0));
  }
  fillUniform(data, key(seed, `init/${name}`), at);
  const reach = 'within' in begin ? begin.within : glorotReach(shape, begin.glorot);
  return data.map(u => (2 * u - 1) * reach);
}

/** Half the width of the uniform distribution; scale 0 means 1e-10, as published. */
function glorotReach(shape: Shape, scale: number): number {
  const fans = ((shape[0]! + shape[1]!) * sizeOf(shape.slice(2))) / 2;
  return Math.sqrt((3 * (scale === 0 ? 1e-10 : scale)) / fans);
}
