import { expect } from 'vitest';

interface CloseMatchers<R> {
  /** Elementwise |a − b| ≤ tolerance·(1 + |b|); NaN is close to nothing. */
  toBeAllClose(expected: ArrayLike<number>, tolerance?: number): R;
}
declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: the parameter must be declared as in vitest
  interface Assertion<T = any> extends CloseMatchers<T> {}
}

expect.extend({
  toBeAllClose(received: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-5) {
    if (received.length !== expected.length) {
      return { pass: false, message: () => `${received.length} values, expected ${expected.length}` };
    }
    const worst = farthest(received, expected);
    return {
      pass: worst.excess <= tolerance,
      message: () =>
        `element ${worst.i}: ${worst.a}, expected ${worst.b} within ${tolerance} (off by ${worst.excess})`,
    };
  },
});

/**
 * The element that is off by most. NaN is off by more than any. A loop: gradients have a million elements.
 */
function farthest(received: ArrayLike<number>, expected: ArrayLike<number>) {
  const worst = { i: -1, a: 0, b: 0, excess: 0 };
  for (let i = 0; i < received.length; i++) {
    const [a, b] = [received[i]!, expected[i]!];
    const excess = Math.abs(a - b) / (1 + Math.abs(b));
    if (excess <= worst.excess) continue;
    Object.assign(worst, { i, a, b, excess });
    if (Number.isNaN(excess)) return worst;
  }
  return worst;
}
