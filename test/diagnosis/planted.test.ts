import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { geometric, linear } from '../../schedules/index.ts';
import { subVp } from '../../sdes/sub-vp.ts';
import { ve } from '../../sdes/ve.ts';
import { vp } from '../../sdes/vp.ts';
import { affine } from '../../src/data/index.ts';
import { makeEngine } from '../../src/engine/index.ts';
import { fillNormal, key } from '../../src/random/index.ts';
import { diagnose } from '../../src/run/diagnose.ts';
import type { Run } from '../../src/run/run.ts';
import { train } from '../../src/run/train/train.ts';
import { toModel } from '../../src/run/use/units.ts';
import { empiricalModel, mixtureModel } from '../../src/score/analytic/index.ts';
import type { ScoreModel } from '../../src/score/contract.ts';
import type { Sde } from '../../src/sde/contract.ts';
import { combine, fromHost, type HostTensor, matmul, reshape, type Tensor } from '../../src/tensor/index.ts';

const engine = await makeEngine();
const folder = mkdtempSync(join(tmpdir(), 'langevin-planted-'));

/** A good run of an SDE, and rows of its law: few are a function of the seed. */
interface Good {
  readonly run: Run;
  rows(count: number, seed: number): HostTensor;
}

/** Three groups in a shape, in units of 7 with the mean 3. */
function groups(sde: Sde, shape: readonly number[]): Good {
  const size = shape.reduce((a, b) => a * b, 1);
  const means = [-1.2, 0.1, 1.1].map(m => Array.from({ length: size }, (_, i) => (i % 2 ? m : -m)));
  const model = mixtureModel({ means, stds: 0.3, shape }, sde);
  const scaling = affine(Array(size).fill(3), Array(size).fill(7));
  const config = { data: { source: 'groups', shape }, transform: scaling.toJSON(), objective: {} };
  return {
    run: { config, sde, model, params: {}, losses: [] } as unknown as Run,
    rows: (count, seed) => {
      const { data, shape } = model.sample(count, seed);
      return { data: Float64Array.from(data, z => 3 + 7 * z), shape };
    },
  };
}

/** A table of two dependent columns of different units, whose Gaussian is its law. */
async function table(sde: Sde): Promise<Good> {
  const rows = (count: number, seed: number) => {
    const z = new Float32Array(2 * count);
    fillNormal(z, key(seed, 'table'), { step: 0, first: 0, size: 2 });
    const x = Float64Array.from(z, (value, i) => (i % 2 === 0 ? 100 * value : 0.9 * z[i - 1]! + 0.2 * value));
    return { data: x, shape: [count, 2] };
  };
  const path = join(folder, 'table.csv');
  const { data } = rows(800, 1);
  const lines = Array.from({ length: 800 }, (_, i) => `${data[2 * i]},${data[2 * i + 1]}`);
  writeFileSync(path, `a,b\n${lines.join('\n')}\n`);
  const run = await train({ data: path, sde, steps: 1, batch: 16, validationFraction: 0, engine });
  return { run, rows };
}

/** A model with its noise changed by `change` of the noise, the point and σ/α. */
const changed = (
  { sde, model: { rawAndEnergy: _, ...model } }: Run,
  change: (noise: Tensor, x: Tensor, level: number) => Tensor,
): ScoreModel => ({
  ...model,
  noiseForm: () => ({ a: 0, b: 1 }),
  raw: (weights, x, t) => {
    const { a, b } = model.noiseForm(t as number);
    const { scale, std } = sde.marginal(t as number);
    return change(combine([a, x], [b, model.raw(weights, x, t)]), x, std / scale);
  },
});

/** x with each pair of coordinates turned by a quarter. */
function turned(x: Tensor): Tensor {
  const size = x.shape.slice(1).reduce((a, b) => a * b, 1);
  const turn = new Float32Array(size ** 2);
  for (let i = 0; i < size; i += 2) {
    turn[i * size + i + 1] = 1;
    turn[(i + 1) * size + i] = -1;
  }
  const flat = reshape(x, [x.shape[0]!, size]);
  return reshape(matmul(flat, fromHost(turn, [size, size])), x.shape);
}

