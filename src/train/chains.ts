import type { ModelChains } from '../objectives/contract.ts';
import { fillNormal, fillUniform, key } from '../random/index.ts';
import { fromHost, reshape, type Shape, sizeOf, type Tensor } from '../tensor/index.ts';
import { pieces } from './flat.ts';
import type { StepArgs, Task } from './gradient.ts';

/** The chains of an objective at the start of training, [batch·D]: N(0, spread²), keyed by the seed. */
export function firstChains(
  { spread }: ModelChains,
  shape: Shape,
  batch: number,
  seed: number,
): Float32Array {
  const data = new Float32Array(batch * sizeOf(shape));
  fillNormal(data, key(seed, 'model/start'), { step: 0, first: 0, size: sizeOf(shape) });
  return data.map(z => spread * z);
}

/** The chains after a training step, under the weights before it. `chains` and the result: [batch·D]. */
export function advanced(
  { layout, shape, batch, seed }: Task,
  { advance }: ModelChains,
  theta: Tensor,
  chains: Tensor,
  { step, x0 }: StepArgs,
): Tensor {
  const [size, full] = [sizeOf(shape), [batch, ...shape]];
  const normals = (stream: string) => {
    const out = new Float32Array(batch * size);
    fillNormal(out, key(seed, stream), { step, first: 0, size });
    return fromHost(out, full);
  };
  const uniforms = (stream: string, of: (u: number) => number) => {
    const out = new Float64Array(batch);
    fillUniform(out, key(seed, stream), { step, first: 0, size: 1 });
    return fromHost(Float32Array.from(out.map(of)), [batch]);
  };
  const samples = advance(pieces(theta, layout), reshape(chains, full), {
    x0: fromHost(x0, full),
    noise: normals('noise'),
    normal: k => normals(`model/normal-${k}`),
    exponential: k => uniforms(`model/exponential-${k}`, u => -Math.log(u)),
    uniform: k => uniforms(`model/uniform-${k}`, u => u),
  });
  return reshape(samples, [batch * size]);
}
