import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { encode } from 'fast-png';
import { describe, expect, test } from 'vitest';
import { readPng } from '../../../src/data/formats/images/png.ts';
import { resizeAndCrop } from '../../../src/data/formats/images/resize.ts';
import { openDataset, readImageFolder } from '../../../src/data/index.ts';
import { key } from '../../../src/random/index.ts';
import { inChild } from '../../support/child.ts';

const ramp = (length: number, step = 1) => Uint8Array.from({ length }, (_, i) => (i * step) % 256);
const png = (
  width: number,
  height: number,
  channels: number,
  data: Uint8Array | Uint16Array,
  depth: 8 | 16 = 8,
) => encode({ width, height, channels, data, depth });

const chunk = (type: string, data: Uint8Array): Buffer => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
};
const header = (width: number, height: number, depth: number, kind: number) => {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(width, 0);
  data.writeUInt32BE(height, 4);
  data.set([depth, kind], 8);
  return chunk('IHDR', data);
};
const assemble = (...chunks: readonly Uint8Array[]) =>
  Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...chunks, chunk('IEND', new Uint8Array(0))]);

describe('png', () => {
  const sizes = fc.integer({ min: 1, max: 9 });
  test('grey and colour come back, and an opaque alpha channel is dropped', () => {
    fc.assert(
      fc.property(
        sizes,
        sizes,
        fc.constantFrom(1, 2, 3, 4),
        fc.nat({ max: 99 }),
        (width, height, channels, step) => {
          const alpha = channels % 2 === 0;
          const data = ramp(width * height * channels, step).map((value, i) =>
            alpha && i % channels === channels - 1 ? 255 : value,
          );
          const wanted = data.filter((_, i) => !alpha || i % channels !== channels - 1);
          const picture = readPng(png(width, height, channels, data), 'a.png');
          expect(picture).toEqual({ width, height, channels: channels > 2 ? 3 : 1, data: wanted });
        },
      ),
    );
  });

  test('sixteen bits are rounded to eight', () => {
    expect([...readPng(png(4, 1, 1, Uint16Array.of(0, 128, 129, 65535), 16), 'a').data]).toEqual([
      0, 0, 1, 255,
    ]);
  });

  test.each([1, 2, 4])('%d bits, packed, spread over 0 to 255; a palette becomes its colours', depth => {
    const top = 2 ** depth - 1;
    const levels = Array.from({ length: 3 }, (_, row) =>
      Array.from({ length: 5 }, (_, column) => (row + column) & top),
    );
    const rows = levels.map(row => {
      const bits = row.map(value => value.toString(2).padStart(depth, '0')).join('');
      return Buffer.from([
        0,
        ...(bits.padEnd(Math.ceil(bits.length / 8) * 8, '0').match(/.{8}/g) ?? []).map(byte =>
          parseInt(byte, 2),
        ),
      ]);
    });
    const body = chunk('IDAT', deflateSync(Buffer.concat(rows)));
    const grey = readPng(assemble(header(5, 3, depth, 0), body), 'a');
    expect([...grey.data]).toEqual(levels.flat().map(level => (level * 255) / top));
    const colours = Array.from({ length: top + 1 }, (_, i) => [i, 2 * i, 100 - i]);
    const palette = readPng(
      assemble(header(5, 3, depth, 3), chunk('PLTE', Uint8Array.from(colours.flat())), body),
      'a',
    );
    expect([...palette.data]).toEqual(levels.flat().flatMap(level => colours[level]!));
  });

  const bytes = png(5, 4, 3, ramp(60, 7));

  test('every truncation is refused, and every changed byte gives the image or a clear error', () => {
    for (let length = 0; length < bytes.length; length++)
      expect(() => readPng(bytes.subarray(0, length), 'cut.png')).toThrow(/^cut\.png: /);
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 255 }), (at, value) => {
        const copy = Uint8Array.from(bytes);
        copy[at] = value;
        if (value === bytes[at]) return;
        expect(() => readPng(copy, 'bad.png')).toThrow(/^bad\.png/);
      }),
    );
  });

  test('images made to exhaust memory are refused by their header or while they inflate; profiles are never inflated', () => {
    const bomb = deflateSync(Buffer.alloc(50_000_000));
    expect(() => readPng(assemble(header(2 ** 30, 2 ** 30, 8, 0), chunk('IDAT', bomb)), 'huge')).toThrow(
      'huge: an impossible or too large image; got "1073741824 × 1073741824"',
    );
    const pixels = chunk('IDAT', deflateSync(Buffer.from([0, 1, 2, 0, 3, 4])));
    const profile = chunk('iCCP', Buffer.concat([Buffer.from('p\0\0'), bomb]));
    const at = mkdtempSync(join(tmpdir(), 'langevin-bomb-'));
    const [inPixels, inProfile] = ['pixels.png', 'profile.png'].map(name => join(at, name));
    writeFileSync(inPixels!, assemble(header(2, 2, 8, 0), chunk('IDAT', bomb)));
    writeFileSync(inProfile!, assemble(header(2, 2, 8, 0), profile, pixels));
    const { said, before, peak } = inChild(
      { readPng: 'src/data/formats/images/png.js' },
      `said = readPng(status(${JSON.stringify(inProfile)}), 'a').data.join();
       try { readPng(status(${JSON.stringify(inPixels)}), 'bomb'); } catch (error) { said += error.message; }`,
    );
    expect(said).toMatch(/^1,2,3,4bomb: .*do not inflate to its size/);
    expect(peak - before).toBeLessThan(38);
  });

  test('empty sizes, missing pixels and transparency are refused', () => {
    const pixels = chunk('IDAT', deflateSync(Buffer.from([0, 1])));
    expect(() => readPng(assemble(header(0, 2, 8, 0), pixels), 'a')).toThrow('impossible or too large');
    expect(() => readPng(assemble(header(2, 2, 8, 0), pixels), 'a')).toThrow('a: a damaged PNG');
    expect(() => readPng(assemble(pixels), 'a')).toThrow('does not begin with one header');
    expect(() => readPng(png(1, 1, 4, Uint8Array.of(1, 2, 3, 254)), 'a')).toThrow('transparent pixels');
  });
});

