import { beforeAll, describe, expect, it } from 'vitest';
import { makeEngine } from '../../../src/engine/index.ts';
import { makeNet } from '../../../src/registry/nets.ts';
import type { PlainParams } from '../../../src/tensor/index.ts';
import { values } from '../../support/draw.ts';
import { worn } from './samples.ts';

/** One image in float64, `[channel][row][column]`. */
type Image = number[][][];
const map = (x: Image, f: (value: number, c: number) => number): Image =>
  x.map((plane, c) => plane.map(row => row.map(value => f(value, c))));
const plus = (a: Image, b: Image): Image =>
  a.map((plane, c) => plane.map((row, i) => row.map((value, j) => value + b[c]![i]![j]!)));
const average = (list: readonly number[]) => list.reduce((sum, value) => sum + value, 0) / list.length;

/** NCSN at level `k` of L, as the published code computes it, module by module. */
function reference(params: PlainParams, k: number, input: Image): Image {
  const at = (name: string, i: number) => params[name]!.data[i]!;
  const elu = (x: Image) => map(x, value => (value > 0 ? value : Math.expm1(value)));
  const conv = (x: Image, name: string, dilation = 1): Image => {
    const [to, from, size] = params[`${name}.weight`]!.shape as [number, number, number];
    const bias = params[`${name}.bias`];
    const reach = (size - 1) / 2;
    return Array.from({ length: to }, (_, o) =>
      x[0]!.map((line, i) =>
        line.map((_, j) => {
          let sum = bias ? bias.data[o]! : 0;
          for (let c = 0; c < from; c++)
            for (let u = 0; u < size; u++)
              for (let v = 0; v < size; v++) {
                const value = x[c]![i + (u - reach) * dilation]?.[j + (v - reach) * dilation] ?? 0;
                sum += value * at(`${name}.weight`, ((o * from + c) * size + u) * size + v);
              }
          return sum;
        }),
      ),
    );
  };
  const norm = (x: Image, name: string): Image => {
    const count = x.length;
    const [alpha, beta, gamma] = ['alpha', 'beta', 'gamma'].map(
      part => (c: number) => at(`${name}.${part}`, k * count + c),
    );
    const means = x.map(plane => average(plane.flat()));
    const middle = average(means);
    const spread = means.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (count - 1);
    const deviations = x.map((plane, c) =>
      Math.sqrt(average(plane.flat().map(value => (value - means[c]!) ** 2)) + 1e-5),
    );
    return map(x, (value, c) => {
      const shift = (means[c]! - middle) / Math.sqrt(spread + 1e-5);
      return gamma!(c) * ((value - means[c]!) / deviations[c]! + shift * alpha!(c)) + beta!(c);
    });
  };
  const halve = (x: Image): Image =>
    x.map(plane =>
      Array.from({ length: plane.length / 2 }, (_, i) =>
        Array.from({ length: plane[0]!.length / 2 }, (_, j) =>
          average([0, 1].flatMap(u => [0, 1].map(v => plane[2 * i + u]![2 * j + v]!))),
        ),
      ),
    );
  const pool = (x: Image): Image => {
    const near = [-2, -1, 0, 1, 2];
    return x.map(plane =>
      plane.map((row, i) =>
        row.map((_, j) => average(near.flatMap(u => near.map(v => plane[i + u]?.[j + v] ?? 0)))),
      ),
    );
  };
  const stretch = (x: Image, [height, width]: readonly [number, number]): Image =>
    x.map(plane =>
      Array.from({ length: height }, (_, i) =>
        Array.from({ length: width }, (_, j) => {
          const y = (i * (plane.length - 1)) / (height - 1);
          const z = (j * (plane[0]!.length - 1)) / (width - 1);
          const [a, b] = [
            Math.min(Math.floor(y), plane.length - 2),
            Math.min(Math.floor(z), plane[0]!.length - 2),
          ];
          const [u, v] = [y - a, z - b];
          const above = (1 - v) * plane[a]![b]! + v * plane[a]![b + 1]!;
          return (1 - u) * above + u * ((1 - v) * plane[a + 1]![b]! + v * plane[a + 1]![b + 1]!);
        }),
      ),
    );
  const block = (x: Image, name: string, dilation: number) => {
    const first = conv(elu(norm(x, `${name}.normalize1`)), `${name}.conv1`, dilation);
    const pooled = params[`${name}.conv2.conv.weight`] !== undefined;
    const part = pooled ? '.conv' : '';
    const branch = conv(elu(norm(first, `${name}.normalize2`)), `${name}.conv2${part}`, dilation);
    if (pooled) return plus(halve(conv(x, `${name}.shortcut.conv`)), halve(branch));
    return plus(params[`${name}.shortcut.weight`] ? conv(x, `${name}.shortcut`, dilation) : x, branch);
  };
  const units = (x: Image, name: string, count: number) => {
    let total = x;
    for (let i = 1; i <= count; i++) {
      let h = total;
      for (const j of [1, 2]) h = conv(elu(norm(h, `${name}.${i}_${j}_norm`)), `${name}.${i}_${j}_conv`);
      total = plus(total, h);
    }
    return total;
  };
  const refine = (name: string, inputs: Image[], count: number) => {
    const adapted = inputs.map((x, i) => units(x, `${name}.adapt_convs.${i}`, 2));
    const size = [adapted[0]![0]!.length, adapted[0]![0]![0]!.length] as const;
    const fused = adapted.map((x, i) =>
      adapted.length === 1
        ? x
        : stretch(conv(norm(x, `${name}.msf.norms.${i}`), `${name}.msf.convs.${i}`), size),
    );
    let total = elu(fused.reduce(plus));
    let path = total;
    for (const i of [0, 1]) {
      path = conv(pool(norm(path, `${name}.crp.norms.${i}`)), `${name}.crp.convs.${i}`);
      total = plus(total, path);
    }
    return units(total, `${name}.output_convs`, count);
  };
  const stage = (x: Image, name: string, dilation: number) =>
    block(block(x, `${name}.0`, dilation), `${name}.1`, dilation);
  const one = stage(conv(input, 'begin_conv'), 'res1', 1);
  const two = stage(one, 'res2', 1);
  const three = stage(two, 'res3', 2);
  const four = stage(three, 'res4', 4);
  const up = refine('refine2', [three, refine('refine1', [four], 1)], 1);
  const last = refine('refine4', [one, refine('refine3', [two, up], 1)], 3);
  return conv(elu(norm(last, 'normalizer')), 'end_conv');
}

