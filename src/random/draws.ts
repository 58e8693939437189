import { fillNormals, fillWords } from './kernel.ts';
import { type Address, type Key, laws } from './key.ts';

/**
 * Fills `out` (`[n, size]`, row-major) with independent standard normals.
 *
 * Row i belongs to sample `at.samples[i]`, or `at.first + i`. A value depends only on the seed, the stream,
 * the sample, the step and its place in the row: not on the number of rows, their order or the machine.
 */
export function fillNormal(out: Float32Array, key: Key, at: Address): void {
  fillNormals(out, key, laws.normal, at);
}

/**
 * Fills `out` (`[n, size]`) with independent uniforms in the open interval (0, 1), addressed as in {@link
 * fillNormal}.
 *
 * They are `(k + ½)/2³²` in a Float64Array. In a Float32Array they are cut to `(k + ½)/2²³`, because more
 * bits could round to 1.
 */
export function fillUniform(out: Float64Array | Float32Array, key: Key, at: Address): void {
  const words = new Uint32Array(out.length);
  fillWords(words, key, laws.uniform, at);
  const [shift, scale] = out instanceof Float64Array ? [0, 2 ** -32] : [9, 2 ** -23];
  for (let i = 0; i < words.length; i++) out[i] = ((words[i]! >>> shift) + 0.5) * scale;
}

/**
 * Fills `out` (`[n, size]`) with independent signs, −1 or 1 with probability ½, addressed as in {@link
 * fillNormal}.
 */
export function fillRademacher(out: Float32Array, key: Key, at: Address): void {
  const { size } = at;
  const rows = out.length / size;
  const width = Math.ceil(size / 32);
  const words = new Uint32Array(rows * width);
  fillWords(words, key, laws.rademacher, { ...at, size: width });
  for (let row = 0; row < rows; row++) {
    for (let j = 0; j < size; j++) {
      const word = words[row * width + (j >>> 5)]!;
      out[row * size + j] = 1 - 2 * ((word >>> (j & 31)) & 1);
    }
  }
}
