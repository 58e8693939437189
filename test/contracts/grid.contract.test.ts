import { describe, expect, it } from 'vitest';
import { sdes } from '../../sdes/index.ts';
import { type GridName, makeGrid } from '../../src/registry/grids.ts';
import { makeSde, type SdeSpec } from '../../src/registry/sdes.ts';
import type { Sde } from '../../src/sde/contract.ts';
import { logSnr } from '../../src/sde/log-snr.ts';
import { grids, timesOf } from '../../src/solve/grids.ts';

const formulas = { drift: '-0.5*(0.1 + 19.9*t)*x', diffusion: 'sqrt(0.1 + 19.9*t)' };
const made: readonly Sde[] = await Promise.all(
  Object.entries(sdes).map(([name, { kind }]) =>
    makeSde({ name, ...(kind === 'formulas' && formulas) } as SdeSpec),
  ),
);

/** The quantity in which the times are evenly spaced, as grids declare it; σ = std/scale. */
const coordinates: Readonly<Record<string, (sde: Sde, t: number) => number>> = {
  t: (_sde, t) => t,
  '√t': (_sde, t) => Math.sqrt(t),
  'log σ': (sde, t) => -logSnr(sde, t) / 2,
  'σ^(1/ρ)': (sde, t) => Math.exp(-logSnr(sde, t) / 2 / 7),
};

/** Intervals between two times: the whole range and a part of it, towards data and towards noise. */
const ways = (sde: Sde): (readonly [from: number, to: number])[] => {
  const at = (share: number) => sde.tMin + share * (sde.tMax - sde.tMin);
  return [
    [sde.tMax, sde.tMin],
    [sde.tMin, sde.tMax],
    [at(0.8), at(0.3)],
    [at(0.3), at(0.8)],
  ];
};

describe.each(Object.entries(grids))('grid %s', (name, { evenIn, arrivesAtStart }) => {
  const grid = makeGrid(name as GridName);

  describe.each(made)('under $name', sde => {
    it.each([1, 2, 3, 17, 250])(
      'has %i steps, is strictly monotone and has exact ends in both directions',
      steps => {
        for (const [from, to] of ways(sde)) {
          const times = timesOf(sde, grid, steps, from, to);
          expect(times).toHaveLength(steps + 1);
          expect([times[0], times[steps]]).toEqual([from, to]);
          const way = Math.sign(to - from);
          expect(times.findIndex((t, i) => i > 0 && Math.sign(t - times[i - 1]!) !== way)).toBe(-1);
        }
      },
    );

    it(`is evenly spaced in ${evenIn}`, () => {
      const coordinate = coordinates[evenIn]!;
      for (const [from, to] of ways(sde)) {
        const places = Array.from(timesOf(sde, grid, 40, from, to), t => coordinate(sde, t));
        const [first, ...rest] = arrivesAtStart ? places.slice(1) : places;
        const length = rest.at(-1)! - first!;
        expect(rest.map(place => (place - first!) / length)).toBeAllClose(
          rest.map((_, i) => (i + 1) / rest.length),
          1e-9,
        );
      }
    });

    it(arrivesAtStart ? 'arrives at the start by a step of length 0' : 'leaves the start at once', () => {
      for (const [from, to] of ways(sde)) {
        const [first, second] = timesOf(sde, grid, 40, from, to);
        const share = Math.abs((second! - first!) / (to - from));
        if (arrivesAtStart) expect(share).toBeLessThan(1e-12);
        else expect(share).toBeGreaterThan(1e-12);
      }
    });
  });

  it('refuses an unknown option by name', () => {
    expect(() => makeGrid({ name, wobble: 1 } as never)).toThrow(
      new RegExp(`Unknown option of ${name} "wobble"`),
    );
  });

  it('is the same after a round trip through JSON', () => {
    const again = makeGrid(JSON.parse(JSON.stringify({ name })));
    for (const sde of made) expect(again(sde, 9, 0.9, 0.1)).toEqual(grid(sde, 9, 0.9, 0.1));
  });
});

it.each([0, -1, Number.NaN])('karras refuses a ρ of %f', rho => {
  expect(() => makeGrid({ name: 'karras', rho })).toThrow(/option "rho"/);
});