describe('NCSN', () => {
  const net = makeNet({ name: 'ncsn', width: 4, levels: 3, highest: 2, lowest: 0.02 }, [2, 6, 8]);
  const params = worn(net.init(3));
  const names = Object.keys(params);
  const x = values(5, 96, -1, 1);
  let forward: (condition: number) => Promise<Float32Array>;
  beforeAll(async () => {
    const engine = await makeEngine('onnx');
    const program = engine.compile<null>(
      (ws, [x, c]) => [net.apply(Object.fromEntries(names.map((name, i) => [name, ws[i]!])), x!, c!)],
      Object.values(params),
    );
    const image = engine.put({ data: x, shape: [1, 2, 6, 8] });
    forward = async condition => {
      const told = engine.put({ data: Float32Array.of(condition), shape: [1] });
      return engine.read((await program.run([image, told], null))[0]!);
    };
  });
  const image = [0, 1].map(c =>
    Array.from({ length: 6 }, (_, i) => Array.from({ length: 8 }, (_, j) => x[c * 48 + i * 8 + j]!)),
  );

  it.each([0, 1, 2])('is its float64 reference at level %i of 2, 0.2 and 0.02', async k => {
    const wanted = reference(params, k, image).flat(2);
    const size = Math.max(...wanted.map(Math.abs));
    const got = await forward(Math.log(2 / 10 ** k));
    expect(got).toHaveLength(96);
    got.forEach((value, i) => {
      expect(Math.abs(value - wanted[i]!)).toBeLessThan(2e-5 * size);
    });
  });

  it('beyond the levels it is that of the outermost, and between them it is another', async () => {
    expect(await forward(3)).toEqual(await forward(Math.log(2)));
    expect(await forward(-9)).toEqual(await forward(Math.log(0.02)));
    expect(await forward(Math.log(0.6))).not.toEqual(await forward(Math.log(0.2)));
  });

  it('refuses odd sides, one level, and a lowest level above the highest', () => {
    expect(() => makeNet('ncsn', [1, 7, 8])).toThrow(/even/);
    expect(() => makeNet({ name: 'ncsn', levels: 1 }, [8, 8])).toThrow(/levels/);
    expect(() => makeNet({ name: 'ncsn', lowest: 2 }, [8, 8])).toThrow(/lowest/);
  });
});
