import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linear } from '../../schedules/index.ts';
import { vp } from '../../sdes/vp.ts';
import { coefficients, lift, transition } from '../../src/sde/index.ts';

const time = fc.double({ min: 1e-5, max: 1, noNaN: true });

describe('coefficients', () => {
  it('are numbers for numbers, in a tuple', () => {
    const [a, b] = coefficients((t, s) => [t - s, t * s], 0.5, 0.25);
    expect([a, b]).toEqual([0.25, 0.125]);
  });

  it('per sample equal the scalar function for that sample, bit for bit', () => {
    const sde = vp(linear());
    const at = (s: number, t: number) => Object.values(transition(sde, Math.min(s, t), Math.max(s, t)));
    fc.assert(
      fc.property(fc.array(time, { minLength: 1, maxLength: 20 }), time, (times, s) => {
        const columns = coefficients((t, u) => at(t, u), Float64Array.from(times), s);
        times.forEach((t, i) => {
          expect(columns.map(column => (column as Float64Array)[i])).toEqual(at(t, s));
        });
      }),
    );
  });

  it('refuse batches of two lengths', () => {
    const two = new Float64Array(2);
    expect(() => coefficients((t, s) => [t, s], two, new Float64Array(3))).toThrow(
      /got "2, 3"; expected 2 entries/,
    );
  });
});

it('lift gives the same function over a batch', () => {
  const { diffusion } = vp(linear());
  expect(lift(diffusion)(0.3)).toBe(diffusion(0.3));
  expect(lift(diffusion)(Float64Array.of(0.1, 0.9))).toEqual(Float64Array.of(diffusion(0.1), diffusion(0.9)));
});
