import type { Grid } from './grid.ts';

/** The parameters of a column of numbers. */
export interface ColumnParts {
  /** The x that maps to z = 0. */
  readonly shift: number;
  /** The length in x that maps to length 1 in z; above 0. */
  readonly scale: number;
  /** The grid of possible values, if each value is spread over a step before the model sees it. */
  readonly grid?: Grid | undefined;
}

/** A column: the map between its values x and the model's values z. Pure functions of float64. */
export interface Column extends ColumnParts {
  /** z = (x − shift)/scale */
  forward(x: number): number;
  /** x = shift + scale·z */
  inverse(z: number): number;
  /** A point within the step that begins at x: x + u·width, for u ~ U[0, 1). Without steps, x itself. */
  spread(x: number, u: number): number;
  /**
   * The value whose step contains x, so that samples take the same values as the data. Without steps, x
   * itself.
   */
  settle(x: number): number;
  /** log |dz/dx| = −log scale */
  readonly logDeterminant: number;
  /** Log of the step width: log P(value) = log p(x) + logStep. Without steps, 0. */
  readonly logStep: number;
}

/** The column with this shift, scale and grid. */
export const makeColumn = ({ shift, scale, grid }: ColumnParts): Column =>
  Object.freeze({
    shift,
    scale,
    grid,
    forward: (x: number) => (x - shift) / scale,
    inverse: (z: number) => shift + scale * z,
    spread: grid ? (x: number, u: number) => x + u * grid.width : (x: number) => x,
    settle: grid ? grid.below : (x: number) => x,
    logDeterminant: -Math.log(scale),
    logStep: grid ? Math.log(grid.width) : 0,
  });

/** One column for each d. Equal neighbours, such as pixels with one scaling, share one object. */
export function makeColumns(
  shift: Float64Array,
  scale: Float64Array,
  gridOf: (d: number) => Grid | undefined,
): readonly Column[] {
  const columns: Column[] = [];
  for (let d = 0; d < shift.length; d++) {
    const parts = { shift: shift[d]!, scale: scale[d]!, grid: gridOf(d) };
    const last = columns.at(-1);
    const alike = last?.shift === parts.shift && last.scale === parts.scale && last.grid === parts.grid;
    columns.push(last && alike ? last : makeColumn(parts));
  }
  return columns;
}
