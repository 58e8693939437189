import { logMeanExp, logSumExp } from '../src/math/log-sum.ts';
import { fillNormal, fillUniform, key } from '../src/random/index.ts';
import type { PlainTensor } from '../src/tensor/index.ts';

/** Draws of a set that is compared with another. */
export const COUNT = 1000;

const normals = (length: number, stream: string, step: number): Float32Array => {
  const out = new Float32Array(length);
  fillNormal(out, key(7, stream), { step, first: 0, size: length });
  return out;
};
const uniforms = (length: number, stream: string, step: number): Float64Array => {
  const out = new Float64Array(length);
  fillUniform(out, key(7, stream), { step, first: 0, size: length });
  return out;
};

/** Modes of the mixture and readings of a problem. */
export const sizesOf = (size: number) =>
  size === 2 ? { modes: 8, readings: 1 } : { modes: 5, readings: size / 2 };

/**
 * A mixture of variance about 1, a measurement of one of its draws, and the exact posterior: eight Gaussians
 * on a circle with one reading in the plane, else five random Gaussians with D/2 readings.
 */
export function problemOf(size: number, index: number) {
  const { modes, readings } = sizesOf(size);
  const spread = size === 2 ? 0.1 : 0.3;
  const circle = (k: number) => [
    Math.SQRT2 * Math.cos((Math.PI * k) / 4),
    Math.SQRT2 * Math.sin((Math.PI * k) / 4),
  ];
  const at = normals(modes * size, 'means', size === 2 ? 0 : index);
  const means = Array.from({ length: modes }, (_, k) =>
    size === 2 ? circle(k) : [...at.subarray(k * size, (k + 1) * size)],
  );
  const rows = normals(readings * size, 'rows', index);
  const A = Array.from({ length: readings }, (_, i) => {
    const row = [...rows.subarray(i * size, (i + 1) * size)];
    const length = Math.hypot(...row);
    return row.map(value => value / length);
  });
  const [pick, error] = uniforms(2, 'truth', index);
  const std = 0.1 + 0.3 * error!;
  const mean = means[Math.floor(pick! * modes)]!;
  const z = normals(size + readings, 'noise', index);
  const truth = mean.map((m, d) => m + spread * z[d]!);
  const y = A.map((a, i) => dot(a, truth) + std * z[size + i]!);
  const S = A.map((a, i) => A.map((b, j) => spread ** 2 * dot(a, b) + (i === j ? std ** 2 : 0)));
  const logs = means.map(m =>
    logNormal(
      y.map((value, i) => value - dot(A[i]!, m)),
      S,
    ),
  );
  return { size, means, spread, A, y, std, S, logs, logEvidence: logMeanExp(logs) };
}
export type Problem = ReturnType<typeof problemOf>;

const dot = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, i) => sum + value * b[i]!, 0);

/** Gaussian elimination of [S | b]: S⁻¹b and log det S. */
function solved(S: readonly (readonly number[])[], b: readonly number[]) {
  const rows = S.map((row, i) => [...row, b[i]!]);
  const n = rows.length;
  let logDeterminant = 0;
  for (let k = 0; k < n; k++) {
    logDeterminant += Math.log(rows[k]![k]!);
    for (let i = 0; i < n; i++) {
      if (i === k) continue;
      const factor = rows[i]![k]! / rows[k]![k]!;
      for (let j = k; j <= n; j++) rows[i]![j] = rows[i]![j]! - factor * rows[k]![j]!;
    }
  }
  return { x: rows.map((row, k) => row[n]! / row[k]!), logDeterminant };
}

function logNormal(r: readonly number[], S: readonly (readonly number[])[]): number {
  const { x, logDeterminant } = solved(S, r);
  return -0.5 * (dot(r, x) + logDeterminant + r.length * Math.log(2 * Math.PI));
}

/** Exact draws by Matheron's rule: a draw of the prior's component, moved by its misfit to a draw of y. */
export function exactDraws({ size, means, spread, A, y, std, S, logs }: Problem, seed: number): PlainTensor {
  const [modes, readings, count] = [means.length, y.length, COUNT];
  const total = logSumExp(logs);
  const picks = uniforms(count, 'picks', seed);
  const z = normals(count * (size + readings), 'draws', seed);
  const data = new Float32Array(count * size);
  for (let n = 0; n < count; n++) {
    let [rest, k] = [picks[n]!, 0];
    for (; k < modes - 1; k++) {
      rest -= Math.exp(logs[k]! - total);
      if (rest < 0) break;
    }
    const own = z.subarray(n * (size + readings), (n + 1) * (size + readings));
    const x = means[k]!.map((m, d) => m + spread * own[d]!);
    const misfit = y.map((value, i) => value - dot(A[i]!, x) - std * own[size + i]!);
    const { x: pull } = solved(S, misfit);
    x.forEach((value, d) => {
      data[n * size + d] = value + spread ** 2 * A.reduce((sum, a, i) => sum + a[d]! * pull[i]!, 0);
    });
  }
  return { data, shape: [count, size] };
}
