/** Most coordinates of rows whose contexts hold a law of their own: it takes K·D² numbers a row. */
export const MOST_ROTATED = 24;

/**
 * Numbers of the context of a row of D coordinates under a base of K components. A context has the known
 * values (D numbers, 0 elsewhere), 1 for each known coordinate, 1 for each absent one, and then the law of
 * the generated coordinates given the known: λ (K·D numbers), Uᵀm (K·D), U (`[D, K·D]`), and for K > 1 the
 * logs of the weights. Rows too wide for that have 1 or 0 in place of the law: whether all coordinates are
 * generated, so that the law of all rows holds.
 */
export const contextWidth = (size: number, components: number): number => {
  if (size > MOST_ROTATED) return 3 * size + 1;
  return 3 * size + components * size * (2 + size) + (components > 1 ? components : 0);
};
