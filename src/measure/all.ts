import { given } from './columns.ts';
import type { Measurement } from './contract.ts';

/**
 * What is known of a sample: a measurement, a text about columns, or a list of both. All of the list must
 * hold.
 */
export type GivenSpec = string | Measurement | readonly (string | Measurement)[];

/** Several measurements, all of which hold. */
export const all = (...measurements: readonly (string | Measurement)[]): Measurement => {
  const each = measurements.map(one => (typeof one === 'string' ? given(one) : one));
  return Object.freeze({
    name: 'all',
    linear: each.every(({ linear }) => linear),
    on: async space => (await Promise.all(each.map(one => one.on(space)))).flat(),
  } satisfies Measurement);
};

/** Anything that says what is known, as one measurement. */
export const measurementOf = (spec: GivenSpec): Measurement =>
  typeof spec === 'string' || 'on' in spec ? all(spec) : all(...spec);
