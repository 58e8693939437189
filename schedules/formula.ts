import {
  antiderivative,
  type BetaSchedule,
  type Formula,
  formula,
  type Schedule,
  type SigmaSchedule,
  usage,
} from '../src/plugin.ts';

const GRID = 1000;

/**
 * The schedule on [0, 1] that a formula in `t` describes: the noise rate β(t) for `kind` "beta" (vp, sub-vp),
 * or the noise level σ(t) for "sigma" (ve). ∫β comes from adaptive quadrature (1e-10 or better), dσ²/dt =
 * 2σσ' from the symbolic derivative.
 * @throws usage if, on a grid of 1001 times, β is negative, infinite or zero everywhere, or σ is not
 * positive, not finite or not rising
 */
export async function formulaSchedule(text: string, kind: 'beta'): Promise<BetaSchedule>;
export async function formulaSchedule(text: string, kind: 'sigma'): Promise<SigmaSchedule>;
export async function formulaSchedule(text: string, kind: Schedule['kind']): Promise<Schedule>;
export async function formulaSchedule(text: string, kind: Schedule['kind']): Promise<Schedule> {
  const parsed = await formula(text, ['t']);
  return kind === 'beta' ? betaFrom(parsed) : sigmaFrom(parsed);
}

function betaFrom({ text, value }: Formula): BetaSchedule {
  const beta = (t: number) => value(t);
  const expected = 'a finite rate, 0 or more, for every t in [0, 1]';
  requireOnGrid(text, 'β(t)', beta, expected, b => b >= 0);
  // The quadrature takes most points where the formula changes fastest, so it finds a dip between two points
  // of the grid.
  const nonNegative = (t: number) => {
    const rate = beta(t);
    if (rate < 0) throw outOfRange(text, 'β(t)', rate, t, expected);
    return rate;
  };
  const integral = antiderivative(nonNegative, 0, 1, `β(t) = ${text}`);
  if (!(integral(1) > 0)) throw usage('β(t) is zero everywhere', { where: 'schedule formula', got: text });
  return Object.freeze({
    kind: 'beta',
    name: 'formula',
    spec: Object.freeze({ name: 'formula', formula: text }),
    beta,
    integral,
  });
}

function sigmaFrom({ text, value, derivative }: Formula): SigmaSchedule {
  const sigma = (t: number) => value(t);
  const slope = derivative('t');
  const dSigma2 = (t: number) => 2 * sigma(t) * slope(t);
  requireOnGrid(text, 'σ(t)', sigma, 'a finite level, more than 0, for every t in [0, 1]', s => s > 0);
  const step = 1 / GRID;
  const rise = (t: number) => (t === 0 ? 1 : sigma(t) - sigma(t - step));
  requireOnGrid(text, 'the rise of σ(t)', rise, 'a level that rises with t', r => r > 0);
  requireOnGrid(
    text,
    'dσ²/dt',
    t => (t === 0 ? 0 : dSigma2(t)),
    'a finite slope, 0 or more',
    d => d >= 0,
  );
  return Object.freeze({
    kind: 'sigma',
    name: 'formula',
    spec: Object.freeze({ name: 'formula', formula: text }),
    sigma,
    dSigma2,
  });
}

function requireOnGrid(
  text: string,
  what: string,
  f: (t: number) => number,
  expected: string,
  good: (value: number) => boolean,
): void {
  for (let k = 0; k <= GRID; k++) {
    const value = f(k / GRID);
    if (Number.isFinite(value) && good(value)) continue;
    throw outOfRange(text, what, value, k / GRID, expected);
  }
}

function outOfRange(text: string, what: string, value: number, t: number, expected: string) {
  return usage(`${what} = ${value} at t = ${t}`, { where: `schedule formula "${text}"`, expected });
}
