import type { CellMap } from './cell-map.ts';
import type { TableTransform, TableTransformJson } from './contract.ts';
import { atomsOfRows } from './table-atoms.ts';
import { contextsOf } from './table-contexts.ts';
import { logCells, logDeterminants } from './table-density.ts';
import { tableParts } from './table-parts.ts';
import { coordinates, forward, inverse, settle, spread, spreadStates } from './table-points.ts';

/**
 * The transform of a table. Each cell has its own map, y. Then each coordinate gets mean 0 and variance 1
 * over the Gaussian of all rows, z = (y − m)/s; a coordinate that is not generated is 0. The transform also
 * holds the law from which a model starts, and the context of a row says what that law knows of the row.
 */
export function tableTransform(json: TableTransformJson): TableTransform {
  const parts = tableParts(json);
  const { cells, places, size, width, gaussian, std, base, asked } = parts;
  return Object.freeze({
    kind: 'table' as const,
    ...{ width, size, cells, places, gaussian, std, asked },
    ...(base && { base }),
    steps: cells.some(({ draws }) => draws),
    bounded: cells.some(({ bounded }) => bounded),
    bins: cells.length > 0 && cells.every(isGrid),
    logStep: cells.reduce((sum, { logStep }) => sum + logStep, 0),
    spread: (x: ArrayLike<number>, u: Float64Array) => spread(parts, x, u),
    settle: (points: Float64Array) => settle(parts, points),
    coordinates: (points: Float64Array) => coordinates(parts, points),
    forward: <T extends Float32Array | Float64Array>(
      points: ArrayLike<number>,
      out: T,
      states?: Uint8Array,
    ) => forward(parts, points, out, states),
    inverse: <T extends Float32Array | Float64Array>(z: ArrayLike<number>, out: T, states?: Uint8Array) =>
      inverse(parts, z, out, states),
    context: (points: ArrayLike<number>, states: Uint8Array) => contextsOf(parts, points, states),
    states: (cellStates: Uint8Array) => spreadStates(parts, cellStates),
    logDeterminants: (points: ArrayLike<number>, states?: Uint8Array) =>
      logDeterminants(parts, points, states),
    logCells: (x: ArrayLike<number>, points: Float64Array, states?: Uint8Array) =>
      logCells(parts, x, points, states),
    atomsOf: (x: ArrayLike<number>, states: Uint8Array) => atomsOfRows(parts, x, states),
    toJSON: () => json,
  });
}

const isGrid = ({ kind, draws }: CellMap) => kind === 'number' && draws;
