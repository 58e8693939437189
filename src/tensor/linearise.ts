import { loadGradients } from './gradients.ts';
import { currentMode } from './mode.ts';
import { inner, outer } from './operands.ts';
import { tf } from './tf.ts';
import type { Tensor } from './types.ts';

/** What one kernel call recorded for its derivative. */
interface TapeNode {
  readonly inputs: Readonly<Record<string, tf.Tensor>>;
  readonly outputs: readonly tf.Tensor[];
  readonly gradient?: (dys: readonly (tf.Tensor | null)[]) => Readonly<Record<string, () => tf.Tensor>>;
  readonly saved?: readonly tf.Tensor[];
}

/** The parts of the tfjs engine that record. */
interface Recorder {
  startTape(): void;
  endTape(): void;
  readonly state: { readonly activeTape: readonly TapeNode[] | null; readonly gradientDepth: number };
}

/** The product of a cotangent, shaped like f(x), with the Jacobian ∂f/∂x: shaped like x. */
export type Pull = (cotangent: Tensor) => Tensor;

/**
 * f(x) from one forward pass, with any number of products of cotangents with its Jacobian. `vjp` in its place
 * would repeat the forward pass for each. The products are available within `body`, which may itself be
 * differentiated.
 */
export function linearise<T>(f: (x: Tensor) => Tensor, x: Tensor, body: (value: Tensor, pull: Pull) => T): T {
  const mode = currentMode();
  mode.separate?.([x]);
  const recorded: { all: readonly TapeNode[]; tape: readonly TapeNode[] } = { all: [], tape: [] };
  const [value] = mode.differentiate(
    'linearise',
    [x],
    () => f(x),
    forward => {
      loadGradients();
      const { y, tape } = taped(() => inner(forward()));
      recorded.all = tape;
      recorded.tape = fromTo(tape, inner(x), y);
      return [outer(y)];
    },
  );
  const pull = (cotangent: Tensor): Tensor =>
    mode.apply('pull', [value!, cotangent], [], () => [
      outer(tf.tidy(() => backward(recorded.tape, inner(x), inner(value!), inner(cotangent)))),
    ])[0]!;
  const result = body(value!, pull);
  // Inside another derivative, that one still needs what was saved.
  if (recorder().state.gradientDepth === 0)
    for (const { saved = [] } of recorded.all) for (const tensor of saved) tensor.dispose();
  return result;
}

const recorder = (): Recorder => tf.engine() as unknown as Recorder;

function taped(forward: () => tf.Tensor): { y: tf.Tensor; tape: readonly TapeNode[] } {
  const engine = recorder();
  engine.startTape();
  try {
    const first = engine.state.activeTape!.length;
    const y = tf.tidy(forward);
    return { y, tape: engine.state.activeTape!.slice(first) };
  } finally {
    engine.endTape();
  }
}

/** The nodes on the way from x to y, with only those of their inputs that depend on x. */
function fromTo(tape: readonly TapeNode[], x: tf.Tensor, y: tf.Tensor): readonly TapeNode[] {
  const fromX = new Set([x.id]);
  const after = tape.flatMap(node => {
    const inputs = Object.entries(node.inputs).filter(([, input]) => fromX.has(input.id));
    if (inputs.length === 0) return [];
    for (const output of node.outputs) fromX.add(output.id);
    return [{ ...node, inputs: Object.fromEntries(inputs) }];
  });
  const toY = new Set([y.id]);
  return after
    .toReversed()
    .filter(({ inputs, outputs }) => {
      const leads = outputs.some(output => toY.has(output.id));
      if (leads) for (const input of Object.values(inputs)) toY.add(input.id);
      return leads;
    })
    .toReversed();
}

function backward(tape: readonly TapeNode[], x: tf.Tensor, y: tf.Tensor, cotangent: tf.Tensor): tf.Tensor {
  const gradients = new Map<number, tf.Tensor>([[y.id, cotangent]]);
  for (const { inputs, outputs, gradient } of tape.toReversed()) {
    const dys = outputs.map(output => gradients.get(output.id) ?? null);
    if (dys.every(dy => dy === null)) continue;
    const products = gradient!(dys);
    for (const [name, input] of Object.entries(inputs)) {
      const product = products[name]!();
      const former = gradients.get(input.id);
      gradients.set(input.id, former ? tf.add(former, product) : product);
    }
  }
  return gradients.get(x.id) ?? tf.zerosLike(x);
}
