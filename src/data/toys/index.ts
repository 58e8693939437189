import type { Density } from '../density.ts';
import { checkerboard } from './checkerboard.ts';
import { moons, rings, swissRoll } from './curves.ts';
import { eightGaussians, gaussian, twoGaussians } from './mixtures.ts';
import { pinwheel } from './pinwheel.ts';

/** The toy densities by name. All are two-dimensional and have an exact log-density. */
export const toys = {
  moons,
  'eight-gaussians': eightGaussians,
  'two-gaussians': twoGaussians,
  checkerboard,
  pinwheel,
  'swiss-roll': swissRoll,
  rings,
  gaussian,
} as const satisfies Readonly<Record<string, Density>>;

/** A name in `toys`. */
export type ToyName = keyof typeof toys;
