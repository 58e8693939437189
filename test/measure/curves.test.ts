import { describe, expect, it } from 'vitest';
import { makeEngine } from '../../src/engine/index.ts';
import { measurementOf } from '../../src/measure/all.ts';
import type { Chart } from '../../src/measure/chart.ts';
import { observe } from '../../src/measure/observe.ts';

const engine = await makeEngine('wasm');

/** a = e^u₀ with u₀ = 0.5 + 0.4z₀, b = 1 + 2z₁, and a column of three words in two coordinates. */
const chart: Chart = {
  shape: [4],
  shift: Float64Array.of(0.5, 1, 0, 0.1),
  scale: Float64Array.of(0.4, 2, 1, 0.5),
  cells: [
    { first: 0, curve: { forward: Math.log, inverse: Math.exp, logSlope: x => -Math.log(x) } },
    { first: 1 },
    {
      first: 2,
      region: k => [
        { normal: [k & 1 ? 1 : -1, 0], least: 0 },
        { normal: [0, k & 2 ? 1 : -1], least: 0 },
      ],
    },
  ],
};
const columns = [{ name: 'a' }, { name: 'b' }, { name: 'kind', words: ['x', 'y', 'z'] }];
const seen = async (text: string) => observe(await measurementOf(text).on({ shape: [3], columns }), chart);
const dot = (row: Float32Array, z: readonly number[]) =>
  z.reduce((sum, value, d) => sum + value * row[d]!, 0);

describe('columns with a curve between data and model', () => {
  it('are read exactly, with the error that the slope gives', async () => {
    const { rows, readings, logScale } = await seen('a = 2 ± 0.1');
    const z0 = (Math.log(2) - 0.5) / 0.4;
    expect(dot(rows[0]!.data, [z0, 9, 9, 9])).toBeCloseTo(readings.value[0]!, 6);
    expect(readings.variance[0]!).toBeCloseTo((0.1 / 2 / 0.4) ** 2, 9);
    // log N(2; a, 0.1²) at a = 2, seen in the data and in the model.
    const inModel = logScale - 0.5 * Math.log(2 * Math.PI * readings.variance[0]!);
    expect(inModel).toBeCloseTo(-0.5 * Math.log(2 * Math.PI * 0.01), 6);
  });

  it('have bounds that move with the curve', async () => {
    const { rows, bounds } = await seen('1 < a < 3, -2*b < 4');
    expect(bounds.low[0]!).toBeCloseTo(-0.5 / 0.4, 9);
    expect(bounds.high[0]!).toBeCloseTo((Math.log(3) - 0.5) / 0.4, 9);
    // −2b < 4 says b > −2, so z₁ > −1.5, by a row of unit length.
    expect([dot(rows[0]!.data.subarray(4), [0, -1.5, 0, 0]), bounds.low[1]]).toEqual([1.5, -Infinity]);
    expect(bounds.high[1]!).toBeCloseTo(1.5, 9);
  });

  it('add up by tensor operations', async () => {
    const observation = await seen('a + b = 3 ± 0.1');
    expect(observation.linear).toBe(false);
    const rows = [-2, -0.7, 0, 0.3, 1.9];
    const z = { data: Float32Array.from(rows.flatMap(v => [v, -v, 0, 0])), shape: [5, 4] };
    const program = engine.compile<null>((w, [x]) => [observation.apply(w, x!)], observation.weights);
    const input = engine.put(z);
    const [out] = await program.run([input], null);
    const got = await engine.read(out!);
    engine.free(input, out!);
    const wanted = rows.map(v => Math.exp(0.5 + 0.4 * v) + 1 - 2 * v);
    wanted.forEach((value, i) => {
      expect(Math.abs(got[i]! - value)).toBeLessThan(2e-3);
    });
  });

  it('of words bound each coordinate by the sign of the code', async () => {
    const { rows, bounds } = await seen('kind = y');
    const W = rows[0]!.data;
    expect([...W.subarray(0, 4), ...W.subarray(4)]).toEqual([0, 0, 1, 0, 0, 0, 0, -1]);
    // v₃ = 0.1 + 0.5z₃ < 0 where z₃ < −0.2.
    expect(bounds.low[0]).toBeCloseTo(0, 9);
    expect(bounds.low[1]!).toBeCloseTo(0.2, 9);
    await expect(async () =>
      observe(await measurementOf('kind = z').on({ shape: [3], columns }), {
        ...chart,
        cells: chart.cells!.slice(0, 2).concat({ first: 2 }),
      }),
    ).rejects.toThrow(/no coordinates for words/);
  });
});
