import { fillNormal, key } from '../src/random/index.ts';
import { makeSde } from '../src/registry/sdes.ts';
import type { AnalyticModel } from '../src/score/analytic/index.ts';
import { gaussianModel, mixtureModel } from '../src/score/analytic/index.ts';

/** The SDE of the study of curvature. */
export const vp = await makeSde('vp');

/** A Gaussian law by its standard deviations along orthonormal directions. */
export interface Law {
  readonly model: AnalyticModel;
  readonly stds: readonly number[];
  readonly directions: readonly (readonly number[])[];
}

function gaussianLaw(stds: readonly number[], directions: readonly (readonly number[])[]): Law {
  const covariance = stds.flatMap((_, i) =>
    stds.map((_, j) => stds.reduce((sum, v, k) => sum + directions[k]![i]! * directions[k]![j]! * v * v, 0)),
  );
  return { model: gaussianModel({ mean: stds.map(() => 0), covariance }, vp), stds, directions };
}

/** Orthonormal rows by Gram and Schmidt, the first along `first`, the others at random. */
function orthogonal(size: number, first?: readonly number[]): number[][] {
  const z = new Float32Array(size * size);
  fillNormal(z, key(5, 'basis'), { step: 0, first: 0, size });
  const rows: number[][] = [];
  for (let i = 0; i < size; i++) {
    let row = i === 0 && first ? [...first] : Array.from(z.subarray(i * size, (i + 1) * size));
    for (const other of rows) {
      const dot = row.reduce((sum, value, j) => sum + value * other[j]!, 0);
      row = row.map((value, j) => value - dot * other[j]!);
    }
    const norm = Math.hypot(...row);
    rows.push(row.map(value => value / norm));
  }
  return rows;
}

const stds = Array.from({ length: 8 }, (_, i) => 10 ** (-2 * (i / 7)));
const axes = stds.map((_, i) => stds.map((_, j) => Number(i === j)));
const ones = new Array<number>(64).fill(1);
export const laws: Readonly<Record<string, Law>> = {
  aligned: gaussianLaw(stds, axes),
  turned: gaussianLaw(stds, orthogonal(8)),
  // 64 coordinates of variance 1, any two with the correlation 0.9.
  'correlated, D = 64': gaussianLaw(
    ones.map((_, k) => Math.sqrt(k === 0 ? 0.1 + 0.9 * 64 : 0.1)),
    orthogonal(64, ones),
  ),
};
/** Three groups on a line, two of them thin where the third is wide. */
export const mixtureParts = {
  weights: [0.5, 0.3, 0.2],
  means: [-1, 0.5, 1.5].map(m => stds.map((_, i) => (i % 2 === 0 ? m : -m))),
  stds: [stds, stds.toReversed(), stds],
};
export const mixture = mixtureModel(mixtureParts, vp);
