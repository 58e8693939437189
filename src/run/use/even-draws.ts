/** Even draws of a row at an end that many rows share, and of a row that is asked for names alone. */
export const EVEN_DRAWS = { end: 4, names: 8 } as const;

/** Odd numbers: each coordinate goes through all parts of a turn in an order of its own. */
const STRIDES = [1, 3, 5, 7];

/**
 * Moves draws u ~ U[0, 1), `[N, D]`, by `turns[i]` of row i, a part of a whole turn. With the turns 0, 1/k,
 * 2/k, … the k draws of a row lie in k different parts of each coordinate, and each alone is uniform. k is a
 * power of two.
 */
export function turnDraws(u: Float64Array, turns: Float64Array, size: number): void {
  for (let i = 0; i < u.length; i++)
    u[i] = (u[i]! + turns[Math.floor(i / size)]! * STRIDES[(i % size) % STRIDES.length]!) % 1;
}
