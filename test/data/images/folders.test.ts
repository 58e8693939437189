import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { listPictures } from '../../../src/data/formats/images/listing.ts';
import { readable } from '../../../src/data/formats/images/readable.ts';
import { sharpReader } from '../../../src/data/formats/images/sharp.ts';
import { openDataset, readImageFolder } from '../../../src/data/index.ts';
import { png } from './pngs.ts';

const home = mkdtempSync(join(tmpdir(), 'langevin-folders-'));
afterAll(() => rmSync(home, { recursive: true }));

const folder = (files: Readonly<Record<string, Uint8Array | string>>): string => {
  const path = mkdtempSync(join(home, 'images-'));
  for (const [name, bytes] of Object.entries(files)) {
    mkdirSync(join(path, dirname(name)), { recursive: true });
    writeFileSync(join(path, name), bytes);
  }
  return path;
};
const grey = (level: number) => png({ width: 1, height: 1, depth: 8, kind: 0, samples: [level] });
const latin = (text: string) => Buffer.from(text, 'latin1');
/** Files of which only the start matters: without sharp none of them is decoded. */
const PICTURES = {
  'a.webp': latin('RIFF\x24\0\0\0WEBPVP8 '),
  'b.gif': latin('GIF89a\x01\0\x01\0'),
  'c.tif': latin('II*\0\x08\0\0\0'),
  'd.jpg': latin('\xff\xd8\xff\xe0\0\x10JFIF\0'),
};
const bmp = latin('BM\x46\0\0\0\0\0\0\0\x36\0\0\0');
const many = Object.fromEntries(Array.from({ length: 5 }, (_, i) => [`${i}.png`, grey(i)]));

/** Behaves as if the package were not installed. */
const absent = () => Promise.reject(new Error('not found'));
const look = async (path: string) => readable(await listPictures(path), path, absent);

describe('no file is skipped silently', () => {
  test('pictures that need sharp are counted if it is not installed, and so are files that are not pictures', async () => {
    const path = folder({
      ...many,
      ...PICTURES,
      'e.bmp': bmp,
      'x.txt': 'hello',
      'y.txt': 'hello',
      README: 'hi',
    });
    const { files, notes } = await look(path);
    expect(files.map(file => file.path)).toEqual(Object.keys(many));
    expect(notes).toEqual([
      'left out: 1 WebP picture, 1 GIF picture, 1 TIFF picture, 1 JPEG picture, which need the package sharp. ' +
        'Install it with `npm install sharp`, or turn them into PNG.',
      'left out, as they are not read: 1 BMP picture. Turn them into PNG.',
      'left out, as they are not pictures: 2 .txt, 1 no ending',
    ]);
  });

  test('a folder that mostly needs sharp is refused with the remedy', async () => {
    await expect(look(folder({ 'a.png': grey(1), ...PICTURES }))).rejects.toThrow(
      /1 JPEG picture need the package sharp, which is not installed. Install it with `npm install sharp`/,
    );
  });

  test('a folder of unsupported files is refused with a list of its content', async () => {
    await expect(readImageFolder(folder({ 'e.bmp': bmp, 'x.csv': 'a\n1\n' }))).rejects.toThrow(
      /no images in the folder; got "1 BMP picture, 1 .csv"; expected .png.*Turn them into PNG/,
    );
  });

  test('links to folders, and pipes, are counted', async () => {
    const path = folder({ 'a.png': grey(1) });
    symlinkSync(folder({ 'b.png': grey(2) }), join(path, 'more'));
    expect((await readImageFolder(path)).notes).toEqual([
      'left out, as they are not pictures: 1 links and pipes',
    ]);
  });

  test('the notes come with the data', async () => {
    const { notes, count } = await openDataset(folder({ ...many, 'x.json': '{}' }), { testFraction: 0 });
    expect([count, notes]).toEqual([5, ['left out, as they are not pictures: 1 .json']]);
  });
});

