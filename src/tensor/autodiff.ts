import { loadGradients } from './gradients.ts';
import { currentMode, interpretedBy } from './mode.ts';
import { inner, outer } from './operands.ts';
import { tf } from './tf.ts';
import type { Tensor } from './types.ts';

/**
 * The value of `f` at `x` and the product of `cotangent` with its Jacobian, from one forward pass:
 * v = f(x), w = cotangentᵀ · ∂f/∂x. `cotangent` has the shape of v, w that of x.
 */
export function vjp(
  f: (x: Tensor) => Tensor,
  x: Tensor,
  cotangent: Tensor,
): {
  /** f(x) */
  value: Tensor;
  /** cotangentᵀ · ∂f/∂x, shaped like x. */
  product: Tensor;
} {
  const [value, product] = differentiate('vjp', xs => f(xs[0]!), [x], cotangent);
  return { value: value!, product: product! };
}

/** The scalar f(xs) and its gradient with respect to each of `xs`. */
export function valueAndGrad(
  f: (xs: Tensor[]) => Tensor,
  xs: readonly Tensor[],
): {
  /** f(xs), a scalar. */
  value: Tensor;
  /** ∂f/∂xᵢ, each shaped like its xᵢ. */
  grads: Tensor[];
} {
  const [value, ...grads] = differentiate('valueAndGrad', f, xs);
  return { value: value!, grads };
}

/**
 * The current mode interprets the forward pass, so that a replay collects its leaves. The backward pass
 * exists only when tfjs computes or traces it.
 */
function differentiate(
  name: string,
  f: (xs: Tensor[]) => Tensor,
  xs: readonly Tensor[],
  cotangent?: Tensor,
): Tensor[] {
  const mode = currentMode();
  // Inside f its arguments are variables: they must not be expanded into the terms of their combinations.
  mode.separate?.(xs);
  const inputs = cotangent ? [...xs, cotangent] : [...xs];
  return mode.differentiate(
    name,
    inputs,
    () => f([...xs]),
    forward => {
      loadGradients();
      const { value, grads } = tf
        .engine()
        .gradients(() => inner(forward()), xs.map(inner), cotangent ? inner(cotangent) : undefined, true);
      return [value, ...grads.map((g, i) => g ?? tf.zerosLike(inner(xs[i]!)))].map(outer);
    },
  );
}

/**
 * A part of a program whose host numbers are constants of the model (a network). Tracing bakes them in, and a
 * replay skips this part. `identity` distinguishes models.
 */
export function opaque(identity: object, inputs: readonly Tensor[], body: () => Tensor): Tensor {
  const mode = currentMode();
  return mode.apply('opaque', inputs, [identity], () => [interpretedBy(mode.baked ?? mode, body)])[0]!;
}
