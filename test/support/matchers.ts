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
    const worst = Array.from(received, (a, i) => ({ i, a, b: expected[i]! }))
      .map(each => ({ ...each, excess: Math.abs(each.a - each.b) / (1 + Math.abs(each.b)) }))
      .reduce((x, y) => (y.excess > x.excess || Number.isNaN(y.excess) ? y : x), {
        i: -1,
        a: 0,
        b: 0,
        excess: 0,
      });
    return {
      pass: worst.excess <= tolerance,
      message: () =>
        `element ${worst.i}: ${worst.a}, expected ${worst.b} within ${tolerance} (off by ${worst.excess})`,
    };
  },
});
