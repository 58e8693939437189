import { usage } from '../errors.ts';

/** How strongly, and when, a model is guided. */
export interface GuidanceStrength {
  /** w; a number, or a function of the time t. */
  readonly weight?: number | ((t: number) => number);
  /** Times between which the model is guided, both included; default all. At other times w = 0. */
  readonly interval?: readonly [from: number, to: number];
}

/**
 * w as a function of the time. The default of the weight is `usual`.
 * @throws usage for a weight that is not a number, and for an interval that is none
 */
export function strengthOf({ weight, interval }: GuidanceStrength, usual: number): (t: number) => number {
  const [from, to] = interval ?? [-Infinity, Infinity];
  if (!(from < to))
    throw usage('The interval of the guidance is none', {
      where: 'interval',
      got: interval,
      expected: 'two times, the lesser first',
    });
  const finite = (w: number, t?: number) => {
    if (Number.isFinite(w)) return w;
    throw usage('The guidance has to be a number', {
      where: t === undefined ? 'guidance' : `guidance at t = ${t}`,
      got: w,
    });
  };
  const constant = typeof weight === 'function' ? undefined : finite(weight ?? usual);
  return t => {
    if (t < from || t > to) return 0;
    return typeof weight === 'function' ? finite(weight(t), t) : constant!;
  };
}