describe('resizing', () => {
  const picture = (width: number, height: number, data: Uint8Array, channels: 1 | 3 = 1) => ({
    width,
    height,
    channels,
    data,
  });

  test('an image of the right size is unchanged, and a constant image stays constant at any size', () => {
    const own = picture(3, 3, ramp(9));
    expect(resizeAndCrop(own, 3)).toBe(own);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 20 }),
        fc.nat({ max: 255 }),
        (width, height, side, level) => {
          const { data } = resizeAndCrop(
            picture(width, height, new Uint8Array(3 * width * height).fill(level), 3),
            side,
          );
          expect([...data]).toEqual(Array(3 * side * side).fill(level));
        },
      ),
    );
  });

  test('halving gives the four middle pixels of each axis the weights 1, 3, 3, 1, and a ramp stays a ramp', () => {
    const row = Uint8Array.of(0, 0, 0, 80, 0, 0, 0, 0);
    const data = Uint8Array.from({ length: 64 }, (_, i) => row[i % 8]!);
    // The new pixel 1 is centred between the old pixels 2 and 3, with weights 1, 3, 3, 1 over the old pixels
    // 1 … 4. The new pixel 2 has the old pixel 3 at its edge.
    expect([...resizeAndCrop(picture(8, 8, data), 4).data.subarray(0, 4)]).toEqual([0, 30, 10, 0]);
    const slope = Uint8Array.from({ length: 400 }, (_, i) => 10 * (i % 20));
    const { data: half } = resizeAndCrop(picture(20, 20, slope), 10);
    expect([...half.subarray(1, 9)]).toEqual(Array.from({ length: 8 }, (_, i) => 20 * (i + 1) + 5));
  });

  test('the middle of a long image is kept', () => {
    const data = Uint8Array.from({ length: 15 }, (_, i) => [9, 1, 2, 3, 7][i % 5]!);
    expect([...resizeAndCrop(picture(5, 3, data), 3).data.subarray(0, 3)]).toEqual([1, 2, 3]);
  });
});

const folder = (files: Record<string, Uint8Array>): string => {
  const path = mkdtempSync(join(tmpdir(), 'images-'));
  for (const [name, bytes] of Object.entries(files)) {
    mkdirSync(join(path, name, '..'), { recursive: true });
    writeFileSync(join(path, name), bytes);
  }
  return path;
};

