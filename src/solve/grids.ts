import { usage } from '../errors.ts';
import type { Sde } from '../sde/contract.ts';
import { logSnr, timeAtLogSnr } from '../sde/log-snr.ts';
import { type Options, requireBetween, withDefaults } from '../sde/options.ts';
import { withTraits } from '../sde/traits.ts';
import type { Grid } from './contract.ts';

const between = (steps: number, from: number, to: number, at: (u: number) => number): Float64Array => {
  const times = Float64Array.from({ length: steps + 1 }, (_, i) => at(i / steps));
  times[0] = from;
  times[steps] = to;
  return times;
};

/** The options of a time grid that takes none. */
export type NoOptions = Options<Record<never, never>>;

/** tᵢ = from + i/N·(to − from) */
export function uniform(options: NoOptions = {}): Grid {
  withDefaults('uniform', {}, options);
  return (_sde, steps, from, to) => between(steps, from, to, u => from + u * (to - from));
}

/** √t uniform: finer towards t = 0, as DDIM's quadratic grid. */
export function quadratic(options: NoOptions = {}): Grid {
  withDefaults('quadratic', {}, options);
  return (_sde, steps, from, to) =>
    between(steps, from, to, u => (Math.sqrt(from) + u * (Math.sqrt(to) - Math.sqrt(from))) ** 2);
}

/** λ(t) = log(scale²/std²) uniform (DPM-Solver, Lu et al. 2022). */
export function logSnrUniform(options: NoOptions = {}): Grid {
  withDefaults('log-snr', {}, options);
  return (sde, steps, from, to) => {
    const [a, b] = [logSnr(sde, from), logSnr(sde, to)];
    return between(steps, from, to, u => timeAtLogSnr(sde, a + u * (b - a)));
  };
}

const karrasDefaults = {
  /** ρ, above 0: the larger it is, the finer the grid near the data. Default 7. */
  rho: 7,
};

/** σ^(1/ρ) uniform for σ = std/scale (Karras et al. 2022, eq. 5); ρ = 7 by default. ρ → ∞ is `log-snr`. */
export function karras(options: Options<typeof karrasDefaults> = {}): Grid {
  const { rho } = withDefaults('karras', karrasDefaults, options);
  requireBetween('karras', 'rho', rho, 0);
  return (sde, steps, from, to) => {
    const root = (t: number) => Math.exp(-logSnr(sde, t) / 2 / rho);
    const [a, b] = [root(from), root(to)];
    return between(steps, from, to, u => timeAtLogSnr(sde, -2 * rho * Math.log(a + u * (b - a))));
  };
}

/**
 * Equally spaced like `uniform`, but `from` is itself a time of arrival: the first step goes only to the next
 * number after `from`. For correctors, which work at the time of arrival: N steps visit N levels.
 */
export function levels(options: NoOptions = {}): Grid {
  withDefaults('levels', {}, options);
  return (_sde, steps, from, to) => {
    const start = from + (to - from) * 2 * Number.EPSILON;
    return between(steps, from, to, u =>
      u === 0 ? from : start + ((u * steps - 1) / (steps - 1)) * (to - start),
    );
  };
}

/** One row of the table of time grids. */
interface Row {
  /** Makes the grid. */
  (options?: never): Grid;
  /** The quantity in which the times are equally spaced, for σ = std/scale. */
  readonly evenIn: string;
  /** Whether a step of no length arrives at the first time too. */
  readonly arrivesAtStart: boolean;
}

/**
 * One row for each time grid: a factory of a function (sde, steps, from, to) => times, and what it declares.
 */
export const grids = Object.freeze({
  uniform: withTraits(uniform, { evenIn: 't', arrivesAtStart: false }),
  quadratic: withTraits(quadratic, { evenIn: '√t', arrivesAtStart: false }),
  'log-snr': withTraits(logSnrUniform, { evenIn: 'log σ', arrivesAtStart: false }),
  karras: withTraits(karras, { evenIn: 'σ^(1/ρ)', arrivesAtStart: false }),
  levels: withTraits(levels, { evenIn: 't', arrivesAtStart: true }),
} as const satisfies Readonly<Record<string, Row>>);

const MOST_STEPS = 10_000_000;

/**
 * The times of a solve, checked: `steps` + 1 times, strictly monotone, starting at `from` and inside the
 * range of the SDE. Towards data a grid may end before `to`, since every time has its meaning there. Towards
 * noise it ends at `to`.
 * @throws usage for an invalid number of steps, and for a grid that does not fit
 */
export function timesOf(sde: Sde, grid: Grid, steps: number, from: number, to: number): Float64Array {
  if (!Number.isInteger(steps) || steps < 1 || steps > MOST_STEPS) {
    throw usage('The number of steps is not possible for a grid', {
      where: 'steps',
      got: steps,
      expected: `a whole number from 1 to ${MOST_STEPS.toLocaleString('en')}`,
    });
  }
  const times = Float64Array.from(grid(sde, steps, from, to));
  requireCount(times, steps);
  requireOrder(times, Math.sign(to - from));
  requireEnds(sde, times, from, to);
  return times;
}

function requireCount(times: Float64Array, steps: number): void {
  if (times.length === steps + 1) return;
  throw usage('The number of times in the grid does not fit the number of steps', {
    where: 'grid',
    got: times.length,
    expected: `${steps + 1} for ${steps} steps, both ends among them`,
    ...(times.length > 1 && { remedy: `Set ${times.length - 1} steps, or make the grid for ${steps}` }),
  });
}

function requireOrder(times: Float64Array, direction: number): void {
  if (times.every((t, i) => i === 0 || Math.sign(t - times[i - 1]!) === direction)) return;
  throw usage('The time grid is not strictly monotone', {
    where: 'grid',
    got: times.slice(0, 5).join(', '),
    expected: direction < 0 ? 'times that fall' : 'times that rise',
  });
}

/** Rounding tolerance at the ends of a grid, relative to its length. */
const ROUNDING = 1e-9;

function requireEnds(sde: Sde, times: Float64Array, from: number, to: number): void {
  const [start, end] = [times[0]!, times.at(-1)!];
  const meets = (t: number, expected: number) => Math.abs(t - expected) <= ROUNDING * Math.abs(to - from);
  if (!meets(start, from)) {
    throw usage('The time grid does not start where the solve does', {
      where: 'grid',
      got: start,
      expected: `${from}`,
      remedy: 'Make its first time the argument `from` of the grid',
    });
  }
  const finite = Math.min(start, end) > 0 && sde.marginal(Math.min(start, end)).std > 0;
  if (finite && (to < from || meets(end, to))) return;
  throw usage('The time grid does not end where the solve can', {
    where: 'grid',
    got: end,
    expected: to < from ? `a time above 0, where there is noise left; usually ${to}` : `${to}`,
    remedy: 'Make its last time the argument `to` of the grid',
  });
}
