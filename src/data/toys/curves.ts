import { curveDensity } from './curve.ts';

/**
 * Two interleaved half circles of radius 1: (cos θ, sin θ) and (1 − cos θ, ½ − sin θ), θ ~ U[0, π], noise
 * 0.1.
 */
export const moons = curveDensity('moons', 'two interleaved half circles, noise 0.1', 0.1, [
  { weight: 0.5, from: 0, to: Math.PI, speed: 1, at: theta => [Math.cos(theta), Math.sin(theta)] },
  { weight: 0.5, from: 0, to: Math.PI, speed: 1, at: theta => [1 - Math.cos(theta), 0.5 - Math.sin(theta)] },
]);

/** A spiral (θ/5)(cos θ, sin θ), θ ~ U[3π/2, 9π/2], noise 0.1; its turns are 2π/5 apart. */
export const swissRoll = curveDensity('swiss-roll', 'a spiral of one and a half turns, noise 0.1', 0.1, [
  {
    weight: 1,
    from: 1.5 * Math.PI,
    to: 4.5 * Math.PI,
    speed: Math.hypot(4.5 * Math.PI, 1) / 5,
    at: theta => [(theta / 5) * Math.cos(theta), (theta / 5) * Math.sin(theta)],
  },
]);

/** Four rings of equal mass, radii 0.75, 1.5, 2.25 and 3, noise 0.08. */
export const rings = curveDensity(
  'rings',
  'four rings of equal mass, radii 0.75 to 3, noise 0.08',
  0.08,
  [0.75, 1.5, 2.25, 3].map(radius => ({
    weight: 0.25,
    from: 0,
    to: 2 * Math.PI,
    speed: radius,
    at: theta => [radius * Math.cos(theta), radius * Math.sin(theta)],
  })),
);
