import type { Component } from '../../../guide/closed/law.ts';
import { cholesky } from '../../../math/cholesky.ts';
import type { AskedComponent } from './asked-laws.ts';

/** A Gaussian, of some of its coordinates. */
export function ofCoordinates(
  { logWeight, mean, eigen: { values, vectors } }: AskedComponent,
  places: readonly number[],
): Component {
  const [all, size] = [mean.length, places.length];
  const covariance = new Float64Array(size * size);
  for (const [a, d] of places.entries())
    for (const [b, e] of places.entries())
      for (let i = 0; i < all; i++)
        covariance[a * size + b]! += values[i]! * vectors[d * all + i]! * vectors[e * all + i]!;
  const factor = cholesky(size, (i, j) => covariance[i * size + j]!);
  return {
    logWeight,
    mean: Float64Array.from({ length: size }, (_, a) => mean[places[a]!]!),
    covariance,
    factor,
  };
}
