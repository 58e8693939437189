import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Engine, makeEngine } from '../../src/engine/index.ts';
import { makeNet, type NetSpec } from '../../src/registry/nets.ts';
import type { ScoreNet } from '../../src/score/contract.ts';
import { oneHot } from '../../src/score/labels.ts';
import { nets } from '../../src/score/nets/index.ts';
import * as T from '../../src/tensor/index.ts';
import { describeNet, sampleNet, worn } from '../score/nets/samples.ts';
import { values } from '../support/draw.ts';

const SHAPES = {
  images: [
    [1, 8, 8],
    [3, 8, 8],
    [8, 8],
  ],
  'any shape': [[2], [3, 4], [1, 4, 4]],
} as const;
const BATCH = 3;

let engine: Engine;
beforeAll(async () => {
  engine = await makeEngine('wasm');
});

const draw = (seed: number, shape: T.Shape): T.PlainTensor => ({
  shape,
  data: values(seed, T.sizeOf(shape)),
});
const row = (...data: number[]): T.PlainTensor => ({ shape: [data.length], data: Float32Array.from(data) });
/** The names, shapes and bits of weights. */
function digest(params: T.PlainParams): string {
  const hash = createHash('sha256');
  for (const [key, { shape, data }] of Object.entries(params))
    hash.update(`${key}[${shape}]`).update(new Uint8Array(Float32Array.from(data).buffer));
  return hash.digest('hex');
}
const largest = (v: ArrayLike<number>) => Math.max(...Array.from(v, Math.abs));

interface Call {
  readonly x: T.PlainTensor;
  readonly condition: T.PlainTensor;
  readonly label?: T.PlainTensor;
  readonly masks?: readonly T.PlainTensor[];
}

/** F(x, c) of a network, and its shape. */
async function forward(net: ScoreNet, params: T.PlainParams, { x, condition, label, masks = [] }: Call) {
  const names = Object.keys(params);
  const compiled = engine.compile<null>((ws, [x, c, ...rest]) => {
    const named = Object.fromEntries(names.map((name, i) => [name, ws[i]!]));
    const told = label ? rest.shift() : undefined;
    return [net.apply(named, x!, c!, told, rest)];
  }, Object.values(params));
  const inputs = [x, condition, ...(label ? [label] : []), ...masks].map(engine.put);
  const [result] = await compiled.run(inputs, null);
  const out = { shape: result!.shape, data: await engine.read(result!) };
  engine.free(...inputs, result!);
  await compiled.dispose();
  return out;
}

/** The gradient of Σ F·probe by every weight. */
async function gradients(net: ScoreNet, params: T.PlainParams, x: T.PlainTensor, condition: T.PlainTensor) {
  const names = Object.keys(params);
  const compiled = engine.compile<null>((ws, [x, c, probe]) => {
    const loss = (weights: T.Tensor[]) =>
      T.sum(T.mul(net.apply(Object.fromEntries(names.map((n, i) => [n, weights[i]!])), x!, c!), probe!));
    return T.valueAndGrad(loss, ws).grads;
  }, Object.values(params));
  const inputs = [x, condition, draw(9, x.shape)].map(engine.put);
  const results = await compiled.run(inputs, null);
  const read = await Promise.all(results.map(engine.read));
  engine.free(...inputs, ...results);
  await compiled.dispose();
  return read;
}

