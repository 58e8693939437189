import { type Address, type CipherWords, cipherWords, type Key, type Law } from '../../src/random/key.ts';

/*
 * The generator in plain TypeScript: what the kernel must reproduce bit for bit. Every operation on reals is
 * rounded to float32, which for + − × and √ of float32 arguments equals the single-precision instruction.
 */
const { fround, sqrt, imul } = Math;
const bits = new Uint32Array(1);
const real = new Float32Array(bits.buffer);

/** High and low word of the 64-bit product of two words. */
function multiply(a: number, b: number): [number, number] {
  const low = a & 0xffff;
  const high = a >>> 16;
  const cross = high * (b & 0xffff) + ((low * (b & 0xffff)) >>> 16);
  const middle = low * (b >>> 16) + (cross % 0x10000);
  return [
    (high * (b >>> 16) + Math.floor(cross / 0x10000) + Math.floor(middle / 0x10000)) >>> 0,
    imul(a, b) >>> 0,
  ];
}

/** Philox4x32-10: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011. */
export function philox(counter: readonly number[], key: readonly number[]): [number, number, number, number] {
  let [c0 = 0, c1 = 0, c2 = 0, c3 = 0] = counter;
  let [k0 = 0, k1 = 0] = key;
  for (let round = 0; round < 10; round++) {
    const [high0, low0] = multiply(0xd2511f53, c0);
    const [high1, low1] = multiply(0xcd9e8d57, c2);
    [c0, c1, c2, c3] = [(high1 ^ c1 ^ k0) >>> 0, low1, (high0 ^ c3 ^ k1) >>> 0, low0];
    k0 = (k0 + 0x9e3779b9) >>> 0;
    k1 = (k1 + 0xbb67ae85) >>> 0;
  }
  return [c0, c1, c2, c3];
}

/** The four words of one block of a row. */
export const block = (words: CipherWords, sample: number, index: number) =>
  philox([index, sample, words.step, words.stream], [words.key0, words.key1]);

const polynomial = (coefficients: readonly number[]) => {
  const rounded = coefficients.map(fround);
  return (x: number) => rounded.reduceRight((sum, c) => fround(fround(sum * x) + c), 0);
};

const logTail = polynomial([
  -0.6666781902313232, 0.5000267624855042, -0.3992612659931183, 0.3315517008304596, -0.29829537868499756,
  0.2853497266769409, -0.17400860786437988,
]);
const sine = polynomial([
  0.7853981852531433, -0.08074543625116348, 0.00249000103212893, -3.59504520019982e-5,
]);
const cosine = polynomial([1, -0.3084244132041931, 0.01585020124912262, -0.00031902003684081137]);

/** −2 ln 2 in two parts; the first has few enough bits for exact products with the exponent. */
const [turn, turnRest] = [-1.38629150390625, fround(-2.857213530660374e-6)];

/** −2 ln u for the uniform u = (⌊word/2⌋ + ½)/2³¹, rounded to float32. */
function minusTwoLog(word: number): number {
  real[0] = fround(fround(word >>> 1) + 0.5);
  const shifted = (bits[0]! - 0x3f3504f3 - (31 << 23)) | 0;
  const exponent = shifted >> 23;
  bits[0] = (shifted & 0x7fffff) + 0x3f3504f3;
  const f = fround(real[0]! - 1);
  const square = fround(f * f);
  const tail = fround(fround(fround(square * f) * logTail(f)) + fround(square + fround(exponent * turnRest)));
  return fround(fround(tail - fround(f + f)) + fround(exponent * turn));
}

/** Two independent normals of two words by Box and Muller: radius from the first, angle from the second. */
export function boxMuller(radiusWord: number, angleWord: number): [number, number] {
  const radius = fround(sqrt(minusTwoLog(radiusWord)));
  const signed = angleWord >>> 31 ? -radius : radius;
  const t = fround(fround(angleWord << 2) * 2 ** -31);
  const square = fround(t * t);
  const sin = fround(t * sine(square));
  const cos = cosine(square);
  return (angleWord >>> 30) & 1
    ? [fround(signed * sin), fround(signed * cos)]
    : [fround(signed * cos), fround(signed * sin)];
}

/** Rows of raw words or of normals, block by block. */
export function fillPlainly(
  out: Float32Array | Uint32Array,
  key: Key,
  law: Law,
  { step, first = 0, samples, size }: Address,
): void {
  const words = cipherWords(key, law, step);
  for (let row = 0; row * size < out.length; row++) {
    for (let index = 0; 4 * index < size; index++) {
      const [a, b, c, d] = block(words, samples?.[row] ?? first + row, index);
      const four = out instanceof Uint32Array ? [a, b, c, d] : [...boxMuller(a, b), ...boxMuller(c, d)];
      out.set(four.slice(0, size - 4 * index), row * size + 4 * index);
    }
  }
}
