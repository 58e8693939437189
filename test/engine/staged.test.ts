import { describe, expect, it } from 'vitest';
import { makeEngine, type Program } from '../../src/engine/index.ts';
import { packInMemory } from '../../src/engine/onnx/compile/packed.ts';
import { type Networks, sharedNetworks } from '../../src/engine/onnx/sessions/networks.ts';
import type { OnnxRuntime } from '../../src/engine/onnx/sessions/runtime.ts';
import {
  add,
  combine,
  exp,
  fromHost,
  matmul,
  mul,
  opaque,
  silu,
  sum,
  type Tensor,
  vjp,
} from '../../src/tensor/index.ts';
import { heldNumbers } from '../../src/tensor/trace/held.ts';
import { stagesOf } from '../../src/tensor/trace/stages.ts';
import { trace } from '../../src/tensor/trace/trace.ts';
import { values } from '../support/draw.ts';

const net = { name: 'a network' };
const network = (w: Tensor, x: Tensor) => opaque(net, [x, w], () => silu(matmul(x, w)));

/** Two evaluations, with host numbers before, between and after them. */
const twice: Program<number> = ([w], [x], c) => {
  const first = network(w!, mul(x!, c));
  const second = network(w!, combine([c, x!], [0.5, first]));
  return [combine([1, x!], [c / 2, first], [-c, second])];
};

describe('the numbers that a graph holds', () => {
  const held = (program: (w: Tensor, x: Tensor) => Tensor[]) => {
    const w = { data: new Float32Array(25), shape: [5, 5] };
    return heldNumbers(trace([w], [[3, 5]], ([w], [x]) => program(w!, x!)).graph);
  };

  it('are those of values from where they are made to where they are last read', () => {
    expect(held((_, x) => [exp(exp(exp(x)))])).toBe(15 + 15);
    const late = held((_, x) => {
      const first = exp(x);
      return [add(exp(exp(exp(first))), first)];
    });
    expect(late, 'the first waits for the last').toBe(15 + 15 + 15);
  });

  it('are the weights once for every node that reads them', () => {
    const once = held((w, x) => [matmul(x, w)]);
    expect(once).toBe(25 + 15 + 15);
    expect(held((w, x) => [matmul(matmul(matmul(x, w), w), w)]) - once).toBe(2 * 25);
  });
});

describe('a program in stages', () => {
  const small = { data: Float32Array.of(1, 2, 3, 4), shape: [2, 2] };
  const cut = (program: (w: Tensor, x: Tensor) => Tensor[]) => {
    const { graph, networks } = trace([small], [[3, 2]], ([w], [x]) => program(w!, x!));
    return stagesOf(graph, networks);
  };

  it('is cut before and after each network', () => {
    const stages = cut((w, x) => twice([w], [x], 2));
    expect(stages?.map(stage => stage.network)).toEqual([undefined, net, undefined, net, undefined]);
    const [before, first] = stages!;
    expect(first!.graph.inputs).toEqual(before!.graph.outputs);
  });

  it('leaves out what no result needs', () => {
    const stages = cut((w, x) => {
      network(w, mul(x, 3));
      return [mul(x, 2)];
    });
    expect(stages?.map(stage => stage.network)).toEqual([undefined]);
    expect(stages![0]!.graph.nodes).toHaveLength(1);
  });

  it('keeps a network within a derivative in its place', () => {
    const stages = cut((w, x) => [vjp(y => network(w, y), x, fromHost(new Float32Array(6), [3, 2])).product]);
    expect(stages?.map(stage => stage.network)).toEqual([undefined]);
  });
});

describe('networks that programs share', () => {
  const counted = () => {
    const open = { now: 0, ever: 0 };
    const runtime: OnnxRuntime = {
      lanes: 1,
      pack: packInMemory,
      open: async () => {
        open.now++;
        open.ever++;
        return { run: async () => [], release: async () => void open.now-- };
      },
      ended: () => false,
      close: async () => {},
    };
    return { networks: sharedNetworks(runtime), open };
  };
  const weights = [{ data: Float32Array.of(1, 2, 3, 4), shape: [2, 2] }];
  const { graph } = trace(weights, [[3, 2]], ([w], [x]) => [network(w!, x!)]);
  const use = (networks: Networks, identity: object = net, own = weights) =>
    networks.take(identity, own, graph);

  it('are opened once, and closed by the last program', async () => {
    const { networks, open } = counted();
    const [one, other] = [use(networks), use(networks)];
    await one.on(undefined);
    await other.on(undefined);
    expect(open).toEqual({ now: 1, ever: 1 });
    await one.close();
    expect(open.now).toBe(1);
    await other.close();
    expect(open.now).toBe(0);
    await use(networks).on(undefined);
    expect(open.ever).toBe(2);
  });

  it('are distinguished by their identity and their weights', async () => {
    const { networks, open } = counted();
    const others = [{ data: Float32Array.of(1, 2, 3, 5), shape: [2, 2] }];
    for (const sessions of [use(networks), use(networks, { name: 'another' }), use(networks, net, others)])
      await sessions.on(undefined);
    expect(open.now).toBe(3);
  });
});

it('a large network gives the same in stages as in one graph', async () => {
  const side = 4096;
  const w = { data: values(1, side * side).map(value => value / Math.sqrt(side)), shape: [side, side] };
  const x = { data: values(2, 2 * side), shape: [2, side] };
  const results: Float32Array[] = [];
  for (const name of ['onnx', 'wasm'] as const) {
    const engine = await makeEngine(name);
    const before = engine.live();
    const program = engine.compile(twice, [w]);
    const norm = engine.compile<number>(([v], [y], c) => [sum(add(network(v!, y!), c), [1])], [w]);
    const end = await program.iterate([engine.put(x)], [0.9, 0.7, 0.5]);
    const [length] = await norm.run(end, 1);
    results.push(await engine.read(end[0]!), await engine.read(length!));
    engine.free(...end, length!);
    await Promise.all([program.dispose(), norm.dispose()]);
    expect(engine.live()).toBe(before);
  }
  const [states, lengths, expectedStates, expectedLengths] = results;
  const furthest = (a: Float32Array, b: Float32Array) =>
    a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
  expect(furthest(states!, expectedStates!)).toBeLessThan(1e-4);
  expect(furthest(lengths!, expectedLengths!) / side).toBeLessThan(1e-4);
});
