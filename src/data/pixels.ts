import { blocks, type Numbers, type Table } from './table.ts';

/** Possible numbers of channels of an image: grey or colour, each with or without alpha. */
const CHANNELS = [1, 2, 3, 4];

/** Largest 16-bit level. Larger numbers are not pixel levels. */
const MOST_LEVELS = 2 ** 16;

/** A remark on rows that look like images with channels last, `[H, W, 3]`. Networks take channels first. */
export function channelsLast({ shape }: Pick<Table, 'shape'>): string[] {
  const [first, , last] = shape;
  if (shape.length !== 3 || !CHANNELS.includes(last!) || CHANNELS.includes(first!)) return [];
  const mend = last === 1 ? 'numpy.squeeze(x, -1)' : 'numpy.moveaxis(x, -1, 1)';
  return [
    `rows of shape [${shape.join(', ')}] look like images with their channels last, and networks take them first: ` +
      `write ${mend} instead`,
  ];
}

/** How to read an array with constant positions as images, judged by its values. */
export function pixelRemedy(table: Table<Numbers>): string | undefined {
  let [whole, least, most] = [true, Infinity, -Infinity];
  for (const { values } of blocks(table))
    for (const value of values) {
      whole &&= Number.isInteger(value);
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
  if (least < 0) return undefined;
  if (whole && most < MOST_LEVELS) {
    const levels = most > 16 && most < 256 ? 256 : most + 1;
    return `If they are pixels, say how many levels they have: --levels ${levels}`;
  }
  return most <= 1
    ? 'If they are pixels, write them as whole numbers, numpy.rint(255 * x), and use --levels 256'
    : undefined;
}
