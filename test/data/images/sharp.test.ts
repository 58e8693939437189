import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readImageFolder } from '../../../src/data/index.ts';

/** What these tests use of sharp: levels in, a file out. */
interface Encoder {
  toColourspace(space: string): Encoder;
  jpeg(options?: object): Encoder;
  webp(options?: object): Encoder;
  gif(): Encoder;
  tiff(options?: object): Encoder;
  png(options?: object): Encoder;
  toBuffer(): Promise<Buffer>;
}
type Sharp = (data: Uint8Array, options: object) => Encoder;

const home = mkdtempSync(join(tmpdir(), 'langevin-sharp-'));
afterAll(() => rmSync(home, { recursive: true }));

const name: string = 'sharp';
const sharp = await import(name).then(
  (loaded: { default: Sharp }) => loaded.default,
  () => undefined,
);
const image = (channels: number, levels: readonly number[]) =>
  sharp!(Uint8Array.from(Array.from({ length: 16 }, () => levels).flat()), {
    raw: { width: 4, height: 4, channels },
  });

const read = async (bytes: Buffer, options = {}) => {
  const folder = mkdtempSync(join(home, 'images-'));
  // The name says PNG, but the content decides.
  writeFileSync(join(folder, 'a.png'), bytes);
  const { shape, values, notes } = await readImageFolder(folder, options);
  return { shape, first: [...values].filter((_, i) => i % 16 === 0), notes };
};

// Needs the package sharp, which is not a dependency: skipped if it is not installed.
describe.skipIf(!sharp)('pictures by sharp', () => {
  test('grey ones stay [H, W] in any format', async () => {
    const grey = () => image(1, [128]).toColourspace('b-w');
    for (const bytes of [await grey().jpeg({ quality: 100 }).toBuffer(), await grey().tiff().toBuffer()])
      expect(await read(bytes)).toEqual({ shape: [4, 4], first: [128], notes: [] });
  });

  test('colours come channel by channel', async () => {
    const colour = () => image(3, [250, 128, 3]);
    const files = [colour().tiff(), colour().webp({ lossless: true }), colour().png(), colour().gif()];
    for (const file of files)
      expect(await read(await file.toBuffer())).toEqual({
        shape: [3, 4, 4],
        first: [250, 128, 3],
        notes: [],
      });
    const { shape, first } = await read(await colour().jpeg({ quality: 100 }).toBuffer());
    expect(shape).toEqual([3, 4, 4]);
    [250, 128, 3].forEach((level, c) => {
      expect(Math.abs(first[c]! - level)).toBeLessThan(4);
    });
  });

  test('transparent ones get the background', async () => {
    const bytes = await image(4, [10, 20, 30, 0]).webp({ lossless: true }).toBuffer();
    await expect(read(bytes)).rejects.toThrow('transparent pixels');
    expect((await read(bytes, { background: '#0a141e' })).first).toEqual([10, 20, 30]);
  });

  test.each([2, 4, 16])('an interlaced PNG of %d colours', async colours => {
    const bytes = await image(3, [250, 128, 3]).png({ palette: true, colours, progressive: true }).toBuffer();
    expect((await read(bytes)).shape).toEqual([3, 4, 4]);
  });
});
