import { describe, expect, it } from 'vitest';
import { twoGaussians } from '../../src/data/toys/mixtures.ts';
import { makeEngine } from '../../src/engine/index.ts';
import { makeGrid } from '../../src/registry/grids.ts';
import { makeSde } from '../../src/registry/sdes.ts';
import { makeSolver } from '../../src/registry/solvers.ts';
import { mixtureModel } from '../../src/score/analytic/index.ts';
import { type SampleOptions, sample } from '../../src/solve/sample.ts';

const engine = await makeEngine('onnx');
const sde = await makeSde({ name: 've', schedule: { name: 'geometric', sigmaMin: 0.2, sigmaMax: 20 } });

/**
 * Standardised two-gaussians along the line through its modes. Nothing happens across this line, and one
 * dimension halves the work.
 */
const along = (point: readonly number[]) =>
  point.reduce((sum, x, d) => sum + (x - twoGaussians.mean[d]!) / twoGaussians.std[d]!, 0) / Math.SQRT2;
const { weights, means } = twoGaussians.mixture!;
const centres = means.map(along) as [number, number];
const model = mixtureModel({ weights, means: centres.map(c => [c]), stds: 1 / twoGaussians.std[0]! }, sde);

/** The share of samples closer to the second mode, whose weight is 0.01. */
async function minorShare(
  options: Partial<SampleOptions> & Pick<SampleOptions, 'solver' | 'steps'>,
): Promise<number> {
  const { data } = await sample({ engine, sde, model, count: 20_000, batch: 5000, seed: 1, ...options });
  const middle = (centres[0] + centres[1]) / 2;
  return data.reduce((sum, x) => sum + Number(x > middle), 0) / data.length;
}

const dynamics = (snr: number, steps: number) =>
  makeSolver({
    name: 'predictor-corrector',
    predictor: 'none',
    corrector: { name: 'annealed-langevin', snr },
    steps,
  });

describe('a mixture of weights 0.99 and 0.01', () => {
  it('plain Langevin dynamics on the data leaves each sample in the mode where it started', async () => {
    const share = await minorShare({
      solver: dynamics(0.5, 300),
      grid: makeGrid('levels'),
      steps: 1,
      tMax: sde.tMin * 1.0001,
      count: 4000,
      denoise: false,
    });
    expect(share).toBeGreaterThan(0.3);
  });

  it('annealed Langevin dynamics finds the right weights if it is slow enough', async () => {
    const slow = await minorShare({
      solver: dynamics(0.15, 5),
      grid: makeGrid('levels'),
      steps: 800,
      count: 10_000,
    });
    expect(Math.abs(slow - 0.01)).toBeLessThan(0.002);
  });

  it('annealed Langevin dynamics finds wrong weights if it is too fast', async () => {
    const hurried = await minorShare({
      solver: dynamics(0.15, 5),
      grid: makeGrid('levels'),
      steps: 40,
      count: 5000,
    });
    expect(hurried).toBeGreaterThan(0.015);
  });

  it.each(['euler-maruyama', 'gotta-go-fast', 'unipc'])(
    '%s finds the right weights in 200 evaluations',
    async name => {
      const solver = makeSolver(name as never);
      const share = await minorShare({
        solver,
        steps: 200 / solver.evaluationsPerStep,
        grid: makeGrid('log-snr'),
      });
      expect(Math.abs(share - 0.01)).toBeLessThan(0.002);
    },
  );
});
