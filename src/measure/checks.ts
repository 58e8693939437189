import { usage } from '../errors.ts';
import { sizeOf } from '../tensor/index.ts';
import type { Law, Space } from './contract.ts';

/** Options of the values that were measured. */
export interface ErrorOptions {
  /** Standard deviation of the error of each value, or one for all; 0 for exact values. Default 0. */
  readonly std?: number | ArrayLike<number>;
}

/** y and its errors as a checked law. */
export function normalLaw(where: string, y: ArrayLike<number>, { std = 0 }: ErrorOptions = {}): Law {
  const value = Float64Array.from(y);
  const each = typeof std === 'number' ? new Float64Array(value.length).fill(std) : Float64Array.from(std);
  if (value.length === 0) throw usage('a measurement needs a value', { where, got: 'none' });
  if (each.length !== value.length)
    throw usage('there has to be an error for each value', {
      where,
      got: `${each.length} standard deviations for ${value.length} values`,
      expected: 'one for all, or one for each',
    });
  const bad = value.findIndex(number => !Number.isFinite(number));
  if (bad >= 0) throw usage(`value ${bad} is not finite`, { where, got: value[bad] });
  const wrong = each.findIndex(number => !(number >= 0 && Number.isFinite(number)));
  if (wrong >= 0)
    throw usage('an error has a wrong standard deviation', {
      where,
      got: each[wrong],
      expected: '0 or more',
    });
  return Object.freeze({ kind: 'normal', value, std: each });
}

/** Refuses samples of another size. */
export function requireSize(where: string, { shape }: Space, size: number): void {
  if (sizeOf(shape) === size) return;
  throw usage('the measurement does not fit the samples', {
    where,
    got: `${size} values of a sample`,
    expected: `${sizeOf(shape)}, for samples of [${shape}]`,
  });
}

/** The sides of pictures: grey [H, W], or [C, H, W]. */
export function pictureOf(
  where: string,
  { shape }: Space,
): { channels: number; height: number; width: number } {
  const [channels, height, width] = shape.length === 2 ? [1, ...shape] : shape;
  if (shape.length === 2 || shape.length === 3)
    return { channels: channels!, height: height!, width: width! };
  throw usage('only pictures can be measured so', {
    where,
    got: `samples of [${shape}]`,
    expected: '[H, W] or [C, H, W]',
  });
}
