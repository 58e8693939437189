/**
 * Converts 16-bit floats to and from float32. Both directions are exact for values that exist in both
 * formats.
 */

/** One number as a float32 and as its bits. It keeps nothing between calls. */
const real = new Float32Array(1);
const bitsOf = new Uint32Array(real.buffer);

function word(value: number): number {
  real[0] = value;
  return bitsOf[0]!;
}

/** IEEE 754 binary16 (1 sign, 5 exponent, 10 fraction bits) to a number. */
export function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** A number to binary16, to nearest, ties to even. */
export function toHalf(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (Number.isNaN(value)) return 0x7e00;
  if (size >= 65520) return sign | 0x7c00;
  if (size < 2 ** -24 / 2) return sign;
  const exponent = Math.max(-14, Math.floor(Math.log2(size)));
  // A count of units in the last place. A carry into the next power of two reaches the exponent field by
  // itself.
  const units = roundToEven((size / 2 ** exponent) * 1024);
  return sign | (((exponent + 14) << 10) + units);
}

/** bfloat16 (the upper half of a float32) to a number. */
export function fromBrain(bits: number): number {
  bitsOf[0] = bits << 16;
  return real[0]!;
}

/** A number to bfloat16, to nearest, ties to even. */
export function toBrain(value: number): number {
  const bits = word(value);
  if (Number.isNaN(value)) return 0x7fc0;
  return ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) & 0xffff;
}

function roundToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}
