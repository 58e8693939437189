import { describe, expect, it } from 'vitest';
import { makeEngine } from '../../src/engine/index.ts';
import { smc } from '../../src/guide/smc/smc.ts';
import { all, type GivenSpec } from '../../src/measure/all.ts';
import { ownUnits } from '../../src/measure/chart.ts';
import { linear } from '../../src/measure/linear.ts';
import { observe } from '../../src/measure/observe.ts';
import { likelihood } from '../../src/measure/traced.ts';
import { makeGuidance } from '../../src/registry/guidances.ts';
import { makeSde } from '../../src/registry/sdes.ts';
import type { Run } from '../../src/run/run.ts';
import { sample } from '../../src/run/use/sample.ts';
import { gaussianModel } from '../../src/score/analytic/index.ts';
import { exp, mul, reshape, slice } from '../../src/tensor/index.ts';

const engine = await makeEngine('wasm');
const sde = await makeSde('vp');
const model = gaussianModel({ mean: [0, 0, 0], covariance: [1, 0.5, 0, 0.5, 1, 0, 0, 0, 1] }, sde);
const run = {
  config: {
    data: { source: 'exact', shape: [3], columns: ['a', 'b', 'c'] },
    transform: { shift: [0, 0, 0], scale: [1, 1, 1], bins: false },
    objective: {},
  },
  sde,
  model,
  params: {},
  losses: [],
} as unknown as Run;
const draw = (given: GivenSpec, more: object = {}) =>
  sample(run, { count: 32, particles: 64, steps: 12, engine, given, ...more });

describe('impossible measurements are refused', () => {
  it.each([
    ['two values of a column', 'a = 1, a = 2', /"a = 2" contradicts "a = 1"/],
    ['a value outside bounds', 'a = 1, a > 2', /contradicts/],
    ['sums that cannot be', 'a = 1, b = 2, a + b = 4', /contradict one another/],
    ['exact values of more cells than there are', 'a=1, b=1, c=1, a+b+c=3.1', /contradict one another/],
    ['values that agree, but in one row too many', 'a=1, 2*a=2.01', /contradict one another/],
    ['an empty range', 'a in 2..1', /leaves nothing/],
  ])('%s: %s', async (_what, text, says) => {
    await expect(draw(text)).rejects.toThrow(says);
  });

  it('a matrix of another width, and values of another number', async () => {
    await expect(draw(linear([[1, 2]], [1]))).rejects.toThrow(/does not fit the samples[\s\S]*got "2 values/);
    expect(() => linear([[1, 2, 3]], [1, 2])).toThrow(/a value for each row/);
  });

  it('the same value twice is no contradiction, and exact values of every cell are a sample', async () => {
    const { data, certificate } = await draw('a=1, b=2, c=3, a+b=3, a=1');
    for (let i = 0; i < 96; i++) expect(data[i]).toBe(1 + (i % 3));
    expect(certificate!.logEvidence).not.toBeNull();
  });
});

describe('improbable measurements', () => {
  it('kill all particles, and the message says what to do', async () => {
    const never = likelihood(x => {
      const zeros = mul(reshape(slice(x, [0, 0], [x.shape[0]!, 1]), [x.shape[0]!]), 0);
      return mul(exp(zeros), -3e38);
    });
    await expect(draw([never, never])).rejects.toThrow(/No particle agrees[\s\S]*a=1.5±0.1/);
  });

  it('that collapse the particles give a warning, and no evidence', async () => {
    const { certificate } = await draw('a > 25', { particles: 16 });
    expect(certificate!.logEvidence).toBeNull();
    expect(certificate!.interval).toBeNull();
    expect(certificate!.warnings.join()).toMatch(/collapsed[\s\S]*take more particles/);
  });
});

it('a twist that has no density for so many measurements names another', async () => {
  const size = 20;
  const wide = gaussianModel(
    {
      mean: new Array<number>(size).fill(0),
      covariance: Array.from({ length: size * size }, (_, k) => Number(k % (size + 1) === 0)),
    },
    sde,
  );
  const rows = Array.from({ length: 18 }, (_, i) => Array.from({ length: size }, (_, d) => Number(d === i)));
  const values = new Array<number>(18).fill(0.5);
  const parts = await all(linear(rows, values, { std: 0.1 })).on({ shape: [size] });
  const observation = observe(parts, ownUnits([size]));
  const twist = makeGuidance('mmps');
  await expect(smc({ engine, sde, model: wide, observation, twist })).rejects.toThrow(/pigdm as the twist/);
});
