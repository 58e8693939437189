import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Engine, makeEngine } from '../../src/engine/index.ts';
import * as T from '../../src/tensor/index.ts';
import { values } from '../support/draw.ts';

const [onnx, cpu] = [await makeEngine('onnx'), await makeEngine('cpu')];
const OPERATIONS = { add: T.add, sub: T.sub, mul: T.mul, div: T.div, maximum: T.maximum, minimum: T.minimum };

/** Rows about those from which on numbers of rows are spread, and rows narrow, wide and with more axes than two. */
const rows = fc.constantFrom(1, 63, 64, 65, 200);
const sides = fc.constantFrom([1], [2], [16], [17], [3, 2], [1, 1], [2, 3, 4]);
const ones = (shape: readonly number[]) => shape.map(() => 1);

describe('an operation on tensors that are not of one shape', () => {
  it.each(Object.entries(OPERATIONS))(
    '%s: is the reference, whichever is broadcast, however',
    async (_name, op) => {
      const property = fc.asyncProperty(
        rows,
        sides,
        fc.constantFrom('row', 'column', 'number', 'coefficient'),
        fc.boolean(),
        async (b, rest, how, turned) => {
          const full = [b, ...rest];
          const other = { row: rest, column: [b, ...ones(rest)], number: [], coefficient: [] }[how];
          const [x, y] = [full, other].map((shape, i) => ({
            data: values(
              i + 1,
              shape.reduce((n, side) => n * side, 1),
            ).map(z => 1.5 + Math.abs(z)),
            shape,
          }));
          const on = async (engine: Engine) => {
            const program = engine.compile<Float64Array>((_w, [p, q], c) => {
              const second = how === 'coefficient' ? c : q!;
              return [turned && how !== 'coefficient' ? op(q!, p!) : op(p!, second)];
            });
            const inputs = [x!, y!].map(engine.put);
            const [result] = await program.run(
              inputs,
              Float64Array.from({ length: b }, (_, i) => 1 + i / 7),
            );
            const found = { data: await engine.read(result!), shape: result!.shape };
            engine.free(result!, ...inputs);
            await program.dispose();
            return found;
          };
          const [found, expected] = [await on(onnx), await on(cpu)];
          expect(found.shape).toEqual(expected.shape);
          expect(found.data).toBeAllClose(expected.data, 1e-6);
        },
      );
      await fc.assert(property, { numRuns: 40 });
    },
  );
});
