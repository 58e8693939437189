import { describe, expect, it } from 'vitest';
import { finiteDataset } from '../../src/data/index.ts';
import { fillNormal, key } from '../../src/random/index.ts';
import { makeNet } from '../../src/registry/nets.ts';
import { makeSde } from '../../src/registry/sdes.ts';
import { netOf } from '../../src/run/train/labels.ts';
import { notePrior, priorMismatch } from '../../src/run/train/prior.ts';

/** Standardised rows whose columns are all equal, or all independent. */
function table(size: number, alike: boolean, count = 4000) {
  const values = new Float64Array(count * size);
  const z = new Float32Array(count * size);
  fillNormal(z, key(7, 'test'), { step: 0, first: 0, size });
  for (let i = 0; i < values.length; i++) values[i] = 5 + 2 * z[alike ? i - (i % size) : i]!;
  return finiteDataset('rows', { where: 'rows', values, count, shape: [size] });
}
const ve = (sigmaMax: number) =>
  makeSde({ name: 've', schedule: { name: 'geometric', sigmaMin: 0.01, sigmaMax } });
/** ½(v − 1 − log v), the KL of N(0, v) from N(0, 1). */
const half = (v: number) => 0.5 * (v - 1 - Math.log(v));

describe('KL(p_T ‖ prior) at the start of training', () => {
  it.each([
    ['own columns', false, 3 * half(2)],
    ['one column three times', true, half(4)],
  ])('is that of the Gaussian: %s', async (_what, alike, wanted) => {
    const { nats, perDimension } = priorMismatch(table(3, alike), await ve(1), 0);
    expect(Math.abs(nats / wanted - 1)).toBeLessThan(0.05);
    expect(perDimension).toBeCloseTo(nats / 3, 12);
  });

  it('comes with a setting that repairs it, which can be pasted', async () => {
    const { note } = priorMismatch(table(1, false), await ve(1), 0);
    const [, name, schedule, options] = /--sde (\S+) --schedule (\S+) --schedule-options '(.*)'/.exec(note)!;
    const mended = await makeSde({
      name: name!,
      schedule: { name: schedule!, ...JSON.parse(options!) },
    } as never);
    expect(priorMismatch(table(1, false), mended, 0).perDimension).toBeLessThan(0.01);
    const weak = await makeSde({ name: 'sub-vp', schedule: { name: 'linear', betaMin: 0.1, betaMax: 2 } });
    const longer = /--schedule-options '(.*)'/.exec(priorMismatch(table(1, false), weak, 0).note)![1]!;
    const strong = await makeSde({
      name: 'vp',
      schedule: { name: 'linear', ...JSON.parse(longer) },
    } as never);
    expect(priorMismatch(table(1, false), strong, 0).perDimension).toBeLessThan(0.01);
  });

  it.each(['vp', 'sub-vp', 've', 'rectified-flow'])('is nearly 0 under %s with its defaults', async name => {
    const { perDimension, note } = priorMismatch(table(2, false), await makeSde(name as 'vp'), 0);
    expect(perDimension).toBeLessThan(1e-4);
    expect(note).not.toMatch(/--sde/);
  });

  it('is computed for wide rows from their inner products', async () => {
    const { nats } = priorMismatch(table(300, true, 500), await ve(10), 0);
    expect(Math.abs(nats / half(1 + 300 / 100) - 1)).toBeLessThan(0.2);
  });

  it('is reported through onNote', () => {
    const heard: string[] = [];
    notePrior({ nats: 0, perDimension: 0, note: 'fits' }, { onNote: note => heard.push(note) });
    expect(heard).toEqual(['fits']);
  });
});

describe('the width of a perceptron follows the number of values', () => {
  it.each([
    [2, 128],
    [128, 128],
    [200, 256],
    [784, 512],
  ])('%i values: %i units, written into the configuration', (size, width) => {
    const { spec, net } = netOf({ data: 'none' }, table(size, true, 10));
    expect(spec.width).toBe(width);
    expect(net.init(0)['input.weight']!.shape).toEqual([size, width]);
    expect(netOf({ data: 'none', net: { name: 'mlp', width: 64 } }, table(size, true, 10)).spec.width).toBe(
      64,
    );
  });

  it('a run without a width opens as it was', () => {
    expect(makeNet('mlp', [200]).init(0)['input.weight']!.shape).toEqual([200, 128]);
  });
});
