import { describe, expect, test } from 'vitest';
import { type Density, densityDataset, type ToyName, toys, transformMixture } from '../../src/data/index.ts';
import { logNormal } from '../../src/data/toys/mixtures.ts';
import { logSumExp } from '../../src/math/log-sum.ts';
import { key } from '../../src/random/index.ts';
import { scalesOf } from '../support/affine.ts';

/**
 * A box with all but 1e-12 of the mass, and a step that is fine enough for the midpoint rule (squares of the
 * board are whole cells).
 */
const boxes: Record<ToyName, { half: number; step: number }> = {
  moons: { half: 3, step: 0.06 },
  'eight-gaussians': { half: 4, step: 0.1 },
  'two-gaussians': { half: 13, step: 0.5 },
  checkerboard: { half: 5, step: 0.1 },
  pinwheel: { half: 3.2, step: 0.02 },
  'swiss-roll': { half: 4, step: 0.06 },
  rings: { half: 4, step: 0.05 },
  gaussian: { half: 17, step: 0.25 },
};

type Point = readonly [number, number];
/** Quantities whose mean over samples must be their integral against the density. */
const probes: Record<string, (at: Point) => number> = {
  x: ([x]) => x,
  y: ([, y]) => y,
  xx: ([x]) => x * x,
  yy: ([, y]) => y * y,
  xy: ([x, y]) => x * y,
  wave: ([x, y]) => Math.cos(2 * x + y),
  'other wave': ([x, y]) => Math.sin(x - 3 * y + 0.5),
  ripple: ([x, y]) => Math.cos(5 * Math.hypot(x, y)),
};

function integrals({ logDensity }: Density, { half, step }: { half: number; step: number }) {
  const count = Math.round((2 * half) / step);
  const sums = {
    one: 0,
    entropy: 0,
    ...Object.fromEntries(Object.keys(probes).map(name => [name, 0])),
  } as Record<string, number>;
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count; j++) {
      const at: Point = [(i + 0.5) * step - half, (j + 0.5) * step - half];
      const log = logDensity(Float64Array.from(at));
      if (log < -60) continue;
      const mass = Math.exp(log) * step ** 2;
      sums.one! += mass;
      sums.entropy! -= mass * log;
      for (const [name, probe] of Object.entries(probes)) sums[name]! += mass * probe(at);
    }
  }
  return sums;
}

describe.each(Object.keys(toys) as ToyName[])('%s', name => {
  const toy: Density = toys[name];
  const found = integrals(toy, boxes[name]);
  const smooth = name !== 'checkerboard';

  test('its density integrates to 1', () => {
    expect(found.one).toBeCloseTo(1, 9);
  });

  test('the mean and standard deviation it declares are those of its density', () => {
    const digits = smooth ? 8 : 2;
    expect([found.x, found.y].map((value, d) => value! - toy.mean[d]!)).toEqual([
      expect.closeTo(0, digits),
      expect.closeTo(0, digits),
    ]);
    [found.xx, found.yy].forEach((square, d) => {
      expect(Math.sqrt(square! - toy.mean[d]! ** 2)).toBeCloseTo(toy.std[d]!, digits);
    });
  });

  test('samples follow the density: probes and entropy agree within 4.5 standard errors', () => {
    const count = 20_000;
    const { batch, transform } = densityDataset(toy);
    const z = new Float32Array(2 * count);
    batch(z, key(1, 'toys'), 0, count);
    const x = transform.inverse(z, new Float64Array(2 * count));
    const points = Array.from({ length: count }, (_, i): Point => [x[2 * i]!, x[2 * i + 1]!]);
    const entropy = (at: Point) => -toy.logDensity(Float64Array.from(at));
    // On the edges of the board, float32 rounding may step outside. The density there is uniform, so its
    // entropy is certain.
    for (const [label, probe] of Object.entries(smooth ? { ...probes, entropy } : probes)) {
      const values = points.map(probe);
      const mean = values.reduce((a, b) => a + b) / count;
      const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / count;
      const slack = smooth ? 0 : 0.02;
      expect(Math.abs(mean - found[label]!), label).toBeLessThan(
        4.5 * Math.sqrt(variance / count) + 1e-6 + slack,
      );
    }
  });

  test('point i depends only on the seed, the stream and i', () => {
    const { batch, read } = densityDataset(toy);
    const draw = (seed: number, step: number, size: number) => {
      const out = new Float32Array(2 * size);
      batch(out, key(seed, 'train/data'), step, size);
      return [...out];
    };
    const whole = draw(5, 0, 12);
    expect([...draw(5, 0, 4), ...draw(5, 1, 4), ...draw(5, 2, 4)]).toEqual(whole);
    expect(draw(5, 3, 3)).toEqual(whole.slice(18));
    const picked = new Float32Array(6);
    read(picked, key(5, 'train/data'), Uint32Array.of(7, 0, 7));
    expect([...picked]).toEqual([7, 0, 7].flatMap(i => whole.slice(2 * i, 2 * i + 2)));
    expect(draw(6, 0, 12)).not.toEqual(whole);
  });
});

