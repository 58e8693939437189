import { describe, expect, it } from 'vitest';
import { fillNormal, key } from '../../src/random/index.ts';
import { makeSolver, solvers } from '../../src/registry/solvers.ts';
import { gaussianModel } from '../../src/score/analytic/index.ts';
import type { ScoreModel } from '../../src/score/contract.ts';
import type { Sde } from '../../src/sde/contract.ts';
import { timeAtLogSnr } from '../../src/sde/log-snr.ts';
import type { Solver } from '../../src/solve/contract.ts';
import { problemOf } from '../../src/solve/problem.ts';
import { exactTensor, inFloat64, valuesOf } from '../solvers/float64.ts';
import { MOMENT, mixture, sdes } from '../solvers/laboratory.ts';
import { everySolver } from './every-solver.ts';

const correctors = Object.entries(solvers)
  .filter(([, factory]) => factory().corrects)
  .map(([name]) => name);

const SEED = 20;
const TIME = 0.7;
/** A random draw of a step: [rows, size] values for the k-th draw. */
type Draw = (k: number) => Float64Array;

/** One step at one time, in float64. */
function stay(
  sde: Sde,
  solver: Solver,
  model: ScoreModel,
  x: Float64Array,
  draw: Draw,
  T = TIME,
): Float64Array {
  const shape = [x.length / model.shape[0]!, model.shape[0]!];
  return inFloat64(() => {
    const weights = model.weights.map(({ data, shape }) => exactTensor(data, shape));
    const path = {
      increment: () => exactTensor(new Float64Array(x.length), shape),
      normal: (k: number) => exactTensor(draw(k), shape),
    };
    const problem = problemOf(sde, model, weights);
    return valuesOf(
      solver.step({ problem, x: exactTensor(x, shape), t: T + MOMENT, s: T, past: [], state: [], path }).x,
    );
  });
}

const standard = (sde: Sde, size: number) =>
  gaussianModel({ mean: new Array<number>(size).fill(0), std: 1 }, sde);

/** Normal values with mean square 1, [count, size]. */
function normalised(step: number, count: number, size: number): Float64Array {
  const z = new Float32Array(count * size);
  fillNormal(z, key(SEED, 'test'), { step, first: 0, size });
  const scale = Math.sqrt(z.length / z.reduce((sum, value) => sum + value * value, 0));
  return Float64Array.from(z, value => value * scale);
}

/**
 * Sixteen copies with the signs of Walsh functions: no two copies are equal, and odd moments vanish exactly.
 */
const signed = (of: Float64Array, walsh: number) =>
  Float64Array.from(
    Array.from({ length: 16 }, (_, block) => Array.from(of, value => signOf(block & walsh) * value)).flat(),
  );
const signOf = (bits: number): number => (bits === 0 ? 1 : (bits & 1 ? -1 : 1) * signOf(bits >> 1));

/** A solver that moves points at a single noise level is a corrector, alone or inside a composition. */
const movers = everySolver.filter(({ solver }) => {
  if (solver.noise !== 'fresh') return false;
  const [end] = stay(sdes[0]!, solver, standard(sdes[0]!, 1), Float64Array.of(0.5), () => Float64Array.of(1));
  return Math.abs(end! - 0.5) > 1e-3;
});

it('covers every corrector, and every composition that contains one', () => {
  const names = new Set(movers.map(({ name }) => name));
  expect([...names].sort()).toEqual([...correctors, 'predictor-corrector'].sort());
});

const sizes = [1, 2, 3, 8, 64];
describe.each(movers)('$label on normal data', ({ solver }) => {
  it.each(sdes.flatMap(sde => sizes.map(size => ({ sde, size, name: sde.name }))))(
    `keeps mean and variance but for the order of snr² under $name, D = $size (seed ${SEED})`,
    ({ sde, size }) => {
      const count = Math.ceil(1024 / size);
      const model = standard(sde, size);
      const { scale, std } = sde.marginal(TIME);
      const wide = Math.hypot(scale, std);
      const before = signed(normalised(0, count, size), 1).map(z => wide * z);
      const draws = (k: number) => signed(normalised(1 + k, count, size), 2 + k);
      const after = stay(sde, solver, model, before, draws);
      const mean = (of: (i: number) => number) => after.reduce((sum, _, i) => sum + of(i), 0) / after.length;
      const relaxed = 1 - mean(i => after[i]! * before[i]!) / wide ** 2;
      const gained = mean(i => after[i]! ** 2) / wide ** 2 - 1;
      expect(relaxed).toBeGreaterThan(0);
      expect(relaxed).toBeLessThan(0.13);
      expect(mean(i => after[i]!)).toBeCloseTo(0, 12);
      // To first order, a variance that grows by `gained` per step at the right value comes to rest above it
      // by this part.
      expect(Math.abs(gained) / (2 * relaxed)).toBeLessThan(0.51 * relaxed);
    },
  );
});

/** Points of an even grid, for integrals of smooth functions that vanish at both ends. */
const places = (count: number, reach: number) =>
  Float64Array.from({ length: count }, (_, i) => reach * ((2 * i) / (count - 1) - 1));

/**
 * The change of moments of the mixture by one step at a time where its modes are apart, divided by snr². All
 * integrals are quadratures over x, z and the sign of a probe.
 */
function gains(sde: Sde, name: string, snr: number): number[] {
  const model = mixture(sde);
  const T = timeAtLogSnr(sde, 2 * Math.LN2);
  const { scale, std } = sde.marginal(T);
  const unit = Math.hypot(scale, std);
  const [xs, zs, signs] = [places(161, 7 * unit), places(33, 6), [-1, 1]];
  const nodes = Array.from(xs).flatMap(x =>
    Array.from(zs).flatMap(z => signs.map(sign => [x, z, sign] as const)),
  );
  const [x, z, sign] = [0, 1, 2].map(k => Float64Array.from(nodes, node => node[k]!)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const density = x.map((at, i) => Math.exp(model.logDensity(Float64Array.of(at), T) - 0.5 * z[i]! ** 2));
  const total = density.reduce((sum, each) => sum + each, 0);
  const end = stay(sde, makeSolver({ name, snr } as never), model, x, k => (k === 0 ? z : sign), T);
  const moments = [(u: number) => u, (u: number) => u * u, Math.cos, (u: number) => Math.tanh(3 * u)];
  return moments.map(
    f =>
      end.reduce((sum, to, i) => sum + density[i]! * (f(to / unit) - f(x[i]! / unit)), 0) / total / snr ** 2,
  );
}

describe.each(correctors)('%s on two modes', name => {
  it.each(sdes)('has a bias that vanishes with snr under $name', sde => {
    const [coarse, fine] = [0.08, 0.02].map(snr => Math.hypot(...gains(sde, name, snr))) as [number, number];
    expect(fine).toBeLessThan(0.5 * coarse);
  });
});
