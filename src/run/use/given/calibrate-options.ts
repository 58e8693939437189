import { usage } from '../../../errors.ts';
import type { Calibration } from '../../../guide/calibration.ts';
import type { GivenSpec } from '../../../measure/all.ts';
import type { HostTensor } from '../../../tensor/index.ts';
import type { UseOptions } from '../options.ts';
import type { GivenOptions } from './options.ts';

/** How answers are checked. */
export interface CalibrateOptions
  extends Omit<UseOptions, 'tolerance' | 'batch'>,
    Omit<GivenOptions, 'given' | 'populations'> {
  /**
   * A question like those to be asked, such as `'a=?±0.1, b=?'`. Its values are not used: each truth has its
   * own.
   */
  readonly given: GivenSpec;
  /** Number of truths x*. Default 200. */
  readonly truths?: number;
  /** Draws for each truth. Default 31. */
  readonly draws?: number;
  /**
   * Truths in place of samples of the model: rows [N, ...D], best those kept from training. Rows with missing
   * cells, NaN, are left out.
   */
  readonly data?: HostTensor;
  /** Receives how many truths are done. */
  readonly onTruth?: (done: number, truths: number) => void;
}

/** The calibration of a run, and what was calibrated. */
export interface RunCalibration extends Calibration {
  /** What answered, in words. */
  readonly method: string;
  /** Whether the truths were samples of the model, or rows of data. */
  readonly from: 'model' | 'data';
  /** Rows of the data with missing cells: they are no truths. 0 without data. */
  readonly incomplete: number;
  /** Columns that are not ranked, because the question gives them exactly. */
  readonly leftOut: readonly string[];
  /** What a reader of the result has to know: whether there were too few truths to tell much. */
  readonly warnings: readonly string[];
}

/** @throws usage for too few truths or draws */
export function requireNumbers({ truths, draws }: { readonly truths: number; readonly draws: number }): void {
  for (const [name, value, least] of [
    ['truths', truths, 10],
    ['draws', draws, 1],
  ] as const)
    if (!(Number.isInteger(value) && value >= least))
      throw usage(`The number of ${name} cannot be`, {
        where: name,
        got: value,
        expected: `${least} or more`,
      });
}

/** Truths below which only gross faults show. */
const FEW = 100;

/** A warning of too few truths, with the error of a share of one half. */
export function fewTruths(count: number): string[] {
  if (count >= FEW) return [];
  const error = (100 * 1.96 * 0.5) / Math.sqrt(count);
  return [
    `${count} truths can tell little: a share of 50 % has an error of ± ${error.toFixed(0)} %; take more: --truths 200`,
  ];
}
