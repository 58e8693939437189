import { describe, expect, it } from 'vitest';
import { makeEngine } from '../../src/engine/index.ts';
import * as T from '../../src/tensor/index.ts';
import { reachable } from '../../src/tensor/trace/graph.ts';
import { trace } from '../../src/tensor/trace/trace.ts';
import { values } from '../support/draw.ts';

const engine = await makeEngine('onnx');
const x = { data: values(1, 6), shape: [3, 2] };
const y = { data: values(2, 6), shape: [3, 2] };

describe('a combination of combinations', () => {
  it('is the multiplied sum, for numbers and for coefficients of each sample', async () => {
    const program = engine.compile<Float64Array>((_w, [p, q], c) => {
      const field = T.combine([2, p!], [c, q!]);
      return [T.combine([1, p!], [0.5, field], [c, T.combine([1, field], [-1, p!])])];
    });
    const c = Float64Array.of(1, -2, 3);
    const [result] = await program.run([engine.put(x), engine.put(y)], c);
    const expected = x.data.map((p, i) => {
      const k = c[Math.floor(i / 2)]!;
      const field = 2 * p + k * y.data[i]!;
      return p + 0.5 * field + k * (field - p);
    });
    expect(await engine.read(result!)).toBeAllClose(expected, 1e-5);
  });

  it('costs no more than the multiplied sum', () => {
    const nodes = (program: (p: T.Tensor, q: T.Tensor) => T.Tensor) => {
      const { graph } = trace(
        [],
        [
          [3, 2],
          [3, 2],
        ],
        (_w, [p, q]) => [program(p!, q!)],
      );
      return { inputs: graph.inputs.length, outputs: graph.outputs.length };
    };
    const nested = nodes((p, q) => T.combine([1, p], [0.1, T.combine([2, p], [3, q])]));
    expect(nested).toEqual(nodes((p, q) => T.combine([1.2, p], [0.3, q])));
  });

  it('uses an existing part unchanged if that makes fewer terms', () => {
    const multiplications = (program: (p: T.Tensor, q: T.Tensor, r: T.Tensor) => T.Tensor[]) => {
      const shapes = [1, 2, 3].map(() => [3, 2]);
      const { graph } = trace([], shapes, (_w, [p, q, r]) => program(p!, q!, r!));
      const used = reachable(graph);
      return graph.nodes.filter(node => node.kernel === 'Multiply' && used.has(node.outputs[0]!)).length;
    };
    // p, q and r are three terms, and the combination that contains them is one. No part of x + h·(A·x + B·F)
    // is used in between.
    const used = multiplications((p, q, r) => {
      const predicted = T.combine([2, p], [3, q], [4, r]);
      const seen = T.exp(predicted);
      return [T.combine([5, predicted], [6, seen])];
    });
    const unused = multiplications((p, q, r) => [
      T.combine([5, T.combine([2, p], [3, q])], [6, T.combine([1, q], [4, r])]),
    ]);
    expect([used, unused]).toEqual([3 + 2, 3]);
  });

  it('of many terms is the same sum, for numbers, for other numbers, and for coefficients of each sample', async () => {
    const program = engine.compile<readonly (number | Float64Array)[]>((_w, [p, q], [a, b]) => [
      T.combine([a!, p!], [b!, q!], [2, T.square(p!)], [b!, T.mul(p!, q!)], [-1, T.exp(q!)]),
    ]);
    const at = async (a: number | Float64Array, b: number) => {
      const [result] = await program.run([engine.put(x), engine.put(y)], [a, b]);
      const factor = (i: number) => (typeof a === 'number' ? a : a[Math.floor(i / 2)]!);
      const expected = x.data.map((p, i) => {
        const q = y.data[i]!;
        return factor(i) * p + b * q + 2 * p * p + b * p * q - Math.exp(q);
      });
      expect(await engine.read(result!)).toBeAllClose(expected, 1e-5);
    };
    await at(2, 3);
    await at(-0.5, 7);
    await at(Float64Array.of(1, -2, 3), 0.25);
    await at(4, -1);
  });

  it('accepts tensors as coefficients, even if their products have more shapes than the operands', async () => {
    const column = { data: Float32Array.of(1, 2, 3), shape: [3, 1] };
    const program = engine.compile<null>((_w, [p, q]) => [T.combine([p!, q!], [2, q!], [3, q!])]);
    const [result] = await program.run([engine.put(x), engine.put(column)], null);
    const expected = x.data.map((p, i) => (p + 5) * (1 + Math.floor(i / 2)));
    expect(await engine.read(result!)).toBeAllClose(expected, 1e-5);
  });

  it('stays a variable when it is differentiated', async () => {
    const program = engine.compile<null>((_w, [p, q]) => {
      const middle = T.combine([2, p!], [1, q!]);
      const { product } = T.vjp(z => T.mul(z, T.combine([3, z], [1, q!])), middle, T.combine([1, p!]));
      return [product];
    });
    const [result] = await program.run([engine.put(x), engine.put(y)], null);
    const slope = x.data.map((p, i) => p * (6 * (2 * p + y.data[i]!) + y.data[i]!));
    expect(await engine.read(result!)).toBeAllClose(slope, 1e-5);
  });
});
