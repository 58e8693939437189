import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateSync, gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { afterAll, describe, expect, test } from 'vitest';
import { readNpy, readSafetensors } from '../../src/files/index.ts';
import { inChild } from '../support/child.ts';
import { assemble } from '../weights/support.ts';

const home = mkdtempSync(join(tmpdir(), 'langevin-memory-'));
afterAll(() => rmSync(home, { recursive: true }));

const MIB = 2 ** 20;
/** The memory of Node and the library before they read anything, in MiB. */
const BASE = 150;

const npy = (descr: string, count: number, size: number) => {
  const header = Buffer.from(`{'descr': '${descr}', 'fortran_order': False, 'shape': (${count},), }\n`);
  const prefix = Buffer.from([
    0x93,
    0x4e,
    0x55,
    0x4d,
    0x50,
    0x59,
    1,
    0,
    header.length & 255,
    header.length >> 8,
  ]);
  return Buffer.concat([prefix, header, Buffer.alloc(count * size)]);
};
const safetensors = (dtype: string, count: number, size: number) => {
  const header = Buffer.from(
    JSON.stringify({ a: { dtype, shape: [count], data_offsets: [0, count * size] } }),
  );
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, Buffer.alloc(count * size)]);
};
const chunk = (type: string, data: Uint8Array) => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
};
/** A black image of 16 bits. */
const png = (side: number) => {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header[8] = 16;
  const pixels = deflateSync(Buffer.alloc(side * (1 + 2 * side)), { level: 1 });
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ]);
};
const checkpoint = (pickle: Uint8Array) => zipSync({ 'a/data.pkl': pickle, 'a/version': Buffer.from('3\n') });
const repeated = (text: string, times: number) => Buffer.from(text.repeat(times), 'latin1');

const READ = {
  npy: [{ readNpy: 'src/files/npy.js' }, 'said = readNpy(bytes, path).data.length'],
  safetensors: [
    { readSafetensors: 'src/files/safetensors.js' },
    'said = readSafetensors(bytes, path).tensors.size',
  ],
  png: [{ readPng: 'src/data/formats/images/png.js' }, 'said = readPng(bytes, path).data.length'],
  weights: [{ readWeights: 'src/weights/index.js' }, 'said = (await readWeights(path)).tensors.size'],
  array: [{ loadTable: 'src/data/load.js' }, 'said = (await loadTable(path)).table.count'],
  gz: [{ contentOf: 'src/data/formats/bytes.js' }, 'said = (await contentOf(path, 2 ** 27)).length'],
} as const;
/** The ending of a file for a reader that goes by it. */
const ENDINGS: Readonly<Record<string, string>> = { gz: '.gz', array: '.npy.gz' };

/** A file, its reader, its result, and the largest memory in MiB in addition to {@link BASE}. */
const CASES: readonly (readonly [
  what: string,
  file: () => Uint8Array,
  reader: keyof typeof READ,
  said: RegExp,
  most: number,
])[] = [
  ['npy of float16', () => npy('<f2', 8 * MIB, 2), 'npy', /^8388608$/, 16 + 16 + 32],
  ['npy of int64', () => npy('<i8', 8 * MIB, 8), 'npy', /^8388608$/, 3 * 64],
  ['safetensors of float16', () => safetensors('F16', 8 * MIB, 2), 'safetensors', /^1$/, 16 + 16 + 32],
  ['safetensors of bfloat16', () => safetensors('BF16', 8 * MIB, 2), 'safetensors', /^1$/, 16 + 16 + 32],
  // Decompressed once to check and once to decode; the decoder's copies; the result.
  ['PNG of 16 bits', () => png(4096), 'png', /^16777216$/, 6 * 32],
  [
    'a pickle of 20 million empty tuples in a list',
    () =>
      checkpoint(assemble('\x80\x02](', repeated(')', 500), repeated(`e(${')'.repeat(500)}`, 40_000), 'e.')),
    'weights',
    /creates more than weights need/,
    300,
  ],
  [
    'a pickle that copies one list of pairs again and again',
    () =>
      checkpoint(
        assemble(
          '\x80\x02](',
          Buffer.concat(
            Array.from({ length: 50_000 }, (_, i) =>
              assemble('J', new Uint8Array(Int32Array.of(i).buffer), 'N\x86'),
            ),
          ),
          'eq\x01(ccollections\nOrderedDict\nq\x02',
          repeated('h\x02h\x01\x85R', 1000),
          't.',
        ),
      ),
    'weights',
    /creates more than weights need/,
    300,
  ],
  [
    'a pickle of text that was deflated to nothing',
    () => checkpoint(assemble('\x80\x02X\x00\x00\x00\x05', repeated('a', 0x05000000), '.')),
    'weights',
    /the pickle is too large/,
    20,
  ],
  ['gzip', () => gzipSync(Buffer.alloc(128 * MIB), { level: 1 }), 'gz', /^134217728$/, 128 + 30],
  [
    'packed npy of float64',
    () => gzipSync(npy('<f8', 8 * MIB, 8), { level: 1 }),
    'array',
    /^8388608$/,
    64 + 30,
  ],
  [
    'gzip of more than is let through, that says it is short',
    () => {
      const bytes = gzipSync(Buffer.alloc(200 * MIB), { level: 1 });
      bytes.writeUInt32LE(1, bytes.length - 4);
      return bytes;
    },
    'gz',
    /inflates to too much/,
    128 + 64 + 30,
  ],
];

describe('memory is bounded by the size of what is read', () => {
  test.each(CASES)('%s', (what, file, reader, said, most) => {
    const path = join(home, `${what.replaceAll(/\W+/g, '-')}${ENDINGS[reader] ?? '.pth'}`);
    writeFileSync(path, file());
    const [imports, read] = READ[reader];
    const load = ['weights', 'gz', 'array'].includes(reader) ? '' : 'const bytes = readFileSync(path);';
    const outcome = inChild(
      imports,
      `const { readFileSync } = await import('node:fs');
       const path = ${JSON.stringify(path)}; ${load} ${read}`,
    );
    rmSync(path);
    expect(outcome.said).toMatch(said);
    expect(outcome.peak).toBeLessThan(BASE + most);
  });
});

describe('headers that would take time in proportion to the square of their length', () => {
  const header = (text: string) => {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(text.length);
    return Buffer.concat([Buffer.from('\x93NUMPY\x02\x00', 'latin1'), length, Buffer.from(text)]);
  };
  const ofShape = (shape: string) => `{'descr': '<f4', 'fortran_order': True, 'shape': (${shape}), }`;
  test.each([
    [
      'npy of rank 30,000',
      () => readNpy(header(ofShape('1,'.repeat(30_000))), 'a.npy'),
      /too many dimensions; got 30000/,
    ],
    [
      'npy of rank 500,000',
      () => readNpy(header(ofShape('1,'.repeat(500_000))), 'a.npy'),
      /the header is too long/,
    ],
    [
      'npy of 16 MB of blanks',
      () => readNpy(header(`{'descr':${' '.repeat(2 ** 24)}[`), 'a.npy'),
      /the header is too long/,
    ],
    [
      'safetensors of rank 1,000,000',
      () => {
        const text = `{"a":{"dtype":"F32","shape":[${'1,'.repeat(1e6)}1],"data_offsets":[0,4]}}`;
        const length = Buffer.alloc(8);
        length.writeBigUInt64LE(BigInt(text.length));
        return readSafetensors(Buffer.concat([length, Buffer.from(text), Buffer.alloc(4)]), 'a');
      },
      /impossible shape/,
    ],
  ])('%s', (_, read, message) => {
    expect(read).toThrow(message);
  });
});
