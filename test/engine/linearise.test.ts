import { beforeAll, describe, expect, it } from 'vitest';
import { type Engine, makeEngine } from '../../src/engine/index.ts';
import { liveTensors } from '../../src/tensor/eager.ts';
import {
  add,
  fromHost,
  linearise,
  matmul,
  mul,
  opaque,
  silu,
  sin,
  slice,
  square,
  type Tensor,
  vjp,
} from '../../src/tensor/index.ts';
import { trace } from '../../src/tensor/trace/trace.ts';

const weights = { data: Float32Array.from({ length: 9 }, (_, i) => Math.cos(2 * i)), shape: [3, 3] };
const x = { data: Float32Array.from([0.3, 1.2, 2, 0.7, 0.9, 0.4]), shape: [2, 3] };
const directions = [
  Float32Array.from([1, -1, 0.5, -0.3, 1, 2]),
  Float32Array.from([0.2, 0, 0, 1, -2, 0.1]),
] as const;
const identity = {};
const functions: Readonly<Record<string, (w: Tensor, x: Tensor) => Tensor>> = {
  'a network': (w, x) => opaque(identity, [x, w], () => silu(matmul(sin(mul(x, 0.5)), w))),
  'a sum of parts': (w, x) => add(square(x), mul(sin(slice(matmul(x, w), [0, 0], [2, 3])), x)),
  'the argument itself': (_w, x) => x,
  'a constant': w => slice(w, [0, 0], [2, 3]),
};

const engines: Record<string, Engine> = {};
beforeAll(async () => {
  for (const name of ['cpu', 'wasm', 'onnx'] as const) engines[name] = await makeEngine(name);
});

async function results(
  engine: Engine,
  program: (w: Tensor, x: Tensor, scale: number) => Tensor[],
  scale = 1,
) {
  const compiled = engine.compile<number>(([w], [at], factor) => program(w!, at!, factor), [weights]);
  const input = engine.put(x);
  const values: number[][] = [];
  for (const output of await compiled.run([input], scale)) {
    values.push([...(await engine.read(output))]);
    engine.free(output);
  }
  engine.free(input);
  await compiled.dispose();
  return values;
}

const both = (f: (x: Tensor) => Tensor, x: Tensor, scale = 1): Tensor[] =>
  linearise(f, x, (value, pull) => [
    value,
    ...directions.map(direction => mul(pull(fromHost(direction, [2, 3])), scale)),
  ]);
const oneByOne = (f: (x: Tensor) => Tensor, x: Tensor, scale = 1): Tensor[] => {
  const each = directions.map(direction => vjp(f, x, fromHost(direction, [2, 3])));
  return [each[0]!.value, ...each.map(({ product }) => mul(product, scale))];
};

describe.each(['cpu', 'wasm', 'onnx'])('several products with one Jacobian, on %s', name => {
  it.each(Object.entries(functions))('are those of one derivative each: %s', async (_name, f) => {
    const engine = engines[name]!;
    for (const scale of [1, -0.7]) {
      const linear = await results(engine, (w, at, factor) => both(y => f(w, y), at, factor), scale);
      const plain = await results(engine, (w, at, factor) => oneByOne(y => f(w, y), at, factor), scale);
      linear.flat().forEach((value, i) => {
        expect(value).toBeCloseTo(plain.flat()[i]!, 5);
      });
    }
  });

  it('can be differentiated', async () => {
    const f = functions['a sum of parts']!;
    const second = (how: typeof both) => (w: Tensor, at: Tensor) => {
      const ones = fromHost(new Float32Array(6).fill(1), [2, 3]);
      return [vjp(y => how(z => f(w, z), y).reduce(add), at, ones).product];
    };
    const [linear] = await results(engines[name]!, second(both));
    const [plain] = await results(engines[name]!, second(oneByOne));
    linear!.forEach((value, i) => {
      expect(value).toBeCloseTo(plain![i]!, 4);
    });
  });
});

it.each(['cpu', 'wasm'])('leave no tensors behind on %s', async name => {
  const program = (w: Tensor, at: Tensor) => both(y => functions['a network']!(w, y), at);
  await results(engines[name]!, program);
  const before = liveTensors();
  await results(engines[name]!, program);
  expect(liveTensors()).toBe(before);
});

it('share one forward pass', () => {
  const kernels = (how: typeof both) => {
    const { graph } = trace([weights], [[2, 3]], ([w], [at]) =>
      how(y => functions['a network']!(w!, y), at!),
    );
    return graph.nodes.filter(({ kernel }) => kernel === 'Sin').length;
  };
  expect(kernels(both)).toBe(1);
  expect(kernels(oneByOne)).toBe(2);
});
