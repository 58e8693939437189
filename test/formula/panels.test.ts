import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { antiderivative } from '../../src/formula/index.ts';
import { gaussKronrod } from '../../src/math/quadrature.ts';

describe('the Gauss–Kronrod pair', () => {
  it('is exact for polynomials up to degree 22 (Kronrod), and its error is 0 up to degree 13 (Gauss) only', () => {
    for (let n = 0; n <= 22; n++) {
      const { value, error } = gaussKronrod(u => u ** n, 0, 2);
      const wanted = 2 ** (n + 1) / (n + 1);
      expect(Math.abs(value / wanted - 1), `degree ${n}`).toBeLessThan(1e-14);
      if (n <= 13) expect(error).toBeLessThan(1e-14 * wanted);
      else expect(error).toBeGreaterThan(1e-14 * wanted);
    }
    const beyond = gaussKronrod(u => u ** 26, -1, 1).value * 13.5;
    expect(Math.abs(beyond - 1)).toBeGreaterThan(1e-13);
  });
});

describe('antiderivative', () => {
  it.each([
    ['a polynomial', (t: number) => 3 * t ** 2, (t: number) => t ** 3],
    [
      'a fast wave',
      (t: number) => 1 + Math.sin(300 * t),
      (t: number) => t + (2 * Math.sin(150 * t) ** 2) / 300,
    ],
    [
      'a corner',
      (t: number) => Math.abs(t - 0.3),
      (t: number) => (t < 0.3 ? t * (0.3 - t / 2) : 0.045 + (t - 0.3) ** 2 / 2),
    ],
    ['a jump', (t: number) => (t < 0.7 ? 1 : 5), (t: number) => t + 4 * Math.max(0, t - 0.7)],
    ['an endless slope', (t: number) => Math.sqrt(t), (t: number) => (2 / 3) * t ** 1.5],
    ['a steep rise', (t: number) => Math.exp(40 * t), (t: number) => Math.expm1(40 * t) / 40],
    [
      'a narrow peak',
      (t: number) => 1 / (1e-6 + (t - 0.41) ** 2),
      (t: number) => 1e3 * (Math.atan((t - 0.41) * 1e3) + Math.atan(410)),
    ],
  ])('of %s is within 1e-10 of itself, from t = 1e-5 on', (_name, f, wanted) => {
    const integral = antiderivative(f, 0, 1);
    expect(integral(0)).toBe(0);
    fc.assert(
      fc.property(fc.double({ min: 1e-5, max: 1, noNaN: true }), t => {
        // The closed forms have rounding errors too, in proportion to their size at t = 1.
        expect(Math.abs(integral(t) - wanted(t))).toBeLessThan(1e-10 * wanted(t) + 3e-16 * wanted(1));
      }),
      { numRuns: 300 },
    );
  });

  it('refuses a pole', () => {
    expect(() => antiderivative(t => 1 / (t - 0.3) ** 2, 0, 1, 'β')).toThrow(
      /the integral of β is infinite or does not converge.*near t = 0\.3/,
    );
  });
});
