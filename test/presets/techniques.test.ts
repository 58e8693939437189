import { expect, it } from 'vitest';
import { ncsnv2 } from '../../src/presets/ncsn.ts';
import { ncsnv2For, snrFor, techniques } from '../../src/presets/techniques.ts';
import { normalCdf } from '../random/statistics.ts';

it('on CIFAR-10 they come near the numbers of the paper: 232 levels, ε = 6.2e-6', () => {
  const { sigmas, step } = techniques({ distance: 50, size: 3072 });
  expect(Math.abs(sigmas.length / 232 - 1)).toBeLessThan(0.08);
  expect(Math.abs(step / 6.2e-6 - 1)).toBeLessThan(0.15);
  expect([sigmas[0], sigmas.at(-1)]).toBeAllClose([50, 0.01], 1e-12);
});

it('in few dimensions, where levels always overlap, a level has two thirds of the noise of the one above', () => {
  const { sigmas } = techniques({ distance: 4.3, size: 2 });
  expect(sigmas[0]! / sigmas[1]!).toBeLessThan(1.5);
  expect(sigmas[0]! / sigmas[1]!).toBeGreaterThan(1.4);
});

it.each([64, 3072])('neighbouring levels overlap by one half, or a little more (D = %i)', size => {
  const { sigmas } = techniques({ distance: 20, size });
  const ratio = sigmas[0]! / sigmas[1]!;
  const root = Math.sqrt(2 * size);
  const overlap = normalCdf(root * (ratio - 1) + 3 * ratio) - normalCdf(root * (ratio - 1) - 3 * ratio);
  expect(overlap).toBeGreaterThan(0.4999);
  expect(overlap).toBeLessThan(0.75);
});

it('the step keeps the variance of a level closest to its own: no other step does better', () => {
  const { sigmas, step } = techniques({ distance: 20, size: 64 });
  const [ratio, least] = [sigmas[0]! / sigmas[1]!, 0.01];
  // Langevin on N(0, σ²) from variance (γσ)²: v ← (1 − r)²v + 2rσ², T times.
  const after = (r: number) => {
    let variance = ratio ** 2;
    for (let k = 0; k < 5; k++) variance = (1 - r) ** 2 * variance + 2 * r;
    return Math.abs(variance - 1);
  };
  const own = after(step / least ** 2);
  for (let r = 0.001; r < 0.99; r += 0.001) expect(own).toBeLessThan(after(r) + 1e-4);
});

it('the preset has the levels and the step, and its other parts as published', () => {
  const found = techniques({ distance: 5, size: 2 });
  const preset = ncsnv2For(found);
  expect(preset.schedule).toEqual({ name: 'sigma-table', sigmas: found.sigmas });
  expect(preset.grid.steps).toBe(found.sigmas.length);
  expect(preset.objective).toEqual(ncsnv2.objective);
  expect(snrFor(found.sigmas)).toBeCloseTo(found.snr, 12);
});

it('rows that are all alike have no levels', () => {
  expect(() => techniques({ distance: 0, size: 2 })).toThrow(/too close/);
});
