import { failure } from '../../errors.ts';

/** The pixels of a picture. */
export const PIXELS = 3 * 32 * 32;
/** The bytes of a record: a label and the pixels. */
export const RECORD = PIXELS + 1;

/** CIFAR-10 images `[N, 3, 32, 32]` (channel, row, column; 0 … 255) and their classes, 0 … 9. */
export interface Cifar {
  readonly data: Uint8Array;
  readonly shape: readonly [number, 3, 32, 32];
  readonly labels: Uint8Array;
}

/**
 * Reads batches of CIFAR-10's binary version, one file after another. A record is one label byte and 3,072
 * pixels.
 * @throws failure naming the file if it is not a whole number of records, or if a label is not 0 … 9
 */
export function readCifar(files: readonly { readonly bytes: Uint8Array; readonly where: string }[]): Cifar {
  for (const { bytes, where } of files) checkLength(bytes.length, where);
  const count = files.reduce((sum, { bytes }) => sum + bytes.length / RECORD, 0);
  const data = new Uint8Array(count * PIXELS);
  const labels = new Uint8Array(count);
  let record = 0;
  for (const { bytes, where } of files) {
    for (let at = 0; at < bytes.length; at += RECORD, record++) {
      labels[record] = checkLabel(bytes[at]!, where, at / RECORD);
      data.set(bytes.subarray(at + 1, at + RECORD), record * PIXELS);
    }
  }
  return { data, shape: [count, 3, 32, 32], labels };
}

/** @throws failure unless it is a whole number of records */
export function checkLength(length: number, where: string): void {
  if (length > 0 && length % RECORD === 0) return;
  throw failure('not a whole number of CIFAR-10 records', {
    where,
    got: `${length} bytes`,
    expected: `a multiple of ${RECORD}`,
  });
}

/** @throws failure unless the label is 0 … 9 */
export function checkLabel(label: number, where: string, record: number): number {
  if (label <= 9) return label;
  throw failure('not a CIFAR-10 record', {
    where: `${where}, record ${record + 1}`,
    got: `label ${label}`,
    expected: '0 to 9',
  });
}
