import { failure } from '../../errors.ts';
import type { Numbers } from '../table.ts';
import { type OpenFile, readWhole } from './stored.ts';

const PIXELS = 3 * 32 * 32;
const RECORD = PIXELS + 1;

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

/**
 * The images of such files, `[N, 3, 32, 32]`, which are read on demand, and their classes. @throws failure as
 * `readCifar`
 */
export function storedCifar(files: readonly OpenFile[]): { values: Numbers; labels: Uint8Array } {
  for (const { length, path } of files) checkLength(length, path);
  const labels = new Uint8Array(files.reduce((sum, { length }) => sum + length / RECORD, 0));
  const parts: { file: OpenFile; first: number; end: number }[] = [];
  for (const file of files) {
    const first = parts.at(-1)?.end ?? 0;
    parts.push({ file, first, end: first + file.length / RECORD });
    for (let record = 0; record < file.length / RECORD; record++)
      labels[first + record] = checkLabel(readWhole(file, record * RECORD, 1)[0]!, file.path, record);
  }
  const subarray = (from: number, to: number) => {
    const out = new Uint8Array(to - from);
    for (const { file, first, end } of parts) {
      const [low, high] = [Math.max(first, from / PIXELS), Math.min(end, to / PIXELS)];
      if (low >= high) continue;
      const bytes = readWhole(file, (low - first) * RECORD, (high - low) * RECORD);
      for (let i = 0; i < high - low; i++)
        out.set(bytes.subarray(i * RECORD + 1, (i + 1) * RECORD), (low + i) * PIXELS - from);
    }
    return out;
  };
  const close = () => {
    for (const file of files) file.close();
  };
  const values: Numbers = { length: labels.length * PIXELS, subarray, known: 'bytes', close };
  return { values, labels };
}

function checkLength(length: number, where: string): void {
  if (length > 0 && length % RECORD === 0) return;
  throw failure('not a whole number of CIFAR-10 records', {
    where,
    got: `${length} bytes`,
    expected: `a multiple of ${RECORD}`,
  });
}

function checkLabel(label: number, where: string, record: number): number {
  if (label <= 9) return label;
  throw failure('not a CIFAR-10 record', {
    where: `${where}, record ${record + 1}`,
    got: `label ${label}`,
    expected: '0 to 9',
  });
}
