import { fillNormal, fillUniform, key } from '../random/index.ts';
import { fromHost, sizeOf } from '../tensor/index.ts';
import type { MovePath } from './contract.ts';

/** The randomness of move `step` for the chains first, first + 1, … */
export function keyedPath(seed: number) {
  const [exponentials, uniforms] = [key(seed, 'chain/exponential'), key(seed, 'chain/uniform')];
  return (shape: readonly number[], step: number, first: number): MovePath => {
    const rows = shape[0]!;
    const each = (stream: typeof uniforms) => {
      const out = new Float64Array(rows);
      fillUniform(out, stream, { step, first, size: 1 });
      return out;
    };
    return {
      normal(k) {
        const out = new Float32Array(sizeOf(shape));
        fillNormal(out, key(seed, `chain/normal-${k}`), { step, first, size: out.length / rows });
        return fromHost(out, shape);
      },
      exponential: () => fromHost(Float32Array.from(each(exponentials).map(u => -Math.log(u))), [rows]),
      uniform: () => fromHost(Float32Array.from(each(uniforms)), [rows]),
    };
  };
}
