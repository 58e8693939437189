import { expect, it } from 'vitest';
import { geometric } from '../../schedules/index.ts';
import { ve } from '../../sdes/ve.ts';
import { empiricalModel, gaussianModel, parzen } from '../../src/score/analytic/index.ts';
import { timeAtLogSnr } from '../../src/sde/log-snr.ts';

const sde = ve(geometric({ sigmaMin: 0.01, sigmaMax: 10 }));
const plane = { data: Float32Array.from([1, 0, -1, 2, 0.5, 0.5]), shape: [3, 2] };

it('the Gaussian window is the law of a point with this noise', () => {
  const t = timeAtLogSnr(sde, -2 * Math.log(0.3));
  const density = parzen(plane, { window: 'gaussian', width: sde.marginal(t).std });
  const model = empiricalModel(plane, sde);
  for (const x of [
    [0.2, 0.4],
    [-3, 1],
  ])
    expect(density.logDensity(x)).toBeCloseTo(model.logDensity(x, t), 8);
});

it('the cube counts the points within half its side, and integrates to one', () => {
  const density = parzen(plane, { window: 'cube', width: 1.2 });
  expect(density.logDensity([0.8, 0.3])).toBeCloseTo(Math.log(2 / 3 / 1.44), 12);
  expect(density.logDensity([9, 9])).toBe(-Infinity);
  let total = 0;
  for (let x = -3.995; x < 4; x += 0.05)
    for (let y = -3.995; y < 4; y += 0.05) total += Math.exp(density.logDensity([x, y])) * 0.0025;
  expect(total).toBeCloseTo(1, 1);
});

it('the k nearest share the ball that reaches them', () => {
  const density = parzen(plane, { window: 'nearest', neighbours: 2 });
  // From (0, 0) the distances are 1, √5 and √½: the second is 1.
  expect(density.logDensity([0, 0])).toBeCloseTo(Math.log(2 / 3 / Math.PI), 12);
  const solid = parzen(
    { data: Float32Array.of(0, 0, 2), shape: [1, 3] },
    { window: 'nearest', neighbours: 1 },
  );
  expect(solid.logDensity([0, 0, 0])).toBeCloseTo(-Math.log((4 / 3) * Math.PI * 8), 12);
});

it.each([
  { window: 'gaussian', width: 0.2 },
  { window: 'cube', width: 0.5 },
  { window: 'nearest', neighbours: 300 },
] as const)('$window comes to the density of many points', options => {
  const points = gaussianModel({ mean: [0], std: 1 }, sde).sample(8000, 2);
  const density = parzen(points, options);
  for (const x of [0, 1]) {
    const exact = -0.5 * x * x - 0.5 * Math.log(2 * Math.PI);
    expect(Math.abs(density.logDensity([x]) - exact)).toBeLessThan(0.12);
  }
});

it('refuses what no window can be', () => {
  expect(() => parzen(plane, { window: 'cube', width: 0 })).toThrow(/width/);
  expect(() => parzen(plane, { window: 'nearest', neighbours: 4 })).toThrow(/1 to 3/);
  expect(() => parzen({ data: new Float32Array(0), shape: [0, 2] }, { window: 'cube', width: 1 })).toThrow(
    /no points/,
  );
});
