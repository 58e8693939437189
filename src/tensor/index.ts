export { opaque, valueAndGrad, vjp } from './autodiff.ts';
export * from './ops/arithmetic.ts';
export * from './ops/linear.ts';
export * from './ops/reduce.ts';
export * from './ops/shape.ts';
export type { Coefficient, Operand, Params, PlainParams, PlainTensor, Shape, Tensor } from './types.ts';
export { sizeOf } from './types.ts';
