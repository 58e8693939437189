import { usage } from '../errors.ts';

/**
 * Where a sequence of draws comes from: the seed of the run and the name of the purpose (`'train/noise'`).
 */
export interface Key {
  /** A whole number from 0 to 2⁵³ − 1. */
  readonly seed: number;
  /** The purpose; streams of different names are independent. */
  readonly stream: string;
}

/** Which draws of a key to make: rows of `size` values, one row for each sample, at one step. */
export interface Address {
  /** Step of the chain, an integer from 0 up to 2⁴⁰ − 1. */
  readonly step: number;
  /** Index of the sample in the first row; row i belongs to sample `first + i`. Default 0. */
  readonly first?: number;
  /** Index of the sample in each row; replaces `first`. */
  readonly samples?: Uint32Array;
  /** Number of values in a row. */
  readonly size: number;
}

/**
 * The law drawn from. It is part of the cipher's key, so that normals and uniforms of the same key and
 * address share no bits.
 */
export const laws = { normal: 0, uniform: 1, rademacher: 2, permutation: 3, brownian: 4 } as const;

export type Law = (typeof laws)[keyof typeof laws];

const two32 = 2 ** 32;

/**
 * Names a stream of randomness.
 *
 * @param seed an integer from 0 to 2⁵³ − 1; zero is a seed like any other
 * @param stream any text; streams of different names are independent (up to a 32-bit hash of the name)
 * @throws usage error if the seed is not such an integer
 */
export function key(seed: number, stream: string): Key {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw usage('The seed must be a whole number', { where: 'key', got: seed, expected: '0 to 2^53 - 1' });
  }
  return Object.freeze({ seed, stream });
}

/**
 * The words of the cipher that are common to all rows of an address.
 *
 *     key word 0      seed, bits 0..31
 *     key word 1      seed, bits 32..52 | law << 21 | step, bits 32..39 << 24
 *     counter word 0  block of four values within the row
 *     counter word 1  index of the sample
 *     counter word 2  step, bits 0..31
 *     counter word 3  FNV-1a hash of the stream's name
 *
 * The map from (seed, law, step, sample, block) to these 192 bits is one to one, so no two draws of a stream
 * share bits.
 */
export function cipherWords({ seed, stream }: Key, law: Law, step: number) {
  if (!Number.isInteger(step) || step < 0 || step >= 2 ** 40) {
    throw usage('The step must be a whole number', { where: 'random', got: step, expected: '0 to 2^40 - 1' });
  }
  return {
    key0: seed >>> 0,
    key1: (Math.floor(seed / two32) | (law << 21) | (Math.floor(step / two32) << 24)) >>> 0,
    step: step >>> 0,
    stream: fnv1a(stream),
  };
}

export type CipherWords = ReturnType<typeof cipherWords>;

/** The 32-bit FNV-1a hash of a text, over its UTF-16 code units, low byte first. */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    hash = Math.imul(hash ^ (unit & 0xff), 0x01000193);
    hash = Math.imul(hash ^ (unit >>> 8), 0x01000193);
  }
  return hash >>> 0;
}
