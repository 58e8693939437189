import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Engine } from '../../src/engine/index.ts';
import * as T from '../../src/tensor/index.ts';
import { asValues, elementwise, product, slopes, type Values } from '../support/broadcast.ts';
import { values } from '../support/draw.ts';
import { otherEngines, startEngines } from '../support/engines.ts';

const engines = await startEngines();
const OPERATIONS = { add: T.add, sub: T.sub, mul: T.mul, div: T.div, maximum: T.maximum, minimum: T.minimum };

/**
 * Numbers of rows around the limit from which one number per row is spread, and rows that are narrow, wide
 * and of more than two axes.
 */
const rows = fc.constantFrom(1, 63, 64, 65, 200);
const sides = fc.constantFrom([1], [2], [16], [17], [3, 2], [1, 1], [2, 3, 4]);
const ones = (shape: readonly number[]) => shape.map(() => 1);

describe('an operation on tensors of different shapes', () => {
  it.each(Object.entries(OPERATIONS))(
    '%s: equals the reference, with either operand broadcast in any way',
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
            const read = { data: await engine.read(result!), shape: result!.shape };
            engine.free(result!, ...inputs);
            await program.dispose();
            return read;
          };
          const expected = await on(engines.cpu!);
          for (const engine of otherEngines) {
            const got = await on(engines[engine]!);
            expect(got.shape, engine).toEqual(expected.shape);
            expect(got.data, engine).toBeAllClose(expected.data, 1e-6);
          }
        },
      );
      await fc.assert(property, { numRuns: 40 });
    },
  );
});

type Program = (...xs: T.Tensor[]) => T.Tensor;
type Reference = (...xs: Values[]) => Values;

const PAIRS: number[][][] = [
  [
    [1, 2],
    [4, 1],
  ],
  [
    [4, 1],
    [1, 2],
  ],
  [
    [4, 2],
    [4, 1],
  ],
  [[2], [4, 2]],
  [[], [4, 2]],
  [[4, 2], [1]],
  [
    [2, 1, 3],
    [4, 1],
  ],
  [
    [2, 1, 3, 1],
    [4, 1, 5],
  ],
];
const MASK = { data: [1, 0], shape: [2, 1, 1, 1, 1] };
const BINARY: Record<string, [Program, Reference]> = {
  add: [(x, y) => T.add(x!, y!), elementwise((a, b) => a! + b!)],
  sub: [(x, y) => T.sub(x!, y!), elementwise((a, b) => a! - b!)],
  mul: [(x, y) => T.mul(x!, y!), elementwise((a, b) => a! * b!)],
  div: [(x, y) => T.div(x!, y!), elementwise((a, b) => a! / b!)],
  maximum: [(x, y) => T.maximum(x!, y!), elementwise(Math.max)],
  minimum: [(x, y) => T.minimum(x!, y!), elementwise(Math.min)],
  combine: [(x, y) => T.combine([2, x!], [-3, y!]), elementwise((a, b) => 2 * a! - 3 * b!)],
  'combine of four': [
    (x, y) => T.combine([2, x!], [-3, y!], [0.5, x!], [4, y!]),
    elementwise((a, b) => 2.5 * a! + b!),
  ],
  select: [
    (x, y) => T.select(T.fromHost(Float32Array.of(1, 0), MASK.shape), x!, y!),
    (x, y) => elementwise((m, a, b) => (m ? a! : b!))(MASK, x!, y!),
  ],
};
const PRODUCTS: number[][][] = [
  [
    [1, 4, 3],
    [2, 3, 2],
  ],
  [
    [2, 4, 3],
    [1, 3, 2],
  ],
  [
    [2, 4, 3],
    [3, 2],
  ],
  [
    [4, 3],
    [2, 3, 2],
  ],
  [
    [2, 1, 4, 3],
    [3, 3, 2],
  ],
  [
    [2, 1, 4, 3],
    [1, 3, 3, 2],
  ],
];
const turned = (shape: number[], yes: boolean) =>
  yes ? [...shape.slice(0, -2), ...shape.slice(-2).toReversed()] : shape;

const CASES: [string, number[][], Program, Reference][] = [
  ...Object.entries(BINARY).flatMap(([name, [program, reference]]) =>
    PAIRS.map((shapes): (typeof CASES)[number] => [name, shapes, program, reference]),
  ),
  ...PRODUCTS.flatMap(([a, b]) =>
    [0, 1, 2, 3].map((n): (typeof CASES)[number] => {
      const [left, right] = [n % 2 === 1, n > 1];
      const name = `matmul${left ? ', left transposed' : ''}${right ? ', right transposed' : ''}`;
      return [
        name,
        [turned(a!, left), turned(b!, right)],
        (x, y) => T.matmul(x!, y!, left, right),
        (a, b) => product(left, right)(a!, b!),
      ];
    }),
  ),
  [
    'affine',
    [[2, 4, 3], [3, 2], [2]],
    (x, w, c) => T.affine(x!, w!, c!),
    (x, w, c) => elementwise((a, b) => a! + b!)(product(false, false)(x!, w!), c!),
  ],
];

describe.each(CASES)('%s of %j', (name, shapes, program, reference) => {
  const inputs = shapes.map((shape, i) => ({ shape, data: values(7 + i, T.sizeOf(shape), 0.5, 2) }));
  const host = inputs.map(asValues);
  const wanted = reference(...host);
  const probe = values(11, wanted.data.length, -1, 1);
  const gradients = slopes(reference, host, probe);

  it.each(['cpu', ...otherEngines] as const)(
    'is the sum in float64, with its gradients (%s)',
    async engine => {
      const on = engines[engine]!;
      const compiled = on.compile<null>((_w, xs) => {
        const y = program(...xs);
        const { grads } = T.valueAndGrad(
          at => T.sum(T.mul(program(...at), T.fromHost(probe, wanted.shape))),
          xs,
        );
        return [y, ...grads];
      });
      const given = inputs.map(on.put);
      const results = await compiled.run(given, null);
      expect(
        results.map(y => y.shape),
        name,
      ).toEqual([wanted.shape, ...shapes]);
      const numbers = await Promise.all(results.map(on.read));
      [wanted.data, ...gradients].forEach((part, i) => void expect(numbers[i]).toBeAllClose(part, 1e-5));
      on.free(...results, ...given);
      await compiled.dispose();
    },
  );
});

describe('operands that do not fit', () => {
  const wrong: [string, Program][] = [
    ['maximum', x => T.maximum(x!, T.slice(x!, [0, 1], [4, 2]))],
    ['add', x => T.add(x!, T.slice(x!, [0, 1], [4, 2]))],
    ['select', x => T.select(x!, x!, T.slice(x!, [0, 1], [4, 2]))],
    ['matmul', x => T.matmul(x!, x!)],
    ['affine', x => T.affine(x!, x!, x!)],
  ];
  it.each(wrong)('%s: the error names both shapes, on every engine', async (name, program) => {
    for (const engine of ['cpu', ...otherEngines]) {
      const compiled = engines[engine]!.compile<null>((_w, xs) => [program(...xs)]);
      const x = engines[engine]!.put({ shape: [4, 3], data: values(3, 12) });
      const run = async () => compiled.run([x], null);
      await expect(run(), engine).rejects.toThrow(new RegExp(`^${name}: [^]*\\[4,3\\]`));
      engines[engine]!.free(x);
    }
  });
});
