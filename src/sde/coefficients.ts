import { usage } from '../errors.ts';
import type { Coefficient } from '../tensor/types.ts';

const isNumber = (time: Coefficient): time is number => typeof time === 'number';

/** One coefficient for each number of `T`, in the same order. */
export type Coefficients<T extends readonly number[]> = { -readonly [K in keyof T]: Coefficient };

/**
 * Calls a function of scalar times with times that may differ between samples: `const [a, b] =
 * coefficients((t, s) => [f(t), g(t, s)], t, s)`.
 * The results are numbers if every time is a number. If any time is a `Float64Array` (one entry per sample),
 * all results are.
 */
export function coefficients<const T extends readonly number[]>(
  fn: (...times: number[]) => T,
  ...times: Coefficient[]
): Coefficients<T> {
  if (times.every(isNumber)) return fn(...times) as unknown as Coefficients<T>;
  const arrays = times.filter(time => typeof time !== 'number');
  const first = arrays[0]!;
  if (arrays.some(time => time.length !== first.length)) {
    throw usage('times of one batch must have one length', {
      where: 'coefficients',
      got: arrays.map(time => time.length).join(', '),
      expected: `${first.length} entries each, or plain numbers`,
    });
  }
  const at = new Array<number>(times.length);
  let columns: Float64Array[] = [];
  for (let i = 0; i < first.length; i++) {
    for (let k = 0; k < at.length; k++) {
      const time = times[k]!;
      at[k] = typeof time === 'number' ? time : time[i]!;
    }
    const row = fn(...at);
    if (i === 0) columns = row.map(() => new Float64Array(first.length));
    for (let j = 0; j < columns.length; j++) columns[j]![i] = row[j]!;
  }
  return columns as Coefficients<T>;
}

/** A function of one time, made to take one time per sample as well: `lift(sde.diffusion)`. */
export function lift(fn: (t: number) => number): (t: Coefficient) => Coefficient {
  return t => (typeof t === 'number' ? fn(t) : t.map(fn));
}
