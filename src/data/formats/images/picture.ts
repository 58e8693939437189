/**
 * An image of 8-bit levels, row by row, with the channels of a pixel next to each other: grey (1) or red,
 * green, blue (3).
 */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly data: Uint8Array;
}

/** The largest number of pixels of one image: 8192². */
export const MAX_PIXELS = 2 ** 26;

/** Images of one size, by number. */
export interface Pictures {
  /** The folder, for errors. */
  readonly where: string;
  readonly count: number;
  read(i: number): Promise<Picture>;
}

/**
 * An image as planes, channel by channel. A grey image is `[H, W]`, or `[3, H, W]` with three equal planes
 * for `colour`.
 */
export function planes({ data, width, height, channels }: Picture, colour: boolean): Uint8Array {
  const area = width * height;
  const out = new Uint8Array((colour ? 3 : 1) * area);
  for (let i = 0; i < area; i++)
    for (let c = 0; c * area < out.length; c++) out[c * area + i] = data[i * channels + (c % channels)]!;
  return out;
}

/** The shape of a row of such planes, and notes for the user. */
export const described = ({ width, height }: Picture, colour: boolean, grey: number, count: number) => ({
  shape: colour ? [3, height, width] : [height, width],
  notes: colour && grey > 0 ? [`${grey} grey images among ${count} were converted to colour`] : [],
});
