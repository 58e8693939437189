import { add, combine, type Tensor } from '../tensor/index.ts';
import { type AdamOptions, adam, clipped } from './adam.ts';
import { emaDecayAt, type RateOptions, rateAt } from './rate.ts';

export interface UpdateOptions extends RateOptions, AdamOptions {
  /** Global gradient norm above which gradients are scaled down. */
  readonly clip: number;
  readonly ema: number;
}

/** The state after a step of Adam along the (clipped) gradient, with `loss` added to the sum. */
export function updated(
  [theta, m, v, ema, total]: readonly Tensor[],
  gradient: Tensor,
  loss: Tensor,
  step: number,
  o: UpdateOptions,
): Tensor[] {
  const next = adam({ theta: theta!, m: m!, v: v! }, clipped(gradient, o.clip), rateAt(step, o), step, o);
  const decay = emaDecayAt(step, o.ema);
  const average = combine([decay, ema!], [1 - decay, next.theta]);
  return [next.theta, next.m, next.v, average, add(total!, loss)];
}
