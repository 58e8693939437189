import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeEngine } from '../../src/engine/index.ts';
import { objectives } from '../../src/objectives/index.ts';
import { presets } from '../../src/presets/index.ts';
import { fillNormal, key } from '../../src/random/index.ts';
import { diagnose } from '../../src/run/diagnose.ts';
import type { TrainOptions } from '../../src/run/train/options.ts';
import { fresh } from '../../src/run/train/prepare.ts';
import { train } from '../../src/run/train/train.ts';
import { sampleChains } from '../../src/run/use/chains.ts';
import { sample } from '../../src/run/use/sample.ts';

const engine = await makeEngine('onnx');
const quick = (options: Partial<TrainOptions>) =>
  train({
    data: 'eight-gaussians',
    net: { name: 'mlp', width: 32, depth: 1 },
    steps: 400,
    batch: 128,
    learningRate: 1e-2,
    engine,
    ...options,
  });
const sdeFor = (name: string) =>
  name === 'smld' ? { name: 've', schedule: { name: 'geometric', sigmaMax: 10 } } : 'vp';

describe('every objective trains a run by its name', () => {
  // The contrast of data and chains is 0 where maximum likelihood is reached: it need not fall.
  const falling = Object.entries(objectives).filter(([, { needs }]) => needs !== 'an energy and sigma');

  it.each(falling.map(([name]) => name))(
    '%s: the loss falls, and the configuration stores it',
    async name => {
      const run = await quick({ objective: name as never, sde: sdeFor(name) as never });
      expect(run.config.objective.name).toBe(name);
      expect(run.losses.at(-1)!.loss).toBeLessThan(run.losses[0]!.loss);
    },
  );

  it('maximum likelihood trains an energy at one noise level', async () => {
    const run = await quick({
      net: { name: 'energy', width: 8, depth: 1 },
      objective: { name: 'maximum-likelihood', sigma: 0.5 },
    });
    expect(run.config.objective).toMatchObject({ name: 'maximum-likelihood', sigma: 0.5 });
    expect(run.losses.every(({ loss }) => Number.isFinite(loss))).toBe(true);
    await expect(quick({ objective: 'maximum-likelihood' as never })).rejects.toThrow(/energy/);
  });

  it('a run of one noise level is used at this level alone', async () => {
    const run = await quick({ steps: 1, objective: { name: 'denoising', sigma: 0.5 } });
    const options = { engine, chains: 8, draws: 1, burnIn: 0 };
    expect((await sampleChains(run, options)).shape).toEqual([8, 2]);
    expect(await sampleChains(run, { ...options, noise: 0.5 })).toEqual(await sampleChains(run, options));
    await expect(sampleChains(run, { ...options, noise: 0.4 })).rejects.toThrow(/one noise level/);
    await expect(sampleChains(run, { ...options, kernel: 'annealed-langevin' })).rejects.toThrow(/visits/);
    await expect(sample(run, { engine, count: 1 })).rejects.toThrow(/one noise level/);
    const { levels, prior } = await diagnose(run, { engine, fresh: await sampleChains(run, options) });
    expect([levels.map(({ noise }) => Math.round(1e6 * noise) / 1e6), prior]).toEqual([[0.5], undefined]);
  });

  it('a table of one noise level is validated at this level', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'langevin-level-')), 'normal.csv');
    const z = new Float32Array(2000);
    fillNormal(z, key(1, 'normal'), { step: 0, first: 0, size: 2 });
    writeFileSync(
      path,
      `a,b\n${Array.from({ length: 1000 }, (_, i) => `${z[2 * i]},${z[2 * i + 1]}`).join('\n')}\n`,
    );
    const run = await quick({ data: path, steps: 1, objective: { name: 'denoising', sigma: 0.5 } });
    // ‖ε − ε̂‖² of a Gaussian in the plane is 2/(1 + σ²).
    expect(run.validation!.points[0]!.nats).toBeCloseTo(-1 / (1 + 0.5 ** 2), 1);
  });

  it('an energy has defaults of its own', async () => {
    const of = async (options: Partial<TrainOptions>) => {
      const { steps, batch, learningRate } = (await fresh({ data: 'moons', ...options })).config.training;
      return [steps, batch, learningRate];
    };
    const energy = { name: 'energy', width: 32 } as const;
    expect(await of({ net: energy })).toEqual([10_000, 512, 2e-3]);
    expect(await of({ net: energy, learningRate: 1e-3 })).toEqual([10_000, 512, 1e-3]);
    const objective = { name: 'maximum-likelihood', sigma: 0.2 } as const;
    expect(await of({ net: energy, objective })).toEqual([2400, 256, 3e-3]);
  });

  it('options of an objective are stored, and wrong ones are refused', async () => {
    const run = await quick({
      steps: 1,
      objective: { name: 'denoising', times: 'importance', weighting: 'likelihood' },
    });
    expect(run.config.objective).toEqual({
      name: 'denoising',
      weighting: 'likelihood',
      epsilon: 1e-5,
      times: 'importance',
    });
    await expect(quick({ objective: 'denoisng' as never })).rejects.toThrow(/Did you mean "denoising"/);
    await expect(quick({ objective: { name: 'ddpm', levels: 0 } })).rejects.toThrow(/levels/);
    await expect(quick({ data: 'moons', objective: 'explicit' })).rejects.toThrow(/closed form/);
  });
});

describe('every preset trains and samples', () => {
  it.each(Object.entries(presets))('%s', async (name, { sde, objective }) => {
    const run = await quick({ steps: 2, preset: name as never });
    expect([run.sde.name, run.config.objective.name]).toEqual([sde.name, objective.name]);
    const samples = await sample(run, { count: 2, preset: name as never, steps: 3, engine });
    expect(samples.data.every(Number.isFinite)).toBe(true);
  });

  it('an option has priority over the preset', async () => {
    const run = await quick({ steps: 1, preset: 'ddpm', objective: 'denoising' });
    expect(run.config.objective.name).toBe('denoising');
    const [own, other] = [
      await sample(run, { count: 2, preset: 'ddim', engine }),
      await sample(run, { count: 2, preset: 'ddim', solver: 'heun', steps: 49, grid: 'quadratic', engine }),
    ];
    expect(own.evaluations).toBe(50);
    expect(other.evaluations).toBe(99);
  });
});
