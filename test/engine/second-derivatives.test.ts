import { beforeAll, describe, expect, it } from 'vitest';
import { type Engine, makeEngine } from '../../src/engine/index.ts';
import {
  cos,
  div,
  exp,
  fromHost,
  log,
  matmul,
  maximum,
  minimum,
  mul,
  normPerSample,
  reshape,
  select,
  sigmoid,
  silu,
  sin,
  softmax,
  softplus,
  sqrt,
  square,
  sum,
  type Tensor,
  tanh,
  valueAndGrad,
  vjp,
} from '../../src/tensor/index.ts';

const stack = Float32Array.from({ length: 18 }, (_, i) => Math.sin(i + 1));
const functions: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  exp,
  log,
  sqrt,
  square,
  sin,
  cos,
  tanh,
  sigmoid,
  softplus,
  silu,
  softmax,
  'x/‖x‖': x => div(x, normPerSample(x)),
  'silu of silu': x => silu(silu(x)),
  'the larger of a square and a number': x => maximum(square(x), 0.7),
  'the smaller of a square and a row': x => minimum(square(x), fromHost(Float32Array.of(0.7, 2, 0.2), [3])),
  'a square or a column, as a mask says': x =>
    select(fromHost(Float32Array.of(1, 0), [2, 1]), square(x), mul(sum(square(x), [1], true), 0.5)),
  'the larger of all and a column': x => maximum(square(x), mul(sum(x, [1], true), 0.5)),
  'one matrix times a stack': x =>
    sum(matmul(reshape(square(x), [1, 2, 3]), fromHost(stack, [2, 3, 3])), [0]),
};
const x = { data: Float32Array.from([0.3, 1.2, 2, 0.7, 0.9, 0.4]), shape: [2, 3] };
const directions = Float32Array.from([1, -1, 0.5, -0.3, 1, 2]);

const engines: Record<string, Engine> = {};
beforeAll(async () => {
  for (const name of ['cpu', 'wasm', 'onnx'] as const) engines[name] = await makeEngine(name);
});

/** L(w) = Σ (vᵀ ∂f(w·x)/∂x)² with its derivative, as score matching computes for a network. */
async function slope(engine: Engine, f: (x: Tensor) => Tensor, w: number): Promise<[number, number]> {
  const program = engine.compile<undefined>((_weights, [weight, at]) => {
    const { value, grads } = valueAndGrad(
      ([u]) => sum(square(vjp(y => f(mul(y, u!)), at!, fromHost(directions, [2, 3])).product)),
      [weight!],
    );
    return [value, grads[0]!];
  });
  const inputs = [engine.put({ data: Float32Array.of(w), shape: [1] }), engine.put(x)];
  const outputs = await program.run(inputs, undefined);
  const [value, gradient] = await Promise.all(outputs.map(each => engine.read(each)));
  engine.free(...inputs, ...outputs);
  await program.dispose();
  return [value![0]!, gradient![0]!];
}

describe('the derivative of a derivative', () => {
  const cases = ['cpu', 'wasm', 'onnx'].flatMap(engine => Object.keys(functions).map(name => [name, engine]));
  it.each(cases)('of %s is the difference quotient (%s)', async (name, engine) => {
    const [w, h] = [0.8, 0.02];
    const at = async (u: number) => (await slope(engines[engine]!, functions[name!]!, u))[0];
    const quotient = (u: number) => Promise.all([at(w + u), at(w - u)]).then(([a, b]) => (a - b) / (2 * u));
    const wanted = (4 * (await quotient(h))) / 3 - (await quotient(2 * h)) / 3;
    const [, got] = await slope(engines[engine]!, functions[name!]!, w);
    expect(Math.abs(got - wanted)).toBeLessThan(2e-3 * (1 + Math.abs(wanted)));
  });
});
