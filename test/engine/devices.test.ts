import { afterAll, describe, expect, it } from 'vitest';
import type { Program } from '../../src/engine/index.ts';
import { lower } from '../../src/engine/onnx/compile/lower.ts';
import type { OnnxGraph } from '../../src/engine/onnx/compile/model.ts';
import { stepCounts } from '../../src/engine/onnx/compile/unroll.ts';
import { nativeRuntime } from '../../src/engine/onnx/native/runtime.ts';
import { sharedNetworks } from '../../src/engine/onnx/sessions/networks.ts';
import { plan } from '../../src/engine/onnx/sessions/plan.ts';
import type { OnnxRuntime } from '../../src/engine/onnx/sessions/runtime.ts';
import {
  combine,
  concat,
  fromHost,
  matmul,
  mul,
  type PlainTensor,
  type Shape,
  silu,
  sizeOf,
  split,
  sum,
  valueAndGrad,
} from '../../src/tensor/index.ts';
import { trace } from '../../src/tensor/trace/trace.ts';
import { values } from '../support/draw.ts';

interface Step {
  readonly size: number;
  readonly noise: Float32Array;
}

const drawn = (seed: number, shape: Shape): PlainTensor => ({ data: values(seed, sizeOf(shape)), shape });
const state = [drawn(1, [4, 3]), drawn(2, [4, 1])];
const weights = [drawn(3, [3, 3]), drawn(4, [60])];
const shapes = state.map(({ shape }) => shape);

/** A step as solvers and trainers make it: host numbers and arrays, a gradient, weights in one vector. */
const step: Program<Step> = ([w, flat], [x, y], { size, noise }) => {
  const rows = split(flat!, new Array<number>(20).fill(3), 0);
  const energy = ([z]: typeof rows) => sum(mul(silu(matmul(z!, w!)), rows[7]!));
  const slope = valueAndGrad(energy, [x!]).grads[0]!;
  const moved = combine([1, x!], [-size, slope], [size / 2, fromHost(noise, [4, 3])]);
  const columns = split(moved, [1, 1, 1], 1);
  return [
    mul(concat([columns[2]!, columns[0]!, columns[1]!], 1), rows[19]!),
    combine([1, y!], [size, columns[0]!]),
  ];
};
const stepsOf = (count: number): Step[] =>
  Array.from({ length: count }, (_, i) => ({ size: 0.1 / (i + 1), noise: values(10 + i, 12) }));

const runtime = await nativeRuntime({ threads: 1 });
afterAll(() => runtime.close());
/** What `--provider webgpu` gets, on the CPU. */
const device: OnnxRuntime = { ...runtime, portable: true, loopless: true };

/** A runtime that counts its calls. */
function counted(base: OnnxRuntime) {
  const calls = { made: 0 };
  const open: OnnxRuntime['open'] = async (...given) => {
    const session = await base.open(...given);
    return {
      ...session,
      run(inputs) {
        calls.made++;
        return session.run(inputs);
      },
    };
  };
  return { calls, runtime: { ...base, open } };
}

async function iterated(on: OnnxRuntime, count: number) {
  const made = plan(on, sharedNetworks(on), step, weights, shapes, stepsOf(1)[0]!);
  expect(made.closed).toBe(true);
  const leaves = stepsOf(count).map(each => made.leaves(each)!);
  const results = await made.iterate(state, leaves, undefined);
  await made.dispose();
  return results.map(({ data }) => [...data]);
}

const graphFor = (options: { portable?: boolean }): OnnxGraph =>
  lower(
    trace(weights, shapes, (constants, inputs) => step(constants, inputs, stepsOf(1)[0]!)).graph,
    options,
  );

describe('a graph for a device', () => {
  it('has only operators that its providers have', () => {
    const nodes = graphFor({ portable: true }).nodes;
    expect(nodes.filter(({ domain }) => domain !== undefined)).toEqual([]);
    expect(nodes.map(({ op }) => op)).not.toContain('Sum');
    // The same step on the CPU has both, so the law can fail.
    expect(graphFor({}).nodes.map(({ op }) => op)).toEqual(expect.arrayContaining(['Sum', 'FusedMatMul']));
  });

  it('splits a tensor into at most seven pieces at a time', () => {
    const pieces = ({ nodes }: OnnxGraph) =>
      Math.max(...nodes.filter(({ op }) => op === 'Split').map(({ outputs }) => outputs.length));
    expect(pieces(graphFor({}))).toBe(20);
    expect(pieces(graphFor({ portable: true }))).toBeLessThanOrEqual(7);
  });

  it('holds as many steps as stay small', () => {
    const node = { op: 'Neg', inputs: ['i0'], outputs: ['o0'] };
    const graphOf = (nodes: number) => ({ ...graphFor({}), nodes: new Array<typeof node>(nodes).fill(node) });
    expect([40, 41, 285, 286].map(nodes => stepCounts(graphOf(nodes)))).toEqual([[49, 7], [7], [7], []]);
  });
});

describe('a step repeated on a device without loops', () => {
  it.each([1, 6, 7, 59])('%i times: gives what a loop gives', async count => {
    const [loop, written] = [await iterated(runtime, count), await iterated(device, count)];
    const apart = written.flatMap((result, i) => result.map((value, k) => Math.abs(value - loop[i]![k]!)));
    expect(apart).toHaveLength(16);
    expect(Math.max(...apart)).toBeLessThan(1e-6);
  });

  it('fetches its state seldom', async () => {
    const { calls, runtime: watched } = counted(device);
    await iterated(watched, 59);
    // 49 steps, seven, and three alone.
    expect(calls.made).toBe(1 + 1 + 3);
  });
});
