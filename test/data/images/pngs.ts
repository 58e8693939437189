import { crc32, deflateSync } from 'node:zlib';

/**
 * The parts of a PNG: samples of `depth` bits, row by row, with the channels of a pixel next to each other.
 */
export interface PngParts {
  readonly width: number;
  readonly height: number;
  readonly depth: 1 | 2 | 4 | 8 | 16;
  /** 0 grey, 2 colours, 3 palette, 4 grey with alpha, 6 colours with alpha. */
  readonly kind: 0 | 2 | 3 | 4 | 6;
  readonly samples: readonly number[];
  readonly interlaced?: boolean;
  readonly palette?: readonly (readonly number[])[];
  /** The content of tRNS. */
  readonly clear?: readonly number[];
}

export const channelsOf = (kind: PngParts['kind']): number => ({ 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 })[kind];

const chunk = (type: string, data: Uint8Array): Buffer => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
};

/** Adam7: the pass of a pixel by its position in a block of eight by eight. */
const PASS = ['16462646', '77777777', '56565656', '77777777', '36463646', '77777777', '56565656', '77777777'];

/** A PNG according to the standard, with unfiltered rows, bit by bit: slow and simple. */
export function png(parts: PngParts): Uint8Array {
  const { width, height, depth, kind, samples, interlaced = false, palette, clear } = parts;
  const channels = channelsOf(kind);
  const bitsAt = (x: number, y: number) =>
    Array.from({ length: channels }, (_, c) =>
      samples[(y * width + x) * channels + c]!.toString(2).padStart(depth, '0'),
    ).join('');
  const rows: string[] = [];
  for (const pass of interlaced ? '1234567' : '0')
    for (let y = 0; y < height; y++) {
      const places = [...Array(width).keys()].filter(x => pass === '0' || PASS[y % 8]![x % 8] === pass);
      if (places.length > 0) rows.push(places.map(x => bitsAt(x, y)).join(''));
    }
  const bytes = rows.flatMap(row => [
    0,
    ...(row.padEnd(Math.ceil(row.length / 8) * 8, '0').match(/.{8}/g) ?? []).map(b => Number.parseInt(b, 2)),
  ]);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, kind, 0, 0, interlaced ? 1 : 0], 8);
  return Uint8Array.from(
    Buffer.concat([
      Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
      chunk('IHDR', header),
      ...(palette ? [chunk('PLTE', Uint8Array.from(palette.flat()))] : []),
      ...(clear ? [chunk('tRNS', Uint8Array.from(clear))] : []),
      chunk('IDAT', deflateSync(Uint8Array.from(bytes))),
      chunk('IEND', new Uint8Array(0)),
    ]),
  );
}
