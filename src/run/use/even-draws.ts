/** Draws over which the density of a row is averaged. */
export const EVEN_DRAWS = 8;

/** Odd numbers: each coordinate goes through all eighths in an order of its own. */
const STRIDES = [1, 3, 5, 7];

/**
 * Moves draws u ~ U[0, 1), `[N, D]`, by whole eighths: draw number `turns[i]` of row i. The eight draws of a
 * row then lie in eight different eighths of each coordinate, and each alone is uniform.
 */
export function turnDraws(u: Float64Array, turns: Uint32Array, size: number): void {
  for (let i = 0; i < u.length; i++) {
    const turn = (turns[Math.floor(i / size)]! * STRIDES[(i % size) % STRIDES.length]!) % EVEN_DRAWS;
    u[i] = (u[i]! + turn / EVEN_DRAWS) % 1;
  }
}