const cases: readonly (readonly [
  name: string,
  sde: Sde,
  short: Sde,
  of: (sde: Sde) => Good | Promise<Good>,
])[] = [
  ['points under vp', vp(linear()), vp(linear({ betaMax: 2 })), sde => groups(sde, [2])],
  ['points under subvp', subVp(linear()), subVp(linear({ betaMax: 2 })), sde => groups(sde, [2])],
  ['images under ve', ve(geometric()), ve(geometric({ sigmaMax: 1.2 })), sde => groups(sde, [2, 3])],
  ['a table under ve', ve(geometric()), ve(geometric({ sigmaMax: 1.2 })), table],
  ['a table under vp', vp(linear()), vp(linear({ betaMax: 2 })), table],
];

describe.each(cases)('%s', (_name, sde, short, of) => {
  let good: Good;
  beforeAll(async () => {
    good = await of(sde);
  });
  const kinds = async (of: Good, model: ScoreModel, trained: HostTensor = of.rows(400, 6)) => {
    const options = { engine, fresh: of.rows(400, 5), trained, points: 1024, levels: 8 };
    return (await diagnose({ ...of.run, model }, options)).findings.map(({ kind }) => kind);
  };

  it('a good run has no fault', async () => {
    expect(await kinds(good, good.run.model)).toEqual([]);
  });

  it('too short training at high noise, sixteen rows by heart, and a curl are found', async () => {
    const high = changed(good.run, (noise, _x, level) => combine([level > 2 ? 0.4 : 1, noise]));
    expect(await kinds(good, high)).toEqual(['undertrained']);
    const few = good.rows(16, 9);
    expect(await kinds(good, empiricalModel(toModel(good.run.config, few), sde), few)).toEqual(['memorised']);
    const twisted = changed(good.run, (noise, x, level) =>
      combine([1, noise], [0.35 / Math.hypot(1, level), turned(x)]),
    );
    expect(await kinds(good, twisted)).toContain('curl');
  });

  it('noise that ends too soon is found', async () => {
    const early = await of(short);
    expect(await kinds(early, early.run.model)).toEqual(['prior']);
  });
});

describe('training that was too short, where the truth is unknown', () => {
  const ring = (count: number, seed: number): HostTensor => {
    const z = new Float32Array(3 * count);
    fillNormal(z, key(seed, 'ring'), { step: 0, first: 0, size: 3 });
    const data = new Float64Array(2 * count);
    for (let i = 0; i < count; i++) {
      const [a, b, c] = z.subarray(3 * i, 3 * i + 3) as unknown as [number, number, number];
      const radius = (2 + 0.1 * c) / Math.hypot(a, b);
      data.set([radius * a, radius * b], 2 * i);
    }
    return { data, shape: [count, 2] };
  };
  const path = join(folder, 'ring.csv');
  const { data } = ring(1000, 1);
  writeFileSync(
    path,
    `a,b\n${Array.from({ length: 1000 }, (_, i) => `${data[2 * i]},${data[2 * i + 1]}`).join('\n')}\n`,
  );

  const shortly = { data: path, steps: 50, batch: 64, validationFraction: 0, engine };

  const nets = [
    { name: 'mlp', width: 32 },
    { name: 'energy', width: 32 },
  ] as const;
  it.each(nets)('$name after 50 steps is worse than a Parzen density', async net => {
    const run = await train({ ...shortly, net });
    const { findings, levels } = await diagnose(run, { engine, fresh: ring(1000, 2), points: 1024 });
    expect(findings.map(({ kind }) => kind)).toEqual(['undertrained']);
    expect(findings[0]!.what).toMatch(/a Parzen density of the data/);
    expect(levels.some(({ parzen, gaussian }) => parzen!.value < 0.9 * gaussian.value)).toBe(true);
  });
});
