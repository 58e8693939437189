import { expect, it } from 'vitest';
import { diagnose } from '../../src/chains/diagnostics.ts';
import { lobatto } from '../../src/math/lobatto.ts';
import { fillNormal, key } from '../../src/random/index.ts';

/** `draws` of `chains` first-order autoregressions of variance 1, [draws, chains]. */
function autoregression(phi: number, draws: number, chains: number, shift = 0): Float64Array {
  const z = new Float32Array(draws * chains);
  fillNormal(z, key(7, 'test'), { step: 0, first: 0, size: draws * chains });
  const out = Float64Array.from(z);
  const fresh = Math.sqrt(1 - phi * phi);
  for (let i = chains; i < out.length; i++) out[i] = phi * out[i - chains]! + fresh * z[i]!;
  return out.map((value, i) => value + (i % chains === 0 ? shift : 0));
}

it.each([0, 0.5, 0.9, -0.5])('gives an autoregression of φ = %d the effective size N(1 − φ)/(1 + φ)', phi => {
  const { effectiveSize, splitRhat, std } = diagnose(autoregression(phi, 4000, 4), 4);
  expect(effectiveSize / (16_000 * ((1 - phi) / (1 + phi)))).toBeGreaterThan(0.85);
  expect(effectiveSize / (16_000 * ((1 - phi) / (1 + phi)))).toBeLessThan(1.15);
  expect(splitRhat).toBeLessThan(1.02);
  expect(Math.abs(std - 1)).toBeLessThan(0.06);
});

it('detects a chain with another law, and a chain that drifts', () => {
  expect(diagnose(autoregression(0, 500, 4, 2), 4).splitRhat).toBeGreaterThan(1.2);
  const drift = autoregression(0, 500, 4).map((value, i) => value + i / 500);
  expect(diagnose(drift, 4).splitRhat).toBeGreaterThan(1.2);
});

it('gives no value for two draws', () => {
  expect(diagnose([1, 2, 3, 4], 2).effectiveSize).toBeNaN();
});

it.each([2, 3, 4, 6])("has Lobatto's rule of %d points, exact to degree 2n − 3", n => {
  const rule = lobatto(n);
  expect([rule[0]!.place, rule.at(-1)!.place]).toBeAllClose([1, 0], 1e-12);
  for (let k = 0; k <= 2 * n - 3; k++)
    expect(rule.reduce((sum, { place, weight }) => sum + weight * place ** k, 0)).toBeCloseTo(
      1 / (k + 1),
      12,
    );
  expect(
    Math.abs(
      rule.reduce((sum, { place, weight }) => sum + weight * place ** (2 * n - 2), 0) - 1 / (2 * n - 1),
    ),
  ).toBeGreaterThan(1e-8);
});