describe('folders of images', () => {
  test('are read in the order of their paths, grey as [H, W], colour channel first', async () => {
    const grey = await readImageFolder(
      folder({
        'b.png': png(3, 2, 1, ramp(6)),
        'a/z.PNG': png(3, 2, 1, ramp(6, 2)),
        '.hidden.png': ramp(3),
        'x.txt': ramp(3),
      }),
    );
    expect([grey.count, grey.shape, [...grey.values]]).toEqual([2, [2, 3], [...ramp(6, 2), ...ramp(6)]]);
    const colour = await readImageFolder(folder({ 'a.png': png(2, 1, 3, ramp(6)) }));
    expect([colour.shape, [...colour.values]]).toEqual([
      [3, 1, 2],
      [0, 3, 1, 4, 2, 5],
    ]);
  });

  test('grey images among colours become colours, with a note', async () => {
    const table = await readImageFolder(
      folder({ 'a.png': png(1, 1, 1, Uint8Array.of(7)), 'b.png': png(1, 1, 3, ramp(3)) }),
    );
    expect([...table.values]).toEqual([7, 7, 7, 0, 1, 2]);
    expect(table.notes).toEqual(['1 grey images among 2 were converted to colour']);
  });

  test('mixed sizes are refused by name, or scaled to one size', async () => {
    const path = folder({ 'a.png': png(4, 4, 1, ramp(16)), 'b.png': png(4, 5, 1, ramp(20)) });
    await expect(openDataset(path)).rejects.toThrow(
      /b\.png: images of different sizes; got "4 × 5"; expected 4 × 4, as .*a\.png/,
    );
    expect((await openDataset(path, { size: 2 })).shape).toEqual([2, 2]);
  });

  test('are read as 256 levels in [−1, 1]', async () => {
    const data = await openDataset(folder({ 'a.png': png(2, 2, 1, Uint8Array.of(0, 255, 100, 7)) }), {
      testFraction: 0,
    });
    expect(data.transform.bins).toBe(true);
    expect([...data.all!().data]).toEqual([0, 255, 100, 7]);
    const z = new Float32Array(4);
    data.batch(z, key(1, 'test'), 0, 1);
    expect(
      z.every(
        (value, i) => value >= [0, 255, 100, 7][i]! / 128 - 1 && value <= [1, 256, 101, 8][i]! / 128 - 1,
      ),
    ).toBe(true);
  });

  test('a folder that is missing, empty or has a damaged image is refused', async () => {
    const whole = png(2, 2, 1, ramp(4));
    await expect(openDataset(folder({ 'a.png': whole, 'b.png': whole.subarray(0, 30) }))).rejects.toThrow(
      /b\.png: the PNG is cut short/,
    );
    await expect(openDataset(folder({ 'a.txt': Buffer.from('text') }))).rejects.toThrow(
      'no images in the folder',
    );
    await expect(openDataset('./no/such/folder')).rejects.toThrow('no such file');
    await expect(readImageFolder(folder({ 'a.png': whole }), { maxBytes: 10 })).rejects.toThrow(
      'more images than fit into the memory limit',
    );
  });
});

describe('CIFAR-10 as a folder', () => {
  const record = (label: number, level: number) =>
    Buffer.concat([Buffer.of(label), Buffer.alloc(3072, level)]);
  test('gives the training batches in order, without the test batch', async () => {
    const path = folder({
      'data_batch_2.bin': record(1, 20),
      'data_batch_1.bin': record(2, 10),
      'test_batch.bin': record(3, 30),
      'readme.html': ramp(4),
    });
    const data = await openDataset(path, { part: 'all' });
    expect([data.count, data.shape]).toEqual([2, [3, 32, 32]]);
    const { data: x } = data.all!();
    expect([x[0], x[3072]]).toEqual([10, 20]);
  });
});

describe('flips', () => {
  test('mirror each image with probability ½, each row of pixels left to right, in batches only', async () => {
    const path = folder(
      Object.fromEntries(Array.from({ length: 400 }, (_, n) => [`${n}.png`, png(3, 2, 1, ramp(6, 20))])),
    );
    const flipped = await openDataset(path, { flips: true, dequantize: false, scaling: 'none' });
    const rows = new Float32Array(400 * 6);
    flipped.batch(rows, key(3, 'test'), 0, 400);
    const images = Array.from({ length: 400 }, (_, n) => [...rows.subarray(6 * n, 6 * n + 6)].join());
    const [straight, turned] = ['0,20,40,60,80,100', '40,20,0,100,80,60'];
    expect(images.every(image => image === straight || image === turned)).toBe(true);
    const share = images.filter(image => image === turned).length / 400;
    expect(Math.abs(share - 0.5)).toBeLessThan(0.1);
    const again = new Float32Array(400 * 6);
    flipped.batch(again, key(3, 'test'), 0, 400);
    expect(again).toEqual(rows);
    flipped.batch(again, key(3, 'test'), 1, 400);
    expect(again).not.toEqual(rows);
    flipped.read(
      again,
      key(3, 'test'),
      Uint32Array.from({ length: 400 }, (_, i) => i),
    );
    expect([...again].join()).toBe(Array(400).fill(straight).join());
  });

  test('are refused for a toy', async () => {
    await expect(openDataset('moons', { flips: true })).rejects.toThrow('takes no flips');
  });
});
