import { usage } from '../errors.ts';
import { type Address, cipherWords, type Key, type Law } from './key.ts';
import { block, boxMuller } from './reference.ts';

export type Rows = Omit<Address, 'size'>;

/** Fills rows of `size` words. */
export function fillWords(out: Uint32Array, key: Key, law: Law, at: Address): void {
  visit(
    out.length,
    key,
    law,
    at,
    ([a, b, c, d], put) => {
      put(0, a);
      put(1, b);
      put(2, c);
      put(3, d);
    },
    out,
  );
}

/** Fills rows of `size` standard normals. */
export function fillNormals(out: Float32Array, key: Key, law: Law, at: Address): void {
  visit(
    out.length,
    key,
    law,
    at,
    ([a, b, c, d], put) => {
      const [z0, z1] = boxMuller(a, b);
      const [z2, z3] = boxMuller(c, d);
      put(0, z0);
      put(1, z1);
      put(2, z2);
      put(3, z3);
    },
    out,
  );
}

function visit(
  length: number,
  key: Key,
  law: Law,
  { step, first = 0, samples, size }: Address,
  each: (words: [number, number, number, number], put: (lane: number, value: number) => void) => void,
  out: { [i: number]: number },
) {
  const rows = length / size;
  if (!Number.isInteger(rows))
    throw usage('The output does not hold whole rows', {
      where: 'random',
      got: length,
      expected: `a multiple of ${size}`,
    });
  const words = cipherWords(key, law, step);
  for (let row = 0; row < rows; row++) {
    const sample = samples ? samples[row]! : first + row;
    for (let index = 0; 4 * index < size; index++) {
      each(block(words, sample >>> 0, index), (lane, value) => {
        const place = 4 * index + lane;
        if (place < size) out[row * size + place] = value;
      });
    }
  }
}
