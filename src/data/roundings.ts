/**
 * What a number becomes where a table is saved again with fewer digits. A rounding maps numbers to cells, and
 * keeps their order. The cell of a number then says which numbers it may be a copy of.
 */
export interface Rounding {
  /** The cell of a number, named by one of its numbers. */
  of(x: number): number;
  /** Whether a number has so few digits that it may be a rounded copy. */
  isCopy(x: number): boolean;
  /** The cells, one or two, of the numbers that a copy x may come from. */
  origins(x: number): readonly number[];
  /** Whether a copy is the name of its cell, and no other copy is in it. */
  readonly alone: boolean;
}

/** Digits in which float32 is written. With nine each can be read back; most need fewer. */
const FLOAT32_DIGITS = [9, 8, 7, 6];

/** float32: a copy is the number rounded once more, whether it is written exactly or in few digits. */
const float32: Rounding = {
  of: Math.fround,
  isCopy(x) {
    const copy = Math.fround(x);
    return Object.is(copy, x) || FLOAT32_DIGITS.some(digits => Number(copy.toPrecision(digits)) === x);
  },
  origins: x => [Math.fround(x)],
  alone: true,
};

/** Digits that text of float32 is often cut to. */
const SHORT_DIGITS = 7;
/** The largest relative error of a number rounded to float32 and then to seven digits. */
const SHORT_ERROR = 5e-7 + 2 ** -24;

/**
 * Seven digits. Rounding twice may end beside the number rounded once, so the cells are much wider than the
 * error: a copy near the border of two cells may come from either.
 */
const short: Rounding = {
  of: coarse,
  isCopy: x => isShort(x),
  origins(x) {
    const [low, high] = [coarse(x * (1 - SHORT_ERROR)), coarse(x * (1 + SHORT_ERROR))];
    return Object.is(low, high) ? [low] : [low, high];
  },
  alone: false,
};

/** The roundings by which rows are recognised, from the finest. */
export const roundings: readonly Rounding[] = Object.freeze([float32, short]);

/** Whether a number has at most seven significant digits. A missing value has none. */
function isShort(x: number): boolean {
  if (x === 0 || Number.isNaN(x)) return true;
  const places = SHORT_DIGITS - 1 - Math.floor(Math.log10(Math.abs(x)));
  const power = 10 ** Math.abs(places);
  return places > 0 ? Math.round(x * power) / power === x : Math.round(x / power) * power === x;
}

/** Bits of the fraction of a float32 beyond the 14 that a cell keeps. */
const DROPPED = 9;
const single = new Float32Array(1);
const bits = new Uint32Array(single.buffer);

/** The nearest number with 14 bits after its leading one. */
function coarse(x: number): number {
  single[0] = x;
  bits[0] = ((bits[0]! + 2 ** (DROPPED - 1)) & -(2 ** DROPPED)) >>> 0;
  return single[0]!;
}
