import { blocks, type Numbers, type Table } from './table.ts';

/** As many channels as an image may have: grey, colours, either with alpha. */
const CHANNELS = [1, 2, 3, 4];

/** Those of sixteen bits; larger numbers count something else. */
const MOST_LEVELS = 2 ** 16;

/** A remark on rows that look like images with their channels last, `[H, W, 3]`; networks take them first. */
export function channelsLast({ shape }: Pick<Table, 'shape'>): string[] {
  const [first, , last] = shape;
  if (shape.length !== 3 || !CHANNELS.includes(last!) || CHANNELS.includes(first!)) return [];
  const mend = last === 1 ? 'numpy.squeeze(x, -1)' : 'numpy.moveaxis(x, -1, 1)';
  return [
    `rows of shape [${shape.join(', ')}] look like images with their channels last, and networks take them first: ` +
      `write ${mend} instead`,
  ];
}

/** How an array whose values never change in places is read as pictures, by what its values are. */
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
