/** The weights that a training keeps on its way. */
export interface KeptDraws {
  /** Whether weights are kept at `step`, where the last look was at step `last`. */
  due(step: number, last: number): boolean;
  /** Keeps a copy. */
  keep(theta: Float32Array): void;
  /** All of them, one after another, [draws·n]; undefined if there are none. */
  all(): Float32Array | undefined;
}

/** Keeps weights `count` times, evenly over the second half of `steps`, behind those kept `earlier`. */
export function keptDraws(count: number, steps: number, earlier?: Float32Array): KeptDraws {
  const parts = earlier ? [earlier] : [];
  const place = (at: number) => Math.floor((2 * count * Math.max(0, at - steps / 2)) / steps);
  return {
    due: (step, last) => place(step) > place(last),
    keep: theta => void parts.push(theta.slice()),
    all() {
      if (parts.length === 0) return undefined;
      const joined = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
      let end = 0;
      for (const part of parts) {
        joined.set(part, end);
        end += part.length;
      }
      return joined;
    },
  };
}
