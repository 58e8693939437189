import { failure } from '../../../errors.ts';
import type { Chunk } from './png-chunks.ts';
import type { PngHeader } from './png-header.ts';
import type { Samples } from './png-samples.ts';
import type { Pixels } from './transparency.ts';

/**
 * Samples as levels 0 … 255. A palette becomes its colours, and a transparent colour (tRNS) becomes an alpha
 * channel.
 */
export function colours(
  header: PngHeader,
  samples: Samples,
  chunks: readonly Chunk[],
  where: string,
): Pixels {
  const dataOf = (type: string) => chunks.find(chunk => chunk.type === type)?.data;
  const clear = dataOf('tRNS');
  if (header.kind === 3) return ofPalette(header, samples, dataOf('PLTE'), clear, where);
  const { width, height, channels } = header;
  const data = levels(samples, header.depth);
  if (!clear || channels % 2 === 0) return { width, height, channels, data };
  if (clear.length !== 2 * channels)
    throw failure('a damaged PNG: its transparent colour is of another kind', { where });
  return { width, height, channels: channels + 1, data: withKey(data, samples, clear, channels) };
}

/** L levels spread evenly over 0 … 255. */
function levels(samples: Samples, depth: number): Uint8Array {
  if (depth === 8) return samples as Uint8Array;
  const top = 2 ** depth - 1;
  const out = new Uint8Array(samples.length);
  for (let i = 0; i < out.length; i++) out[i] = Math.round((samples[i]! * 255) / top);
  return out;
}

/** Adds an alpha channel: 0 for pixels of the transparent colour, 255 for all others. */
function withKey(data: Uint8Array, samples: Samples, clear: Uint8Array, channels: number): Uint8Array {
  const view = new DataView(clear.buffer, clear.byteOffset, clear.byteLength);
  const key = Array.from({ length: channels }, (_, c) => view.getUint16(2 * c));
  const area = data.length / channels;
  const out = new Uint8Array(area * (channels + 1));
  for (let i = 0; i < area; i++) {
    for (let c = 0; c < channels; c++) out[i * (channels + 1) + c] = data[i * channels + c]!;
    out[i * (channels + 1) + channels] = key.every((value, c) => samples[i * channels + c] === value)
      ? 0
      : 255;
  }
  return out;
}

function ofPalette(
  { width, height }: PngHeader,
  samples: Samples,
  palette: Uint8Array | undefined,
  alphas: Uint8Array | undefined,
  where: string,
): Pixels {
  if (!palette || palette.length % 3 !== 0) throw failure('a damaged PNG: no palette', { where });
  const channels = alphas ? 4 : 3;
  const data = new Uint8Array(samples.length * channels);
  for (let i = 0; i < samples.length; i++) {
    const entry = samples[i]!;
    if (3 * entry >= palette.length)
      throw failure('a damaged PNG: a colour past its palette', { where, got: entry });
    for (let c = 0; c < 3; c++) data[i * channels + c] = palette[3 * entry + c]!;
    if (alphas) data[i * channels + 3] = alphas[entry] ?? 255;
  }
  return { width, height, channels, data };
}
