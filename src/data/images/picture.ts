/** An image of 8-bit levels, row by row, the channels of a pixel side by side: grey (1) or red, green, blue (3). */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly data: Uint8Array;
}

/** Most pixels of one image: 8192². */
export const MAX_PIXELS = 2 ** 26;

/** Grey as red, green and blue. */
export const coloured = (picture: Picture): Picture =>
  picture.channels === 3
    ? picture
    : {
        ...picture,
        channels: 3,
        data: Uint8Array.from(
          { length: 3 * picture.data.length },
          (_, i) => picture.data[Math.floor(i / 3)]!,
        ),
      };
