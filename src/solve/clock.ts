import type { ScoreModel } from '../score/contract.ts';
import type { Sde } from '../sde/contract.ts';
import { logSnr, logSnrInverse } from '../sde/log-snr.ts';
import type { Coefficient, Tensor } from '../tensor/index.ts';
import type { Setting } from './integrate.ts';

/** An SDE setting and its end times, in the time of the clock. */
interface ClockedSetting {
  readonly setting: Setting;
  readonly from: number;
  readonly to: number;
}

/** Another time u for the same flow, rising with t. */
interface Clock {
  /** u(t) */
  at(t: number): number;
  /** t(u) */
  time(u: number): number;
  /** dt/du at t(u) = t */
  slope(t: number): number;
}

/**
 * The same flow in the time in which an adaptive method needs the fewest steps. Stochastic solvers keep t,
 * because their Brownian path is a function of t.
 */
export function byBestClock(setting: Setting, from: number, to: number): ClockedSetting {
  const { sde, model, solver } = setting;
  const clock = solver.noise === 'none' ? clockOf(sde, Math.min(from, to)) : undefined;
  if (!clock) return { setting, from, to };
  const { time, at } = clock;
  return {
    setting: { ...setting, sde: sdeBy(clock, sde), model: modelBy(time, model), shown: time },
    from: at(from),
    to: at(to),
  };
}

function clockOf(sde: Sde, t: number): Clock | undefined {
  if (sde.smooth === false) return byNoiseRatio(sde);
  return beginsAsRoot(sde, t) ? byRoot : undefined;
}

/**
 * u = √t, where noise begins as √t (vp: β(0) > 0). No polynomial in t follows √t, so an adaptive method needs
 * many steps at small t; in u the same trajectory is smooth. For vp at tolerance 1e-5 this saves a third of
 * the evaluations and lowers the error.
 */
const byRoot: Clock = { at: Math.sqrt, time: u => u * u, slope: t => 2 * Math.sqrt(t) };

/**
 * Whether d log std/d log t is ½ at the early end; it is 1 for sub-VP, EDM and rectified flow, about 0 for
 * VE.
 */
function beginsAsRoot(sde: Sde, t: number): boolean {
  const exponent = Math.log(sde.marginal(2 * t).std / sde.marginal(t).std) / Math.LN2;
  return t > 0 && Math.abs(exponent - 0.5) < 0.1;
}

/**
 * A function of std/scale, where f and g jump or bend. In such a time the flow of a family of SDEs does not
 * depend on the schedule, so it is smooth: an estimate of the error across a jump would be worth nothing. If
 * the SDE shrinks the data, u = arctan(std/scale), which has no flat ends; else u = log(std/scale). From
 * d(σ/α)²/dt = g²/α² follows dt/d log(σ/α) = 2σ²/g².
 */
function byNoiseRatio(sde: Sde): Clock {
  const inverse = logSnrInverse(sde);
  const slope = (t: number) => 2 * (sde.marginal(t).std / sde.diffusion(t)) ** 2;
  const logRatio = (t: number) => -0.5 * logSnr(sde, t);
  if (sde.marginal(sde.tMax).scale > 0.5)
    return { at: logRatio, time: recalled(u => inverse(-2 * u)), slope };
  return {
    at: t => Math.atan(Math.exp(logRatio(t))),
    time: recalled(u => inverse(-2 * Math.log(Math.tan(u)))),
    slope: t => {
      const { scale, std } = sde.marginal(t);
      return slope(t) * (std / scale + scale / std);
    },
  };
}

/** The coefficients of one step ask for the same few times. */
function recalled(time: Clock['time']): Clock['time'] {
  const times = new Map<number, number>();
  return u => {
    const former = times.get(u);
    if (former !== undefined) return former;
    if (times.size >= MOST_TIMES) times.clear();
    const t = time(u);
    times.set(u, t);
    return t;
  };
}

/** More than the samples of a micro-batch times the stages of a step. */
const MOST_TIMES = 2 ** 13;

/** x̃(u) = x(t(u)): rate f·dt/du, diffusion g·√(dt/du). */
const sdeBy = ({ at, time, slope }: Clock, sde: Sde): Sde =>
  Object.freeze({
    ...sde,
    tMin: at(sde.tMin),
    tMax: at(sde.tMax),
    rate: (u: number) => slope(time(u)) * sde.rate(time(u)),
    diffusion: (u: number) => Math.sqrt(slope(time(u))) * sde.diffusion(time(u)),
    marginal: (u: number) => sde.marginal(time(u)),
  });

const modelBy = (time: Clock['time'], model: ScoreModel): ScoreModel =>
  Object.freeze({
    ...model,
    raw: (weights: readonly Tensor[], x: Tensor, u: Coefficient) =>
      model.raw(weights, x, typeof u === 'number' ? time(u) : u.map(time)),
    noiseForm: (u: number) => model.noiseForm(time(u)),
  });
