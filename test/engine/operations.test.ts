import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/engine/index.ts';
import { values } from '../support/draw.ts';
import { otherEngines, startEngines } from '../support/engines.ts';
import { both, CASES, drawn } from '../support/operations.ts';

const sides = fc.tuple(
  fc.integer({ min: 1, max: 5 }),
  fc.integer({ min: 1, max: 6 }),
  fc.integer({ min: 1, max: 4 }),
);
const engines: Record<string, Engine> = {};

beforeAll(async () => {
  Object.assign(engines, await startEngines());
});

describe.each(Object.entries(CASES))('%s', (name, given) => {
  it('has the value and gradient of the reference on every engine', async () => {
    await fc.assert(
      fc.asyncProperty(sides, fc.nat(1e6), async ([b, n, m], seed) => {
        const inputs = drawn(given, [b, n, m], seed);
        const expected = await both(engines.cpu!, given, inputs, seed + 9);
        for (const other of otherEngines) {
          const got = await both(engines[other]!, given, inputs, seed + 9);
          got.forEach(
            (part, i) => void expect(part, `${name} on ${other}, part ${i}`).toBeAllClose(expected[i]!, 1e-4),
          );
        }
      }),
      { numRuns: 4 },
    );
  });

  it('has the gradient of finite differences', async () => {
    const inputs = drawn(given, [3, 4, 2], 5);
    const [, ...grads] = await both(engines.onnx!, given, inputs, 11);
    const h = 1e-2;
    for (const [k, input] of inputs.entries()) {
      const j = input.data.length - 1;
      const at = async (shift: number) => {
        const moved = inputs.map((x, i) =>
          i === k ? { ...x, data: x.data.with(j, x.data[j]! + shift) } : x,
        );
        const [value] = await both(engines.cpu!, given, moved, 11);
        return value!.reduce((sum, v, i) => sum + v * values(11, value!.length, -1, 1)[i]!, 0);
      };
      if (name === 'select' && k === 0) continue;
      const slope = ((await at(h)) - (await at(-h))) / (2 * h);
      expect(grads[k]![j]!, `operand ${k}`).toBeCloseTo(slope, 1.5);
    }
  });
});
