import { failure, usage } from '../../errors.ts';
import type { Mixture } from '../contract.ts';
import { type Column, makeColumns } from './column.ts';
import type { AffineTransform, AffineTransformJson, TableTransformJson, Transform } from './contract.ts';
import { type Grid, type GridJson, gridJson, makeGrid, wholeNumbers } from './grid.ts';
import { tableTransform } from './table-transform.ts';

/**
 * The transform z = (x − shift)/scale.
 * @param bins the grid of each column, undefined for a continuous one; true for whole numbers in all
 * @throws usage if the lists differ in length, a shift is not finite, or a scale is not finite and positive
 */
export function affine(
  shift: ArrayLike<number>,
  scale: ArrayLike<number>,
  bins: boolean | readonly (Grid | undefined)[] = false,
): AffineTransform {
  // Adding 0 turns −0, which JSON cannot hold, into 0.
  const [a, s] = [Float64Array.from(shift).map(value => value + 0), Float64Array.from(scale)];
  const lengths = [a.length, s.length, typeof bins === 'boolean' ? a.length : bins.length];
  if (a.length === 0 || lengths.some(length => length !== a.length))
    throw usage('shift and scale must be of one length', { where: 'transform', got: lengths.join(', ') });
  const fault = a.findIndex((value, d) => !Number.isFinite(value) || !(s[d]! > 0 && s[d]! < Infinity));
  if (fault >= 0)
    throw usage('impossible transform', {
      where: `transform, dimension ${fault}`,
      got: `shift ${a[fault]}, scale ${s[fault]}`,
      expected: 'a finite shift and a positive scale',
    });
  const every = bins === true ? wholeNumbers : undefined;
  return rowsOf(makeColumns(a, s, typeof bins === 'boolean' ? () => every : d => bins[d]), a, s);
}

function rowsOf(columns: readonly Column[], shift: Float64Array, scale: Float64Array): AffineTransform {
  const size = columns.length;
  const mapped = <T extends Float32Array | Float64Array>(
    from: ArrayLike<number>,
    out: T,
    map: (column: Column, value: number, at: number) => number,
  ) => {
    checkRows(from, out, size);
    for (let row = 0; row < out.length; row += size)
      for (let d = 0; d < size; d++) out[row + d] = map(columns[d]!, from[row + d]!, row + d);
    return out;
  };
  const sum = (of: (column: Column) => number) => columns.reduce((total, column) => total + of(column), 0);
  const logDeterminant = sum(column => column.logDeterminant);
  return Object.freeze({
    kind: 'affine' as const,
    width: size,
    size,
    columns,
    shift,
    scale,
    bins: columns.every(({ grid }) => grid),
    steps: columns.some(({ grid }) => grid),
    logDeterminant,
    logDeterminants: (points: ArrayLike<number>) =>
      new Float64Array(points.length / size).fill(logDeterminant),
    logStep: sum(column => column.logStep),
    forward: <T extends Float32Array | Float64Array>(x: ArrayLike<number>, out: T) =>
      mapped(x, out, (column, value) => column.forward(value)),
    inverse: <T extends Float32Array | Float64Array>(z: ArrayLike<number>, out: T) =>
      mapped(z, out, (column, value) => column.inverse(value)),
    spread: (x: Float64Array, u: Float64Array) =>
      mapped(x, x, (column, value, at) => column.spread(value, u[at]!)),
    settle: (x: Float64Array) => mapped(x, x, (column, value) => column.settle(value)),
    toJSON: () => ({ shift: [...shift], scale: [...scale], bins: binsJson(columns) }),
  });
}

function binsJson(columns: readonly Column[]): AffineTransformJson['bins'] {
  if (columns.every(({ grid }) => !grid)) return false;
  if (columns.every(({ grid }) => grid === wholeNumbers)) return true;
  return columns.map(({ grid }) => (grid ? gridJson(grid) : null));
}

/** The identity transform in D dimensions. */
export const identity = (dimension: number): AffineTransform =>
  affine(new Float64Array(dimension), new Float64Array(dimension).fill(1));

/** `second` applied after `first`. The log-determinants add. */
export function compose(first: AffineTransform, second: AffineTransform): AffineTransform {
  const shift = first.shift.map((value, d) => value + first.scale[d]! * second.shift[d]!);
  return affine(
    shift,
    first.scale.map((value, d) => value * second.scale[d]!),
    first.columns.map(({ grid }) => grid),
  );
}

/**
 * A transform that is read from its JSON.
 * @throws failure, naming `where`, if it is not a transform
 */
export function transformFromJson(json: unknown, where: string): Transform {
  const { shift, scale, bins, cells, gaussian } = (json ?? {}) as Record<string, unknown>;
  if (cells !== undefined && gaussian !== undefined) return tableTransform(json as TableTransformJson);
  const numbers = (list: unknown): list is number[] =>
    Array.isArray(list) && list.every(value => typeof value === 'number');
  if (!numbers(shift) || !numbers(scale) || !(typeof bins === 'boolean' || Array.isArray(bins)))
    throw failure('not a transform', { where, got: JSON.stringify(json), expected: 'shift, scale and bins' });
  return affine(shift, scale, typeof bins === 'boolean' ? bins : bins.map(gridFromJson));
}

function gridFromJson(json: GridJson | null): Grid | undefined {
  if (json === null) return undefined;
  const isWhole = json.step === 1 && json.decimals === 0 && json.offset === 0 && (json.parts ?? 1) === 1;
  return isWhole ? wholeNumbers : makeGrid(json);
}

/**
 * A Gaussian mixture in model units instead of data units: means (m − shift)/scale, standard deviations
 * s/scale.
 */
export function transformMixture(
  { weights, means, stds }: Mixture,
  { shift, scale }: AffineTransform,
): Mixture {
  return {
    weights,
    means: means.map(mean => mean.map((value, d) => (value - shift[d]!) / scale[d]!)),
    stds: stds.map(std => std.map((value, d) => value / scale[d]!)),
  };
}

/** The affine transform, for what needs one. @throws usage, naming `where`, for that of a table */
export function affineOf(transform: Transform, where: string): AffineTransform {
  if (transform.kind === 'affine') return transform;
  throw usage('this needs z = (x − shift)/scale, and the run of a table has another transform', {
    where,
    remedy: 'Train with --scaling standard',
  });
}

/**
 * Bits per dimension from a log-density in nats and data units, for data in bins of width 1: −log p / (D ln
 * 2).
 */
export const bitsPerDimension = (nats: number, dimension: number): number => -nats / (dimension * Math.LN2);

function checkRows(from: ArrayLike<number>, out: ArrayLike<number>, width: number): void {
  if (from.length !== out.length || out.length % width !== 0)
    throw usage('rows of the wrong width', {
      where: 'transform',
      got: `${from.length} into ${out.length} values`,
      expected: `rows of ${width}`,
    });
}
