import { usage } from '../../../errors.ts';
import { type DataTensor, type HostTensor, sizeOf } from '../../../tensor/index.ts';
import type { Run } from '../../run.ts';
import { decode, encode } from '../latents.ts';
import type { UseOptions } from '../options.ts';

/** Where and how many samples lie between two. */
export interface InterpolateOptions extends UseOptions {
  /** Samples on the way, both ends among them: 2 or more. Default 9. */
  readonly count?: number;
}

/**
 * Samples on the way from the first row of x [2, ...D] to the second, in the units of the data: both are
 * encoded, the latents between them lie on the great circle, sin((1 − u)ω)·a/sin ω + sin(uω)·b/sin ω (slerp),
 * and are decoded. A straight line would leave the shell on which latents lie.
 * @throws usage for rows that do not fit, and for fewer than two samples
 */
export async function interpolate(
  run: Run,
  x: HostTensor,
  { count = 9, ...options }: InterpolateOptions = {},
): Promise<DataTensor> {
  if (x.shape[0] !== 2)
    throw usage('Two rows are needed to go from one to the other', { got: `${x.shape[0]} rows` });
  if (!(Number.isInteger(count) && count > 1))
    throw usage('The number of samples is out of range', {
      where: 'count',
      got: count,
      expected: '2 or more',
    });
  const { data: z, shape } = await encode(run, x, options);
  const size = sizeOf(shape.slice(1));
  const [a, b] = [z.subarray(0, size), z.subarray(size)];
  const cosine = dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  const angle = Math.acos(Math.max(-1, Math.min(1, cosine)));
  const latents = new Float32Array(count * size);
  for (let k = 0; k < count; k++) {
    const u = k / (count - 1);
    // Parallel latents have no circle between them, but a line.
    const [p, q] =
      Math.sin(angle) < 1e-6
        ? [1 - u, u]
        : [Math.sin((1 - u) * angle) / Math.sin(angle), Math.sin(u * angle) / Math.sin(angle)];
    for (let d = 0; d < size; d++) latents[k * size + d] = p * a[d]! + q * b[d]!;
  }
  return decode(run, { data: latents, shape: [count, ...shape.slice(1)] }, options);
}

const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, d) => sum + value * b[d]!, 0);
