import { failure } from '../errors.ts';

const PIXELS = 3 * 32 * 32;

/** CIFAR-10 images `[N, 3, 32, 32]` (channel, row, column; 0 … 255) and their classes, 0 … 9. */
export interface Cifar {
  readonly data: Uint8Array;
  readonly shape: readonly [number, 3, 32, 32];
  readonly labels: Uint8Array;
}

/**
 * Reads batches of CIFAR-10's binary version: records of one label byte and 3,072 pixels, one file after another.
 * @throws failure naming the file if it is not a whole number of records, or a label is not 0 … 9
 */
export function readCifar(files: readonly { readonly bytes: Uint8Array; readonly where: string }[]): Cifar {
  for (const { bytes, where } of files)
    if (bytes.length === 0 || bytes.length % (PIXELS + 1) !== 0)
      throw failure('not a whole number of CIFAR-10 records', {
        where,
        got: `${bytes.length} bytes`,
        expected: `a multiple of ${PIXELS + 1}`,
      });
  const count = files.reduce((sum, { bytes }) => sum + bytes.length / (PIXELS + 1), 0);
  const data = new Uint8Array(count * PIXELS);
  const labels = new Uint8Array(count);
  let record = 0;
  for (const { bytes, where } of files) {
    for (let at = 0; at < bytes.length; at += PIXELS + 1, record++) {
      const label = bytes[at]!;
      if (label > 9)
        throw failure('not a CIFAR-10 record', {
          where: `${where}, record ${at / (PIXELS + 1) + 1}`,
          got: `label ${label}`,
          expected: '0 to 9',
        });
      labels[record] = label;
      data.set(bytes.subarray(at + 1, at + 1 + PIXELS), record * PIXELS);
    }
  }
  return { data, shape: [count, 3, 32, 32], labels };
}