describe('the content decides, not the ending', () => {
  test('a PNG with any name is read', async () => {
    const table = await readImageFolder(
      folder({ 'a.jpg': grey(1), 'b.webp': grey(2), c: grey(3), 'd.dat': grey(4) }),
    );
    expect([[...table.values], table.notes]).toEqual([[1, 2, 3, 4], []]);
  });

  test('files that are named like pictures but are not are all named in one error', async () => {
    const page = '<!DOCTYPE html><html></html>';
    await expect(readImageFolder(folder({ ...many, 'x.png': page }))).rejects.toThrow(
      /x\.png: not a PNG, nor another picture; got "a web page \(HTML\)"/,
    );
    const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:1\n';
    await expect(readImageFolder(folder({ 'x.png': pointer, 'y.jpg': 'text', 'z.gif': '' }))).rejects.toThrow(
      /got "x.png is a Git LFS pointer, which stands for the file; y.jpg is text; z.gif is an empty file"/,
    );
  });

  test('names with a leading dot and __MACOSX are ignored', async () => {
    const path = folder({
      'a.png': grey(1),
      '.b.png': 'fork',
      '.git/c.png': 'no',
      '__MACOSX/._a.png': 'fork',
    });
    expect(await readImageFolder(path)).toMatchObject({ count: 1, notes: [] });
  });
});

describe('classes', () => {
  test('parts of a data set are not classes', async () => {
    const parts = { 'val/cat/1.png': grey(1), 'train/cat/2.png': grey(2), 'train/ant/3.png': grey(3) };
    const path = folder(parts);
    await expect(openDataset(path, { labels: 'own' })).rejects.toThrow(
      `the subfolders are parts of a data set, not classes; got "train, val". Name one part: ${join(path, 'train')}`,
    );
    expect((await openDataset(join(path, 'train'), { labels: 'own' })).labels!.classes).toEqual([
      'ant',
      'cat',
    ]);
    expect((await openDataset(path)).notes[0]).toMatch(/the images of train, val are taken together/);
    await expect(openDataset(folder({ 'train/1.png': grey(1) }), { labels: 'own' })).rejects.toThrow(
      'parts of',
    );
  });

  test('a class may have the name of a part, next to other classes', async () => {
    const path = folder({ 'test/1.png': grey(1), 'quiz/2.png': grey(2) });
    expect((await openDataset(path, { labels: 'own' })).labels!.classes).toEqual(['quiz', 'test']);
  });
});

describe('transparency', () => {
  const clear = png({ width: 1, height: 1, depth: 8, kind: 4, samples: [0, 0] });
  test('uses the background colour, which the data store', async () => {
    const path = folder({ 'a.png': clear, 'b.png': grey(5) });
    await expect(openDataset(path)).rejects.toThrow(
      /a\.png: an image with transparent pixels.*--background white/,
    );
    const data = await openDataset(path, { background: 'white' });
    expect([data.background, ...data.all!().data]).toEqual(['white', 255, 5]);
    await expect(openDataset(path, { background: 'wight' })).rejects.toThrow('an unknown colour');
    await expect(openDataset('moons', { background: 'white' })).rejects.toThrow('takes no background');
  });
});

describe('sharp', () => {
  const fake = (space: string, channels: number, more: object = {}) => {
    const asked: string[] = [];
    const image = {
      metadata: async () => ({ space, channels, ...more }),
      rotate: () => image,
      toColourspace: (name: string) => {
        asked.push(name);
        return image;
      },
      raw: () => image,
      toBuffer: async () => ({ data: Uint8Array.of(1, 2, 3), info: { width: 1, height: 1, channels: 3 } }),
    };
    return { load: async () => ({ default: () => image }), asked, image };
  };

  test.each([
    ['b-w', 1, 'b-w'],
    ['grey16', 2, 'b-w'],
    ['srgb', 3, 'srgb'],
    ['cmyk', 4, 'srgb'],
  ])('is called for %s of %d channels with %s', async (space, channels, asked) => {
    const { load, asked: got } = fake(space, channels);
    const read = (await sharpReader(load))!;
    expect(await read(Uint8Array.of(1), 'a.jpg')).toMatchObject({ width: 1, channels: 3, frames: 1 });
    expect(got).toEqual([asked]);
  });

  test('is undefined if it does not load; the error names a file that it cannot decode', async () => {
    expect(await sharpReader(absent)).toBeUndefined();
    const { load, image } = fake('srgb', 3);
    image.toBuffer = () => Promise.reject(new Error('premature end'));
    await expect((await sharpReader(load))!(Uint8Array.of(1), 'a.jpg')).rejects.toThrow(
      'a.jpg: a damaged picture; got "premature end"',
    );
  });
});
