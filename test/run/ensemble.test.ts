import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeEngine } from '../../src/engine/index.ts';
import { logLikelihood, openEnsemble, pooledScores, train } from '../../src/index.ts';

const dir = mkdtempSync(join(tmpdir(), 'langevin-'));
afterAll(() => rmSync(dir, { recursive: true }));
const engine = await makeEngine('onnx');
const options = {
  ...{ data: 'moons', engine, steps: 400, batch: 64, learningRate: 0.05, warmup: 50 },
  net: { name: 'mlp', width: 16, depth: 1 },
} as const;

describe('an ensemble of weights', () => {
  it('is drawn by sgld, stored, opened and pooled', async () => {
    const out = join(dir, 'run');
    const run = await train({ ...options, out, optimizer: { name: 'sgld', draws: 4 } });
    expect(run.config.training).toMatchObject({
      decay: 'power',
      optimizer: { name: 'sgld', rows: 400 * 64, temperature: 1, priorStd: 1, power: 0.55, draws: 4 },
    });
    const members = await openEnsemble(out);
    expect(members).toHaveLength(4);
    const x = { data: Float64Array.of(0, 0, 1, 0.5, -1, 0), shape: [3, 2] };
    const scores = [];
    for (const member of members) scores.push(await logLikelihood(member, x, { engine }));
    const all = pooledScores(scores, run.config);
    for (let i = 0; i < 3; i++) {
      const densities = scores.map(({ logProbability }) => Math.exp(logProbability[i]!));
      const mean = densities.reduce((sum, p) => sum + p, 0) / 4;
      expect(Math.abs(all.logProbability[i]! - Math.log(mean))).toBeLessThan(1e-9);
    }
    expect(all.members).toBe(4);
    expect(all.spread).toBeGreaterThan(0);
    expect(new Set(scores.map(({ mean }) => mean)).size).toBe(4);
  });

  it('a run without draws has none, and steps that do not suit are refused', async () => {
    const out = join(dir, 'adam');
    await train({ ...options, steps: 1, out });
    await expect(openEnsemble(out)).rejects.toThrow(/--optimizer sgld/);
    const sgld = (more: object) => train({ ...options, optimizer: { name: 'sgld', ...more } });
    await expect(sgld({ power: 0.5 })).rejects.toThrow(/Σε/);
    await expect(sgld({ power: 1.1 })).rejects.toThrow(/Σε/);
    await expect(sgld({ draw: 3 })).rejects.toThrow(/draws/);
    await expect(train({ ...options, decay: 'none', optimizer: 'sgld' })).rejects.toThrow(/power=0.6/);
    await expect(train({ ...options, decay: 'power' as never })).rejects.toThrow(/decay/);
    await expect(train({ ...options, optimizer: 'sgd' as never })).rejects.toThrow(/sgld/);
  });
});
