/** Most coordinates of rows whose contexts hold a Gaussian of their own: it takes D² numbers a row. */
export const MOST_ROTATED = 24;

/**
 * Numbers of the context of a row of D coordinates. A context has the known values (D numbers, 0 elsewhere),
 * 1 for each known coordinate, 1 for each absent one, and then the Gaussian of the generated coordinates
 * given the known: λ, Uᵀm and U (D² numbers). Rows too wide for that have 1 or 0 in place of the Gaussian:
 * whether all coordinates are generated, so that the Gaussian of all rows holds.
 */
export const contextWidth = (size: number): number =>
  size <= MOST_ROTATED ? 5 * size + size * size : 3 * size + 1;
