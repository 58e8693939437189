import { failure, usage } from '../../../errors.ts';
import type { Picture } from './picture.ts';

/** Levels of red, green and blue, 0 … 255. */
export type Background = readonly [red: number, green: number, blue: number];

/** The levels of an image. With two or four channels, the last one is alpha. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: Uint8Array;
}

const NAMED: Readonly<Record<string, Background>> = {
  white: [255, 255, 255],
  black: [0, 0, 0],
  grey: [128, 128, 128],
};

/** A colour by name or as #rrggbb. @throws usage for anything else */
export function backgroundOf(colour: string): Background {
  const name = colour.trim().toLowerCase();
  if (Object.hasOwn(NAMED, name)) return NAMED[name]!;
  const hex = /^#?([\da-f]{2})([\da-f]{2})([\da-f]{2})$/.exec(name);
  if (hex) return hex.slice(1).map(part => Number.parseInt(part, 16)) as unknown as Background;
  throw usage('an unknown colour of the background', {
    got: colour,
    expected: `${Object.keys(NAMED).join(', ')} or #rrggbb`,
  });
}

/**
 * An image without its alpha channel: over `background`, each level becomes c·a + b·(1 − a). A grey image
 * over a grey background stays grey. If every pixel is opaque, the channel is only dropped.
 * @throws failure for transparent pixels without a background
 */
export function flatten(pixels: Pixels, where: string, background?: Background): Picture {
  const { width, height, channels, data } = pixels;
  if (channels === 1 || channels === 3) return { width, height, channels, data };
  const colours = channels === 2 ? 1 : 3;
  const opaque = isOpaque(data, channels);
  if (!opaque && !background)
    throw failure('an image with transparent pixels', {
      where,
      remedy: 'Set the colour behind them: --background white',
    });
  const [red, green, blue] = background ?? [0, 0, 0];
  const behind = opaque || (red === green && green === blue) ? colours : 3;
  const out = new Uint8Array(width * height * behind);
  for (let i = 0; i < width * height; i++) {
    const alpha = data[i * channels + colours]! / 255;
    for (let c = 0; c < behind; c++) {
      const level = data[i * channels + Math.min(c, colours - 1)]!;
      out[i * behind + c] = Math.round(level * alpha + [red, green, blue][c]! * (1 - alpha));
    }
  }
  return { width, height, channels: behind, data: out };
}

function isOpaque(data: Uint8Array, channels: number): boolean {
  for (let i = channels - 1; i < data.length; i += channels) if (data[i] !== 255) return false;
  return true;
}
