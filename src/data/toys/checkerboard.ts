import type { Density } from '../density.ts';

const SIDE = 2;
const HALF = 4;

/**
 * Uniform on the eight dark squares of a 4×4 board over [−4, 4]², sides of 2, the corner (−4, −4) dark.
 * p = 1/32 on them and 0 (log −∞) elsewhere; either coordinate alone is U[−4, 4], variance 16/3.
 */
export const checkerboard: Density = Object.freeze({
  name: 'checkerboard',
  title: 'uniform on the dark squares of a 4 by 4 board',
  mean: [0, 0],
  std: Array(2).fill(Math.sqrt(16 / 3)),
  uniforms: 3,
  normals: 0,
  point: (u: Float64Array, _: Float32Array, out: Float64Array) => {
    const square = Math.floor(u[0]! * 8);
    const column = square >> 1;
    const row = 2 * (square & 1) + (column & 1);
    out[0] = SIDE * (column + u[1]!) - HALF;
    out[1] = SIDE * (row + u[2]!) - HALF;
  },
  logDensity: (x: Float64Array) => {
    const [column, row] = [Math.floor((x[0]! + HALF) / SIDE), Math.floor((x[1]! + HALF) / SIDE)];
    const inside = column >= 0 && column < 4 && row >= 0 && row < 4;
    return inside && (column + row) % 2 === 0 ? -Math.log(8 * SIDE ** 2) : -Infinity;
  },
});
