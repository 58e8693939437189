export { opaque, valueAndGrad, vjp } from './autodiff.ts';
export { jacobianTrace, projectedTrace, repeatTimes, type ValueAndTrace } from './jacobian.ts';
export { lazyTensor } from './lazy.ts';
export { linearise, type Pull } from './linearise.ts';
export * from './ops/arithmetic.ts';
export { combine } from './ops/combine.ts';
export * from './ops/convolution.ts';
export * from './ops/linear.ts';
export * from './ops/normalisation.ts';
export * from './ops/reduce.ts';
export * from './ops/resample.ts';
export * from './ops/rows.ts';
export * from './ops/shape.ts';
export type {
  Coefficient,
  DataTensor,
  HostTensor,
  Operand,
  Params,
  PlainParams,
  PlainTensor,
  Shape,
  Tensor,
} from './types.ts';
export { placesOf, sizeOf } from './types.ts';
