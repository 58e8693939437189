import { failure } from '../../errors.ts';

/** Reads numbers and texts of a pickle one after another, never past its end. */
export interface Cursor {
  at(): number;
  /** Checks a length before it is used. Throws if it reaches past the end. */
  expect(length: number): void;
  byte(): number;
  short(): number;
  uint32(): number;
  int32(): number;
  long(): number;
  double(): number;
  /** A two's complement integer of `length` bytes, low byte first. */
  integer(length: number): number | bigint;
  text(length: number): string;
  /** Text up to the end of the line. */
  line(): string;
}

const MAX_INTEGER = 32;
const MAX_LINE = 1_000;

export function makeCursor(bytes: Uint8Array, where: string, start: number): Cursor {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = start;
  const expect = (length: number) => {
    if (!(Number.isSafeInteger(length) && at + length <= bytes.length))
      throw failure('the pickle is cut short', { where, got: `a length of ${length} at byte ${at}` });
  };
  const take = (length: number) => {
    expect(length);
    at += length;
    return at - length;
  };
  return {
    at: () => at,
    expect,
    byte: () => bytes[take(1)]!,
    short: () => view.getUint16(take(2), true),
    uint32: () => view.getUint32(take(4), true),
    int32: () => view.getInt32(take(4), true),
    long: () => Number(view.getBigUint64(take(8), true)),
    double: () => view.getFloat64(take(8), false),
    integer: length => {
      if (length > MAX_INTEGER)
        throw failure('the pickle has an integer that is too large', { where, got: `${length} bytes` });
      return integer(bytes.subarray(take(length), at));
    },
    text: length => decode(bytes, take(length), length, where),
    line: () => {
      const end = bytes.subarray(at, at + MAX_LINE).indexOf(0x0a);
      if (end < 0) throw failure('a name in the pickle does not end', { where });
      return decode(bytes, take(end + 1), end, where);
    },
  };
}

function integer(bytes: Uint8Array): number | bigint {
  const value = bytes.reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n);
  const signed = BigInt.asIntN(8 * bytes.length, value);
  return Number.isSafeInteger(Number(signed)) ? Number(signed) : signed;
}

function decode(bytes: Uint8Array, from: number, length: number, where: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      bytes.subarray(from, from + length),
    );
  } catch {
    throw failure('a text in the pickle is not UTF-8', { where, got: `at byte ${from}` });
  }
}