test('moments known in closed form', () => {
  const { moons, rings, 'two-gaussians': two, 'eight-gaussians': eight } = toys;
  expect(moons.mean).toEqual([expect.closeTo(0.5, 13), expect.closeTo(0.25, 13)]);
  expect(moons.std[0]).toBeCloseTo(Math.sqrt(0.75 + 0.01), 13);
  expect(moons.std[1]).toBeCloseTo(Math.sqrt(0.625 - 1 / Math.PI - 1 / 16 + 0.01), 13);
  expect(rings.std[0]).toBeCloseTo(
    Math.sqrt((0.75 ** 2 + 1.5 ** 2 + 2.25 ** 2 + 3 ** 2) / 8 + 0.08 ** 2),
    13,
  );
  expect(two.mean).toEqual([expect.closeTo(-4.9, 13), expect.closeTo(-4.9, 13)]);
  expect(two.std[1]).toBeCloseTo(Math.sqrt(1 + 100 * 0.99 * 0.01), 13);
  expect(eight.std[0]).toBeCloseTo(Math.sqrt(2 + 0.04), 13);
});

test('a ring has the density of the Rice law: I₀(ρr/σ²) exp(−(ρ²+r²)/2σ²)/(2πσ²)', () => {
  const besselExp = (x: number) => {
    const count = 2000; // e^(−x) I₀(x) = mean of e^(x(cos θ − 1)), exact for a periodic integrand
    return (
      Array.from({ length: count }, (_, i) => Math.exp(x * (Math.cos((2 * Math.PI * i) / count) - 1))).reduce(
        (a, b) => a + b,
      ) / count
    );
  };
  const sigma = 0.08;
  for (const rho of [0.1, 0.75, 1.1, 2.9, 3.3]) {
    const terms = [0.75, 1.5, 2.25, 3].map(
      r =>
        Math.log(0.25 * besselExp((rho * r) / sigma ** 2)) -
        (rho - r) ** 2 / (2 * sigma ** 2) -
        Math.log(2 * Math.PI * sigma ** 2),
    );
    expect(toys.rings.logDensity(Float64Array.of(rho * Math.cos(1), rho * Math.sin(1)))).toBeCloseTo(
      logSumExp(terms),
      9,
    );
  }
});

test('a mixture in model units has the density of the transformed data', () => {
  for (const name of ['eight-gaussians', 'two-gaussians', 'gaussian'] as const) {
    const data = densityDataset(toys[name]);
    const { mixture, logDensity } = data;
    const transform = scalesOf(data);
    const { weights, means, stds } = transformMixture(mixture!, transform);
    const z = Float64Array.of(0.3, -0.7);
    const inModelUnits = logSumExp(weights.map((w, k) => Math.log(w) + logNormal(z, means[k]!, stds[k]!)));
    const x = transform.inverse(z, new Float64Array(2));
    expect(inModelUnits + transform.logDeterminant).toBeCloseTo(logDensity!(x), 11);
  }
});

test('the points of a long training do not repeat the first ones', () => {
  const { batch } = densityDataset(toys.gaussian);
  const draw = (step: number, size: number) => {
    const out = new Float32Array(2 * size);
    batch(out, key(0, 'far'), step, size);
    return [...out];
  };
  const far = 2 ** 32 / 6 - (2 ** 32 % 6) / 6;
  const across = draw(far, 6);
  expect(across.slice(8)).not.toEqual(draw(0, 2));
  expect(new Set(across).size).toBe(12);
  expect(() => batch(new Float32Array(3), key(0, 'x'), 0, 2)).toThrow('does not fit its array');
});
