import { add, combine, type Tensor } from '../tensor/index.ts';
import { type AdamOptions, adam, clipped } from './adam.ts';
import { emaDecayAt, type RateOptions, rateAt } from './rate.ts';
import { type SgldPlace, type SgldSettings, sgldStep } from './sgld.ts';

export interface UpdateOptions extends RateOptions, AdamOptions {
  /** Global gradient norm above which gradients are scaled down. */
  readonly clip: number;
  readonly ema: number;
  /** Langevin dynamics in place of Adam; then nothing is clipped. */
  readonly sgld?: SgldSettings | undefined;
}

/**
 * The state after a step of Adam along the (clipped) gradient, or of Langevin dynamics, with `loss` added to
 * the sum.
 */
export function updated(
  [theta, m, v, ema, total]: readonly Tensor[],
  gradient: Tensor,
  loss: Tensor,
  place: SgldPlace,
  o: UpdateOptions,
): Tensor[] {
  const { step } = place;
  const next = o.sgld
    ? { theta: sgldStep(theta!, gradient, place, { ...o, ...o.sgld }), m: m!, v: v! }
    : adam({ theta: theta!, m: m!, v: v! }, clipped(gradient, o.clip), rateAt(step, o), step, o);
  const decay = emaDecayAt(step, o.ema);
  const average = combine([decay, ema!], [1 - decay, next.theta]);
  return [next.theta, next.m, next.v, average, add(total!, loss)];
}
