import type { Numbers } from '../table.ts';
import { checkLabel, checkLength, PIXELS, RECORD } from './cifar.ts';
import { type OpenFile, readWhole } from './stored.ts';

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
