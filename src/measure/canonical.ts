import { usage } from '../errors.ts';
import { symmetricEigen } from '../math/eigenvectors.ts';

/** Linear measurements of one sample: rows A [m, D], y [m], standard deviations [m]. */
export interface LinearSystem {
  readonly size: number;
  readonly matrix: Float64Array;
  readonly value: Float64Array;
  readonly std: Float64Array;
  /** What each row says, in words. */
  readonly texts: readonly string[];
}

/**
 * The same information as independent readings along orthonormal directions: y'_k = w_k·x + n_k,
 * n_k ~ N(0, variance_k). So R + r²·WWᵀ is diagonal for every r.
 */
export interface CanonicalSystem {
  /** W, orthonormal rows [k, D]. */
  readonly matrix: Float64Array;
  /** y', [k]. */
  readonly value: Float64Array;
  /** Variances of their errors, [k]. */
  readonly variance: Float64Array;
  /** log p(y | x) = logScale + log p(y' | x). */
  readonly logScale: number;
}

/** Standard deviation of the error of an exact value, as a part of the length of its row. */
const EXACT = 1e-4;
/** The most rows that are not orthogonal and can still be diagonalised here; this takes seconds. */
const MOST_ROWS = 512;
/** The most standard deviations by which redundant readings may differ. */
const MOST_DEVIATION = 6;

/**
 * Whitens the errors, R^(−½)A, and rotates the rows to the principal axes of their products (the singular
 * value decomposition).
 * @throws usage for rows that contradict one another, and for too many rows that are not orthogonal
 */
export function canonical(system: LinearSystem): CanonicalSystem {
  const { size, matrix } = system;
  const rows = system.value.length;
  const row = (i: number) => matrix.subarray(i * size, (i + 1) * size);
  const lengths = Float64Array.from({ length: rows }, (_, i) => Math.sqrt(dot(row(i), row(i))));
  lengths.forEach((length, i) => {
    if (length === 0) throw usage('This says nothing about the sample', { where: system.texts[i]! });
  });
  const std = system.std.map((value, i) => Math.max(value, EXACT * lengths[i]!));
  const white = new Float64Array(matrix.length);
  for (let i = 0; i < rows; i++) for (let d = 0; d < size; d++) white[i * size + d] = row(i)[d]! / std[i]!;
  const value = system.value.map((y, i) => y / std[i]!);
  const noise = -std.reduce((sum, each) => sum + Math.log(each), 0);
  const gram = gramOf(white, rows, size);
  const apart = isDiagonal(gram, rows);
  if (!apart && rows > MOST_ROWS)
    throw usage('There are too many measurements that are not orthogonal', {
      got: rows,
      expected: `at most ${MOST_ROWS}, or rows with AAᵀ diagonal`,
    });
  const { values, vectors } = apart
    ? { values: Float64Array.from({ length: rows }, (_, i) => gram[i * (rows + 1)]!), vectors: undefined }
    : symmetricEigen(gram, rows);
  const turned = vectors ? turn(vectors, white, rows, size) : white;
  const y = vectors ? turn(vectors, value, rows, 1) : value;
  return separate({ ...system, matrix: turned, value: y }, values, noise);
}

/** The directions with information. The others must agree with 0. */
function separate(
  { size, matrix, value, texts }: LinearSystem,
  squares: Float64Array,
  noise: number,
): CanonicalSystem {
  const most = squares.reduce((top, each) => Math.max(top, each), 0);
  const kept = [...squares.keys()].filter(k => squares[k]! > 1e-12 * most);
  let logScale = noise;
  for (const k of squares.keys()) {
    if (kept.includes(k)) {
      logScale -= 0.5 * Math.log(squares[k]!);
      continue;
    }
    if (Math.abs(value[k]!) > MOST_DEVIATION)
      throw usage('The measurements contradict one another', {
        where: texts.slice(0, 4).join('; '),
        got: `values that differ by ${Math.abs(value[k]!).toPrecision(3)} standard deviations`,
        remedy: 'Leave one of them out, or give them errors: a=1.5±0.1',
      });
    logScale -= 0.5 * (Math.log(2 * Math.PI) + value[k]! ** 2);
  }
  const out = new Float64Array(kept.length * size);
  kept.forEach((k, i) => {
    const length = Math.sqrt(squares[k]!);
    for (let d = 0; d < size; d++) out[i * size + d] = matrix[k * size + d]! / length;
  });
  return {
    matrix: out,
    value: Float64Array.from(
      { length: kept.length },
      (_, i) => value[kept[i]!]! / Math.sqrt(squares[kept[i]!]!),
    ),
    variance: Float64Array.from({ length: kept.length }, (_, i) => 1 / squares[kept[i]!]!),
    logScale,
  };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function gramOf(white: Float64Array, rows: number, size: number): Float64Array {
  const gram = new Float64Array(rows * rows);
  for (let i = 0; i < rows; i++) {
    const a = white.subarray(i * size, (i + 1) * size);
    // Rows of pictures are mostly zero.
    const places = [...a.keys()].filter(d => a[d] !== 0);
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (const d of places) sum += a[d]! * white[j * size + d]!;
      gram[i * rows + j] = sum;
      gram[j * rows + i] = sum;
    }
  }
  return gram;
}

function isDiagonal(gram: Float64Array, rows: number): boolean {
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < i; j++) {
      const size = Math.sqrt(gram[i * (rows + 1)]! * gram[j * (rows + 1)]!);
      if (Math.abs(gram[i * rows + j]!) > 1e-12 * size) return false;
    }
  return true;
}

/** Vᵀ·X for V [rows, rows] and X [rows, width]. */
function turn(vectors: Float64Array, x: Float64Array, rows: number, width: number): Float64Array {
  const out = new Float64Array(rows * width);
  for (let i = 0; i < rows; i++)
    for (let k = 0; k < rows; k++) {
      const factor = vectors[i * rows + k]!;
      for (let d = 0; d < width; d++) out[k * width + d] = out[k * width + d]! + factor * x[i * width + d]!;
    }
  return out;
}
