import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import {
  type ContentName,
  describeContent,
  sniffContent,
  writeNpy,
  writeNpz,
} from '../../src/files/index.ts';

const latin = (text: string) => Buffer.from(text, 'latin1');
const zipOf = (...names: string[]) =>
  zipSync(Object.fromEntries(names.map(name => [name, latin(`content of ${name}`)])));
const row = { data: Float32Array.of(1, 2), shape: [2] };
const tar = Buffer.alloc(1024);
tar.write('data.csv', 0);
tar.write('ustar\0', 257);

const CASES: readonly (readonly [ContentName, Uint8Array, RegExp])[] = [
  ['png', latin('\x89PNG\r\n\x1a\n\0\0\0\rIHDR'), /PNG/],
  ['jpeg', latin('\xff\xd8\xff\xe0\0\x10JFIF\0'), /JPEG/],
  ['gif', latin('GIF89a\x01\0\x01\0'), /GIF/],
  ['webp', latin('RIFF\x24\0\0\0WEBPVP8 '), /WebP/],
  ['tiff', latin('II*\0\x08\0\0\0'), /TIFF/],
  ['tiff', latin('MM\0*\0\0\0\x08'), /TIFF/],
  ['bmp', latin('BM\x46\0\0\0\0\0\0\0\x36\0\0\0'), /BMP/],
  ['avif', latin('\0\0\0\x20ftypavif\0\0\0\0'), /AVIF/],
  ['heif', latin('\0\0\0\x18ftypheic\0\0\0\0'), /HEIF/],
  ['svg', latin('<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>'), /SVG/],
  ['xlsx', zipOf('[Content_Types].xml', '_rels/.rels', 'xl/workbook.xml'), /Excel/],
  [
    'ods',
    zipSync({ mimetype: [latin('application/vnd.oasis.opendocument.spreadsheet'), { level: 0 }] }),
    /ods/,
  ],
  ['docx', zipOf('[Content_Types].xml', 'word/document.xml'), /Word/],
  ['torch', zipOf('archive/data.pkl', 'archive/data/0'), /torch/],
  ['npz', writeNpz({ x: row }), /npz/],
  ['zip', zipOf('data.csv'), /zip/],
  ['gzip', gzipSync('a,b\n1,2\n'), /gzip/],
  ['bzip2', latin('BZh91AY&SY'), /bzip2/],
  ['xz', latin('\xfd7zXZ\0\0'), /xz/],
  ['zstd', latin('\x28\xb5\x2f\xfd\x04'), /Zstandard/],
  ['tar', tar, /tar/],
  ['npy', writeNpy(row.data, row.shape), /NumPy/],
  ['safetensors', latin('\x28\0\0\0\0\0\0\0{"x":{"dtype":"F32","shape":[2]'), /safetensors/],
  ['xls', latin('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0'), /xls/],
  ['pdf', latin('%PDF-1.7\n'), /PDF/],
  ['parquet', latin('PAR1\x15\x04'), /Parquet/],
  ['hdf5', latin('\x89HDF\r\n\x1a\n'), /HDF5/],
  ['sqlite', latin('SQLite format 3\0'), /SQLite/],
  ['pickle', latin('\x80\x04\x95\x0b\0'), /pickle/],
  ['gitLfs', latin('version https://git-lfs.github.com/spec/v1\noid sha256:12\nsize 3\n'), /Git LFS/],
  ['gitAnnex', latin('/annex/objects/SHA256E-s10--12.csv\n'), /annex/],
  ['html', latin('\n<!DOCTYPE html>\n<html><body>404</body></html>'), /HTML/],
  ['html', latin('\xef\xbb\xbf<html lang="en">'), /HTML/],
  ['xml', latin('<?xml version="1.0"?><rows/>'), /XML/],
  ['json', latin('[{"a": 1}, {"a": 2}]'), /JSON/],
  ['json', latin('[[1, 2], [3, 4]]'), /JSON/],
];

describe('content', () => {
  test.each(CASES)('%s', (name, bytes, title) => {
    const content = sniffContent(bytes);
    expect(content).toMatchObject({ name, title: expect.stringMatching(title) });
    expect(describeContent(bytes)).toBe(content?.title);
    expect(content?.remedy).toMatch(/^[A-Z].*[^.]$/);
    expect(sniffContent(Buffer.concat([bytes, Buffer.alloc(200_000)]))?.name).toBe(name);
  });

  test('pictures are marked as such', () => {
    const marked = CASES.filter(([, bytes]) => sniffContent(bytes)!.picture).map(([name]) => name);
    expect([...new Set(marked)]).toEqual([
      'png',
      'jpeg',
      'gif',
      'webp',
      'tiff',
      'bmp',
      'avif',
      'heif',
      'svg',
    ]);
  });

  test('a text table has no signature, whatever its cells', () => {
    const cell = fc.oneof(fc.double().map(String), fc.stringMatching(/^[\w #$%<"{[.-]{0,8}$/));
    const line = fc.array(cell, { minLength: 2, maxLength: 4 }).map(cells => cells.join(','));
    fc.assert(
      fc.property(fc.array(line, { minLength: 2, maxLength: 5 }), lines => {
        expect(sniffContent(Buffer.from(`x,y\n${lines.join('\n')}\n`))).toBeUndefined();
      }),
    );
    for (const head of ['BMI,age\n20,1\n', '"a","b"\n1,2\n', '# a\n1 2\n', '[kg],[m]\n1,2\n', '<5,>5\n1,2\n'])
      expect([head, sniffContent(latin(head))]).toEqual([head, undefined]);
  });

  test.each([
    ['', 'an empty file'],
    ['a,b\n', 'text'],
    ['\0\x01\xff', 'bytes 00 01 ff'],
  ])('the description of %j', (text, words) => {
    expect(describeContent(latin(text))).toBe(words);
  });

  test('any bytes have a description', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 600 }), bytes => describeContent(bytes).length > 0));
  });
});
