import { describe, expect, it } from 'vitest';
import { makeEngine } from '../../src/engine/index.ts';
import { train } from '../../src/run/train/train.ts';
import { likelihoodBound } from '../../src/run/use/bound.ts';
import { averageScores, logLikelihood, type Scores } from '../../src/run/use/likelihood.ts';
import { values } from '../support/draw.ts';

const engine = await makeEngine('onnx');
const net = { name: 'mlp', width: 16, depth: 1 } as const;
const run = await train({ data: 'moons', net, steps: 50, batch: 64, engine });
const x = (count: number) => ({ data: values(1, 2 * count), shape: [count, 2] });
const options = { engine, tolerance: 1e-2 };

describe('both standard errors, or null if one is unknown', () => {
  it('for one row the scatter over rows is unknown; for an exact likelihood nothing is random', async () => {
    const one = await logLikelihood(run, x(1), options);
    expect([one.standardError, one.estimationError]).toEqual([null, 0]);
    const several = await logLikelihood(run, x(8), options);
    expect(several.standardError).toBeGreaterThan(0);
    expect(several.rowErrors).toEqual(new Float64Array(8));
    expect(averageScores([several, several, several])).toMatchObject({ ...several });
  });

  it('for one draw of probes, or for a bound, the error of the estimate is unknown', async () => {
    for (const scores of [
      await logLikelihood(run, x(8), { ...options, probes: 1 }),
      await likelihoodBound(run, x(8), { engine, draws: 4 }),
    ]) {
      expect([scores.estimationError, scores.rowErrors]).toEqual([null, null]);
      expect(scores.standardError).toBeGreaterThan(0);
    }
  });

  it('several draws give it: it is the scatter of their averages', async () => {
    const groups: Scores[] = [];
    for (let group = 0; group < 40; group++) {
      const scores: Scores[] = [];
      for (let r = 0; r < 4; r++)
        scores.push({
          ...(await likelihoodBound(run, x(8), { engine, draws: 2, seed: 4 * group + r })),
          divergence: '',
        });
      groups.push(averageScores(scores));
    }
    const means = groups.map(({ mean }) => mean);
    const centre = means.reduce((a, b) => a + b) / means.length;
    const scatter = Math.sqrt(
      means.reduce((sum, mean) => sum + (mean - centre) ** 2, 0) / (means.length - 1),
    );
    const told = Math.sqrt(
      groups.reduce((sum, { estimationError }) => sum + estimationError! ** 2, 0) / groups.length,
    );
    expect(Math.abs(Math.log(told / scatter))).toBeLessThan(0.4);
  });

  it('refuses scores of different rows', async () => {
    const scores = [await logLikelihood(run, x(2), options), await logLikelihood(run, x(3), options)];
    expect(() => averageScores(scores)).toThrow(/2 rows, 3 rows/);
    expect(() => averageScores([])).toThrow(/none/);
  });
});
