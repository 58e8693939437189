import type { Grid } from './grid.ts';

/** What describes a column of numbers. */
export interface ColumnParts {
  /** The x that comes to z = 0. */
  readonly shift: number;
  /** The length in x that comes to 1 in z, above 0. */
  readonly scale: number;
  /** What its values can be, where they are spread over a step before the model sees them. */
  readonly grid?: Grid | undefined;
}

/** A column: how its values x come to the model as z, and back. Pure functions of float64. */
export interface Column extends ColumnParts {
  /** z = (x − shift)/scale */
  forward(x: number): number;
  /** x = shift + scale·z */
  inverse(z: number): number;
  /** A place within the step that begins at x: x + u·width, for u ~ U[0, 1); x itself where there are no steps. */
  spread(x: number, u: number): number;
  /** The value whose step x lies in, so that a sample is such as the data are; x itself where there are no steps. */
  settle(x: number): number;
  /** log |dz/dx| = −log scale */
  readonly logDeterminant: number;
  /** log of the width of a step: log P(value) = log p(x) + logStep; 0 where there are no steps. */
  readonly logStep: number;
}

/** The column with that shift, scale and grid. */
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

/** Columns in a row. Neighbours that are alike, such as pixels of one scaling, are one value. */
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
