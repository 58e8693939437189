import { beforeAll, describe, expect, it } from 'vitest';
import { finiteDataset, type Table } from '../../src/data/index.ts';
import { makeEngine } from '../../src/engine/index.ts';
import type { TrainedRun } from '../../src/run/run.ts';
import { train } from '../../src/run/train/train.ts';
import { logLikelihood } from '../../src/run/use/likelihood.ts';
import { sample } from '../../src/run/use/sample.ts';
import { samplePath } from '../../src/run/use/trajectory.ts';

const engine = await makeEngine('wasm');
const count = 120;
const table: Table = {
  where: 't',
  values: Float64Array.from(
    { length: 3 * count },
    (_, i) => [(i * i) % 8, ((i * 11) % 29) / 10, Math.sin(i)][i % 3]!,
  ),
  count,
  shape: [3],
  columns: ['n', 'price', 'x'],
};
const training = { steps: 50, batch: 32, net: { name: 'mlp', width: 8, depth: 1 }, engine } as const;
const options = { engine, count: 64, seed: 2, steps: 5, solver: 'heun' } as const;
const column = (data: Float64Array, d: number) => data.filter((_, i) => i % 3 === d);

describe('samples of dequantised columns', () => {
  let run: TrainedRun;
  beforeAll(async () => {
    run = await train({ ...training, data: finiteDataset('t', table, { dequantize: ['n', 'price'] }) });
  });

  it('are whole numbers and tenths: the values of the model rounded down', async () => {
    const [whole, drawn] = [await sample(run, options), await sample(run, { ...options, floor: false })];
    expect(column(whole.data, 0)).toEqual(column(drawn.data, 0).map(Math.floor));
    expect(
      [...column(whole.data, 1)].map(value => `${value}`).every(text => /^-?\d+(\.\d)?$/.test(text)),
    ).toBe(true);
    column(whole.data, 1).forEach((value, i) => {
      const over = column(drawn.data, 1)[i]! - value;
      expect(over >= 0 && over < 0.1 + 1e-12).toBe(true);
    });
    expect(column(whole.data, 2)).toEqual(column(drawn.data, 2));
    const path = await samplePath(run, { ...options, count: 4, frames: 3 });
    expect([...path.frames.at(-1)!.x.data]).toEqual([...whole.data.subarray(0, 12)]);
  });

  it('have bits if every column has steps: log P of a value is log p(x) + log of its step', async () => {
    const rows = { data: Float64Array.of(0.5, 0.25, 0.1, 3.5, 1.05, -0.2), shape: [2, 3] };
    const flow = { engine, solver: 'heun', steps: 5 } as const;
    expect((await logLikelihood(run, rows, flow)).bitsPerDim).toBeUndefined();
    const transform = {
      ...run.config.transform,
      bins: [1, 2, 3].map(() => ({ step: 1, decimals: 1, offset: 0 })),
    };
    const { mean, bitsPerDim } = await logLikelihood(
      { ...run, config: { ...run.config, transform } },
      rows,
      flow,
    );
    expect(bitsPerDim).toBeCloseTo(-(mean + 3 * Math.log(0.1)) / (3 * Math.LN2), 10);
  });
});
