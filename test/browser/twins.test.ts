import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { crc32 as pageCrc32 } from '../../src/files/crc32.browser.ts';
import { gunzip } from '../../src/files/gunzip.browser.ts';
import { sha256 } from '../../src/files/sha256.browser.ts';
import { packageVersion } from '../../src/files/version.browser.ts';

const joined = (pieces: readonly Uint8Array[]) => Buffer.concat(pieces);

it('SHA-256 is that of Node, however the bytes are cut', () => {
  const pieces = fc.array(fc.uint8Array({ maxLength: 150 }), { maxLength: 5 });
  fc.assert(
    fc.property(pieces, parts => {
      expect(sha256(parts)).toBe(createHash('sha256').update(joined(parts)).digest('hex'));
    }),
    { numRuns: 100 },
  );
});

it('CRC-32 is that of Node', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), bytes => {
      expect(pageCrc32(bytes)).toBe(crc32(bytes));
    }),
    { numRuns: 50 },
  );
});

it('gzip comes back, and damage is an error', async () => {
  const bytes = Uint8Array.from({ length: 300_000 }, (_, i) => (i * i) % 251);
  const packed = gzipSync(bytes);
  const pieces: Uint8Array[] = [];
  for await (const piece of gunzip(packed)) pieces.push(piece);
  expect(joined(pieces).equals(bytes)).toBe(true);
  const broken = async () => {
    for await (const _ of gunzip(packed.subarray(0, 1000))) {
    }
  };
  await expect(broken()).rejects.toThrow();
});

it('the version is that of package.json', () => {
  const text = readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8');
  expect(packageVersion()).toBe((JSON.parse(text) as { version: string }).version);
});