describe.each(Object.entries(nets))('net %s', (name, traits) => {
  const shapes = SHAPES[traits.takes];
  const shape = shapes[0] as T.Shape;
  const net = sampleNet(name, shape);
  const condition = row(-1, 0.3, 1.2);
  const x = draw(1, [BATCH, ...shape]);

  it('has the name of its row, is frozen and predicts what it declares', () => {
    expect(net.name).toBe(name);
    expect(net.predicts).toBe(traits.predicts);
    expect(Object.isFrozen(net)).toBe(true);
    expect(sampleNet(name, shape, { predicts: 'data' }).predicts).toBe('data');
  });

  it('draws its weights from the seed alone', () => {
    const first = digest(net.init(3));
    const other = digest(net.init(4));
    expect(digest(net.init(3))).toBe(first);
    expect(digest(sampleNet(name, shape).init(3))).toBe(first);
    expect(other).not.toBe(first);
    for (const [key, { shape, data }] of Object.entries(net.init(3))) {
      expect(data.length, key).toBe(T.sizeOf(shape));
      expect(data.every(Number.isFinite), key).toBe(true);
    }
  });

  it.each(shapes.map(each => [each]))('keeps the shape %j of samples', async each => {
    const wide = draw(2, [BATCH, ...each]);
    const own = sampleNet(name, each);
    const { shape, data } = await forward(own, worn(own.init(1)), { x: wide, condition });
    expect(shape).toEqual([BATCH, ...each]);
    expect(data.every(Number.isFinite)).toBe(true);
    expect(largest(data)).toBeGreaterThan(1e-3);
  });

  it('accepts all samples that it declares, and refuses others', () => {
    const make = () => sampleNet(name, [5]);
    if (traits.takes === 'images') expect(make).toThrow(/is for images.*shape \[5\].*Use the net "mlp"/s);
    else expect(make).not.toThrow();
  });

  it(`starts ${traits.zeroAtStart ? 'from F = 0' : 'from an output of its own'}`, async () => {
    const { data } = await forward(net, net.init(1), { x, condition });
    if (traits.zeroAtStart) expect(largest(data)).toBeLessThan(1e-3);
    else expect(largest(data)).toBeGreaterThan(1e-3);
  });

  it('gives a row the same bits with any batch mates', async () => {
    const params = worn(net.init(2));
    const size = T.sizeOf(shape);
    const mates = draw(5, x.shape);
    mates.data.set(x.data.subarray(0, size));
    const { data: alone } = await forward(net, params, { x, condition });
    const { data: among } = await forward(net, params, { x: mates, condition: row(-1, 2, -3) });
    expect(among.subarray(0, size)).toEqual(alone.subarray(0, size));
    expect(among.subarray(size)).not.toEqual(alone.subarray(size));
  });

  it(`${traits.noiseLevel ? 'uses the noise level, one for all rows or one for each row' : 'does not use the noise level'}`, async () => {
    const params = worn(net.init(2));
    const of = async (c: T.PlainTensor) => (await forward(net, params, { x, condition: c })).data;
    const [shared, each, other] = [
      await of(row(0.4)),
      await of(row(0.4, 0.4, 0.4)),
      await of(row(-2, -2, -2)),
    ];
    expect(shared).toBeAllClose(each, 1e-5);
    const change = largest(other.map((v, i) => v - each[i]!));
    if (traits.noiseLevel) expect(change).toBeGreaterThan(1e-3);
    else expect(change).toBe(0);
  });

  it('has a finite gradient for every weight, and none that is always zero', async () => {
    const params = worn(net.init(2));
    const grads = await gradients(net, params, x, condition);
    const names = Object.keys(params);
    expect(grads.map(grad => grad.every(Number.isFinite))).toEqual(names.map(() => true));
    expect(names.filter((_, i) => largest(grads[i]!) === 0)).toEqual([]);
  });

  it('is exactly the same after a round trip through JSON', () => {
    const spec = describeNet(name) as NetSpec;
    const again = makeNet(JSON.parse(JSON.stringify(spec)), shape);
    expect(again.predicts).toBe(net.predicts);
    expect(digest(again.init(7))).toBe(digest(net.init(7)));
  });

  it('refuses an unknown option by name, with the nearest one', () => {
    expect(() => sampleNet(name, shape, { wobble: 1 })).toThrow(
      new RegExp(`Unknown option of ${name} "wobble"`),
    );
    expect(() => sampleNet(name, shape, { widht: 8 })).toThrow(/Did you mean "width"/);
  });

  it.runIf(traits.labels)('uses the class of a sample', async () => {
    const labelled = sampleNet(name, shape, { classes: 2 });
    expect(labelled.classes).toBe(2);
    const params = worn(labelled.init(1));
    const of = async (label: number) =>
      (await forward(labelled, params, { x, condition, label: oneHot([label, label, label], 2) })).data;
    const [first, second] = [await of(0), await of(1)];
    expect(largest(first.map((v, i) => v - second[i]!))).toBeGreaterThan(1e-4);
  });

  it.runIf(traits.dropout)('drops the features that it declares', async () => {
    const dropping = sampleNet(name, shape, { dropout: 0.5 });
    const { share, shapes } = dropping.drops!;
    expect(share).toBe(0.5);
    const params = worn(dropping.init(1));
    const of = async (value: number) => {
      const masks = shapes.map(each => ({
        shape: [BATCH, ...each],
        data: new Float32Array(BATCH * T.sizeOf(each)).fill(value),
      }));
      return (await forward(dropping, params, { x, condition, masks })).data;
    };
    const whole = await of(1);
    expect(whole).toBeAllClose((await forward(net, params, { x, condition })).data, 1e-6);
    expect(await of(0)).not.toEqual(whole);
  });

  it('refuses classes and dropout if it declares that it has none', () => {
    const make = (options: object) => () => sampleNet(name, shape, options);
    if (!traits.labels) expect(make({ classes: 2 })).toThrow(/Unknown option of .* "classes"/);
    if (!traits.dropout) expect(make({ dropout: 0.5 })).toThrow(/Unknown option of .* "dropout"/);
    expect([net.classes, net.drops]).toEqual([undefined, undefined]);
  });
});
