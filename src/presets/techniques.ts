import { usage } from '../errors.ts';
import type { Preset } from './contract.ts';
import { ncsnv2, sigmaLevels, snrOf } from './ncsn.ts';

/** What the settings of NCSNv2 follow from. */
export interface TechniqueOptions {
  /** The largest distance between two rows, in model units. */
  readonly distance: number;
  /** Numbers in a sample, D. */
  readonly size: number;
  /** The least noise σ_L. Default 0.01. */
  readonly sigmaMin?: number;
  /** Langevin steps at each level, T. Default 5. */
  readonly moves?: number;
  /** Overlap C of neighbouring levels, 0 to 1. Default 0.5. */
  readonly overlap?: number;
}

/** Settings of NCSNv2 for some data. */
export interface Techniques {
  /** The levels σ_1 > … > σ_L, geometric. */
  readonly sigmas: readonly number[];
  /** Step size ε at σ_L; at σ_i it is ε·(σ_i/σ_L)². */
  readonly step: number;
  /** The same as the `snr` of `annealed-langevin`, √(ε/2)/σ_L. */
  readonly snr: number;
}

/**
 * The techniques of Song & Ermon (2020) that are numbers. σ_1 is the largest distance between two rows (1).
 * The ratio γ of levels makes Φ(√(2D)(γ − 1) + 3γ) − Φ(√(2D)(γ − 1) − 3γ) = C, and is at most 1.5 (2). The
 * step ε keeps the variance of samples closest to that of their level after T steps (4). For D = 3072 and a
 * distance of 50 this gives 219 levels and ε = 6e-6; the paper has 232 and 6.2e-6.
 * @throws usage for a distance that is no more than `sigmaMin`
 */
export function techniques(options: TechniqueOptions): Techniques {
  const { distance, size, sigmaMin = 0.01, moves = 5, overlap = 0.5 } = options;
  if (!(distance > sigmaMin && Number.isFinite(distance)))
    throw usage('The rows are too close to one another for noise levels', {
      where: 'techniques',
      got: distance,
      expected: `a largest distance above ${sigmaMin}`,
    });
  const ratio = ratioFor(size, overlap);
  const count = Math.max(2, 1 + Math.ceil(Math.log(distance / sigmaMin) / Math.log(ratio)));
  const sigmas = sigmaLevels(count, distance, sigmaMin);
  const step = stepFor(sigmas[0]! / sigmas[1]!, moves) * sigmaMin ** 2;
  return { sigmas, step, snr: snrOf(step, sigmaMin) };
}

/** The preset `ncsnv2` with the levels and the step of some data. */
export function ncsnv2For({ sigmas, snr }: Pick<Techniques, 'sigmas' | 'snr'>): Preset {
  const { corrector, ...solver } = ncsnv2.solver as { corrector: { name: string } } & Preset['solver'];
  return Object.freeze({
    ...ncsnv2,
    schedule: { name: 'sigma-table', sigmas },
    grid: { ...ncsnv2.grid, steps: sigmas.length },
    solver: { ...solver, corrector: { name: corrector.name, snr } },
  });
}

/** The snr of technique 4 for the levels of a table, after T steps at each. */
export function snrFor(sigmas: readonly number[], moves = 5): number {
  const least = sigmas.at(-1)!;
  return snrOf(stepFor(sigmas.at(-2)! / least, moves) * least ** 2, least);
}

/**
 * The largest ratio of levels. Below five dimensions the rule has no solution: levels overlap by more than a
 * half, however far apart they are.
 */
const MOST_RATIO = 1.5;

/** γ of technique 2, by bisection: the overlap falls with γ. */
function ratioFor(size: number, overlap: number): number {
  const root = Math.sqrt(2 * size);
  const at = (ratio: number) =>
    normal(root * (ratio - 1) + 3 * ratio) - normal(root * (ratio - 1) - 3 * ratio) - overlap;
  let [low, high] = [1, MOST_RATIO];
  if (at(high) > 0) return high;
  for (let i = 0; i < 60; i++) {
    const middle = 0.5 * (low + high);
    if (at(middle) > 0) low = middle;
    else high = middle;
  }
  return low;
}

/** ε/σ_L² of technique 4, over an even grid in its logarithm. */
function stepFor(ratio: number, moves: number): number {
  const gap = (r: number) => {
    const rest = (2 * r) / (1 - (1 - r) ** 2);
    return Math.abs((1 - r) ** (2 * moves) * (ratio ** 2 - rest) + rest - 1);
  };
  let [best, least] = [1, Number.POSITIVE_INFINITY];
  for (let k = 0; k <= 2000; k++) {
    const r = 10 ** (-4 + (k / 2000) * 4) * 0.99;
    if (gap(r) < least) [best, least] = [r, gap(r)];
  }
  return best;
}

/** Φ, by Abramowitz & Stegun 7.1.26: right to 1e-7. */
function normal(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const poly =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const half = 0.5 * poly * Math.exp(-x * x);
  return z < 0 ? half : 1 - half;
}
