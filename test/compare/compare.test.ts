import { describe, expect, it } from 'vitest';
import { analyticTarget, compare, contestant, runTarget } from '../../src/compare/index.ts';
import { standardMixture } from '../../src/compare/mixtures.ts';
import { makeEngine } from '../../src/engine/index.ts';
import { makeSde } from '../../src/registry/sdes.ts';
import { train } from '../../src/run/train/train.ts';

const engine = await makeEngine('onnx');
const sde = await makeSde('vp');

describe('a contestant', () => {
  it('has a name, options and a grid', () => {
    const { name, solver, grid } = contestant('dpm-solver++:order=3;singlestep=true@quadratic');
    expect([name, solver.order, solver.evaluationsPerStep, grid]).toEqual([
      'dpm-solver++:order=3;singlestep=true@quadratic',
      3,
      3,
      'quadratic',
    ]);
    expect(contestant('predictor-corrector:snr=0.1;corrector=annealed-langevin').solver.noise).toBe('fresh');
  });

  it.each([
    ['hevn', /Did you mean "heun"/],
    ['heun@karas', /grid/],
    ['heun:order=3', /option/],
    ['@karras', /not a solver/],
  ])('%s is refused', (text, message) => {
    expect(() => contestant(text)).toThrow(message);
  });
});

describe('a target', () => {
  it('of ten Gaussians has mean 0 and variance 1 in every dimension', () => {
    const { weights, means, stds } = standardMixture(5);
    for (let d = 0; d < 5; d++) {
      const mean = means.reduce((sum, row, k) => sum + weights![k]! * row[d]!, 0);
      const second =
        means.reduce((sum, row, k) => sum + weights![k]! * row[d]! ** 2, 0) + (stds as number) ** 2;
      expect(mean).toBeCloseTo(0, 12);
      expect(second).toBeCloseTo(1, 12);
    }
  });

  it('gives two sets without a common row, and the same sets for the same seed', () => {
    const target = analyticTarget('eight-gaussians', sde);
    const [a, b, again] = [target.data(50, 3, 0), target.data(50, 3, 1), target.data(50, 3, 0)];
    expect(again).toEqual(a);
    expect(b.data).not.toEqual(a.data);
  });

  it('with an unknown name is refused', () => {
    expect(() => analyticTarget('eigth-gaussians', sde)).toThrow(/Did you mean "eight-gaussians"/);
    expect(() => analyticTarget('mixture-0', sde)).toThrow(/mixture/);
  });
});

describe('a comparison', () => {
  const target = analyticTarget('mixture-2', sde);
  const run = (solvers: readonly string[], evaluations: readonly number[], extra = {}) =>
    compare({
      engine,
      target,
      contestants: solvers.map(contestant),
      evaluations,
      count: 2000,
      batch: 2000,
      ...extra,
    });

  it('stays within its budgets, which include evaluations before the first step and the denoising', async () => {
    const names = ['ddim', 'heun', 'unipc', 'dpm-solver++:order=3', 'euler-maruyama'];
    const { rows } = await run(names, [8, 13], { count: 50, batch: 50 });
    expect(rows.map(({ solver, evaluations }) => [solver, evaluations])).toEqual([
      ['ddim', 8],
      ['ddim', 13],
      ['heun', 7],
      ['heun', 13],
      ['unipc', 8],
      ['unipc', 13],
      ['dpm-solver++:order=3', 8],
      ['dpm-solver++:order=3', 13],
      ['euler-maruyama', 8],
      ['euler-maruyama', 13],
    ]);
  });

  it('finds the exact flow and long runs at the floor, and short runs above it', async () => {
    const { rows, floor, flow } = await run(['unipc', 'ddim', 'rk45'], [5, 60], { repeats: 2 });
    expect(Math.abs(flow!.mean / floor.mean - 1)).toBeLessThan(0.6);
    const of = (solver: string) => rows.filter(row => row.solver === solver);
    expect(of('unipc')[1]!.distance.mean).toBeLessThan(1.6 * floor.mean);
    expect(of('unipc')[0]!.distance.mean).toBeGreaterThan(3 * floor.mean);
    expect(of('unipc')[1]!.endpoint!).toBeLessThan(of('ddim')[1]!.endpoint! / 5);
    const adaptive = of('rk45');
    expect(adaptive.length).toBeGreaterThan(3);
    expect(adaptive.every((row, i) => i === 0 || row.evaluations > adaptive[i - 1]!.evaluations)).toBe(true);
    expect(adaptive.at(-1)!.endpoint!).toBeLessThan(1e-3);
    expect(rows.every(row => row.seconds > 0 && row.distance.standardError! >= 0)).toBe(true);
  });

  it('compares solvers on a trained run with its own data', async () => {
    const trained = await train({
      data: 'moons',
      steps: 5,
      net: { name: 'mlp', width: 8, depth: 1 },
      engine,
    });
    const own = await runTarget(trained, 'moons');
    const common = { engine, target: own, contestants: [contestant('heun')], evaluations: [9] };
    const result = await compare({ ...common, count: 300 });
    expect(result.rows.length).toBe(1);
    expect(result.floor.mean).toBeLessThan(result.rows[0]!.distance.mean);
  });
});
