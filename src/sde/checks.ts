import { usage } from '../errors.ts';
import type { BetaSchedule, Schedule, Sde, SigmaSchedule, Spec, SpecValue } from './contract.ts';

/** The stored form of an SDE, as a part of the SDE; empty if its schedule cannot be stored. */
export function specOf(
  name: string,
  schedule: Schedule,
  options: Readonly<Record<string, SpecValue>>,
): {
  /** `makeSde` makes the same SDE from it again. */
  spec?: Spec;
} {
  return schedule.spec ? { spec: Object.freeze({ name, schedule: schedule.spec, ...options }) } : {};
}

/** e^(−B/2) is 0 in float64 from here on. */
const MOST_INTEGRAL = 1480;

/**
 * Throws for a σ schedule where a β schedule is needed, and for a schedule that leaves nothing of the data.
 */
export function requireBeta(sde: string, schedule: Schedule): asserts schedule is BetaSchedule {
  if (schedule.kind !== 'beta') {
    throw usage(`${sde} needs a noise rate β(t), but "${schedule.name}" is a noise level σ(t)`, {
      remedy: 'Take a β schedule (linear, cosine, ...), or keep the schedule and take the SDE ve',
    });
  }
  const total = schedule.integral(1);
  if (total > 0 && total < MOST_INTEGRAL) return;
  throw usage(
    `∫β over [0, 1] is ${Number.isFinite(total) ? total.toPrecision(4) : 'infinite or not a number'}`,
    {
      where: `${sde}, schedule "${schedule.name}"`,
      got: schedule.spec?.formula ?? schedule.spec,
      expected: `a finite integral above 0 and below ${MOST_INTEGRAL} (from there on e^(−∫β/2) is 0)`,
    },
  );
}

/** Throws for a β schedule where a σ schedule is needed. */
export function requireSigma(sde: string, schedule: Schedule): asserts schedule is SigmaSchedule {
  if (schedule.kind !== 'sigma') {
    throw usage(`${sde} needs a noise level σ(t), but "${schedule.name}" is a noise rate β(t)`, {
      remedy: 'Take a σ schedule (geometric, linear-sigma, ...), or keep the schedule and take the SDE vp',
    });
  }
}

/** Throws unless 0 < tMin < tMax, and for an SDE without noise at tMin, where no score exists. */
export function requireTimes(sde: string, tMin: number, tMax: number, std: (t: number) => number): void {
  if (!(tMin > 0 && tMin < tMax)) {
    throw usage('the times are out of order', {
      where: sde,
      got: `tMin = ${tMin}, tMax = ${tMax}`,
      expected: '0 < tMin < tMax',
    });
  }
  if (!(std(tMin) > 0)) {
    throw usage(`there is no noise at tMin = ${tMin}, so there is no score`, {
      where: sde,
      got: `standard deviation ${std(tMin)}`,
      remedy: 'Take a schedule with noise from the start, or a larger tMin',
    });
  }
}

/** What an SDE declares of the smoothness of its schedule; `{}` for a smooth one. */
export const smoothnessOf = ({ smooth }: Schedule): Pick<Sde, 'smooth'> =>
  smooth === undefined ? {} : { smooth };
