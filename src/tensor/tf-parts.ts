// The parts of tfjs that this room uses, each from its own file. The whole library would bring its file
// formats, its optimizers and hundreds of operations into every page.
export { KernelBackend } from '@tensorflow/tfjs-core/dist/backends/backend.js';
export {
  enableProdMode,
  engine,
  getBackend,
  memory,
  registerBackend,
  setBackend,
  tidy,
} from '@tensorflow/tfjs-core/dist/globals.js';
export { customGrad } from '@tensorflow/tfjs-core/dist/gradients.js';
export { registerGradient, registerKernel } from '@tensorflow/tfjs-core/dist/kernel_registry.js';
export { abs } from '@tensorflow/tfjs-core/dist/ops/abs.js';
export { add } from '@tensorflow/tfjs-core/dist/ops/add.js';
export { addN } from '@tensorflow/tfjs-core/dist/ops/add_n.js';
export { cast } from '@tensorflow/tfjs-core/dist/ops/cast.js';
export { clone } from '@tensorflow/tfjs-core/dist/ops/clone.js';
export { concat } from '@tensorflow/tfjs-core/dist/ops/concat.js';
export { conv2d } from '@tensorflow/tfjs-core/dist/ops/conv2d.js';
export { conv2dTranspose } from '@tensorflow/tfjs-core/dist/ops/conv2d_transpose.js';
export { cos } from '@tensorflow/tfjs-core/dist/ops/cos.js';
export { div } from '@tensorflow/tfjs-core/dist/ops/div.js';
export { equal } from '@tensorflow/tfjs-core/dist/ops/equal.js';
export { exp } from '@tensorflow/tfjs-core/dist/ops/exp.js';
export { expandDims } from '@tensorflow/tfjs-core/dist/ops/expand_dims.js';
export { greater } from '@tensorflow/tfjs-core/dist/ops/greater.js';
export { greaterEqual } from '@tensorflow/tfjs-core/dist/ops/greater_equal.js';
export { lessEqual } from '@tensorflow/tfjs-core/dist/ops/less_equal.js';
export { log } from '@tensorflow/tfjs-core/dist/ops/log.js';
export { matMul } from '@tensorflow/tfjs-core/dist/ops/mat_mul.js';
export { max } from '@tensorflow/tfjs-core/dist/ops/max.js';
export { maximum } from '@tensorflow/tfjs-core/dist/ops/maximum.js';
export { mean } from '@tensorflow/tfjs-core/dist/ops/mean.js';
export { minimum } from '@tensorflow/tfjs-core/dist/ops/minimum.js';
export { mul } from '@tensorflow/tfjs-core/dist/ops/mul.js';
export { neg } from '@tensorflow/tfjs-core/dist/ops/neg.js';
export { ones } from '@tensorflow/tfjs-core/dist/ops/ones.js';
export { pad } from '@tensorflow/tfjs-core/dist/ops/pad.js';
export { reshape } from '@tensorflow/tfjs-core/dist/ops/reshape.js';
export { rsqrt } from '@tensorflow/tfjs-core/dist/ops/rsqrt.js';
export { scalar } from '@tensorflow/tfjs-core/dist/ops/scalar.js';
export { sigmoid } from '@tensorflow/tfjs-core/dist/ops/sigmoid.js';
export { sin } from '@tensorflow/tfjs-core/dist/ops/sin.js';
export { slice } from '@tensorflow/tfjs-core/dist/ops/slice.js';
export { softmax } from '@tensorflow/tfjs-core/dist/ops/softmax.js';
export { softplus } from '@tensorflow/tfjs-core/dist/ops/softplus.js';
export { split } from '@tensorflow/tfjs-core/dist/ops/split.js';
export { sqrt } from '@tensorflow/tfjs-core/dist/ops/sqrt.js';
export { square } from '@tensorflow/tfjs-core/dist/ops/square.js';
export { sub } from '@tensorflow/tfjs-core/dist/ops/sub.js';
export { sum } from '@tensorflow/tfjs-core/dist/ops/sum.js';
export { tanh } from '@tensorflow/tfjs-core/dist/ops/tanh.js';
export { tensor } from '@tensorflow/tfjs-core/dist/ops/tensor.js';
export { tensor2d } from '@tensorflow/tfjs-core/dist/ops/tensor2d.js';
export { tile } from '@tensorflow/tfjs-core/dist/ops/tile.js';
export { transpose } from '@tensorflow/tfjs-core/dist/ops/transpose.js';
export { where } from '@tensorflow/tfjs-core/dist/ops/where.js';
export { zeros } from '@tensorflow/tfjs-core/dist/ops/zeros.js';
export { zerosLike } from '@tensorflow/tfjs-core/dist/ops/zeros_like.js';
