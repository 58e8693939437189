import { describe, expect, it } from 'vitest';
import { lower } from '../../src/engine/onnx/compile/lower.ts';
import { matmul } from '../../src/tensor/index.ts';
import { trace } from '../../src/tensor/trace/trace.ts';

/** The operators of a product of two stacks. */
function operators(
  a: number[],
  b: number[],
  [left, right]: readonly [boolean, boolean],
  portable = false,
): string[] {
  const { graph } = trace([], [a, b], (_w, [x, y]) => [matmul(x!, y!, left, right)]);
  return lower(graph, { portable }).nodes.map(({ op }) => op);
}

describe('a stack of products in ONNX', () => {
  it.each([
    ['row by column', [512, 1, 8], [512, 8, 1], [false, false], ['Mul', 'ReduceSum']],
    ['matrix by vector', [512, 2, 2], [512, 2, 1], [false, false], ['Mul', 'ReduceSum']],
    ['column by row', [512, 4, 1], [512, 1, 4], [false, false], ['Mul']],
    ['rows by rows', [512, 3, 2], [512, 3, 2], [false, true], ['Mul', 'ReduceSum']],
  ] as const)('is a product of numbers if each is small: %s', (_name, a, b, transposed, expected) => {
    const found = operators([...a], [...b], transposed);
    expect(found.filter(op => op !== 'Reshape')).toEqual([...expected]);
    expect(operators([...a], [...b], transposed, true).join()).toMatch(/MatMul/);
  });

  it('stays one of matrices if each is large, or the common axis does not lie last', () => {
    expect(operators([512, 8, 8], [512, 8, 8], [false, false])).toEqual(['MatMul']);
    expect(operators([512, 2, 2], [512, 2, 2], [true, false])).toEqual(['FusedMatMul']);
    expect(operators([8, 2], [2, 1], [false, false])).toEqual(['MatMul']);
  });
});
