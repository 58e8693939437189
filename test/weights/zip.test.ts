import { deflateSync, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { bytesSource } from '../../src/weights/source.ts';
import { readDirectory, readEntry } from '../../src/weights/zip.ts';

const content = Buffer.from('some numbers, some more numbers, some more numbers');

async function readAll(bytes: Uint8Array): Promise<Record<string, string>> {
  const source = bytesSource(bytes, 'file.zip');
  const entries = await readDirectory(source);
  const found: Record<string, string> = {};
  for (const [name, entry] of entries) found[name] = Buffer.from(await readEntry(source, entry)).toString();
  return found;
}

/** A directory record: its positions in the archive. */
const directoryAt = (bytes: Uint8Array, from = 0) =>
  Buffer.from(bytes).indexOf(Buffer.from('PK\x01\x02'), from);

const patched = (bytes: Uint8Array, write: (copy: Buffer) => void): Uint8Array => {
  const copy = Buffer.from(bytes);
  write(copy);
  return copy;
};

/** The same archive with every size and position of its one entry moved to the 64-bit fields. */
function widened(bytes: Uint8Array): Uint8Array {
  const old = Buffer.from(bytes);
  const at = directoryAt(old);
  const end = old.length - 22;
  const entry = Buffer.from(old.subarray(at, end));
  const extra = Buffer.alloc(28);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(24, 2);
  [24, 20, 42].forEach((place, i) => {
    extra.writeBigUInt64LE(BigInt(entry.readUInt32LE(place)), 4 + 8 * i);
    entry.writeUInt32LE(0xffffffff, place);
  });
  entry.writeUInt16LE(28, 30);
  const record = Buffer.alloc(56);
  record.write('PK\x06\x06', 'latin1');
  [1n, 1n, BigInt(entry.length + 28), BigInt(at)].forEach((value, i) => {
    record.writeBigUInt64LE(value, 24 + 8 * i);
  });
  const locator = Buffer.alloc(20);
  locator.write('PK\x06\x07', 'latin1');
  locator.writeBigUInt64LE(BigInt(at + entry.length + 28), 8);
  const last = Buffer.alloc(22, 0xff);
  last.write('PK\x05\x06', 'latin1');
  last.writeUInt16LE(0, 20);
  return Buffer.concat([old.subarray(0, at), entry, extra, record, locator, last]);
}

describe('zip archives are read without unpacking them first', () => {
  test.each([0, 9] as const)('entries at compression level %d come back', async level => {
    const bytes = zipSync({ 'a/b': content, empty: new Uint8Array(0) }, { level });
    expect(await readAll(bytes)).toEqual({ 'a/b': content.toString(), empty: '' });
  });

  test('sizes and positions of 64 bits', async () => {
    expect(await readAll(widened(zipSync({ a: content }, { level: 0 })))).toEqual({ a: content.toString() });
  });

  test('a repeated name is refused', async () => {
    const bytes = patched(zipSync({ one: content, two: content }, { level: 0 }), copy => {
      copy.write('one', directoryAt(copy, directoryAt(copy) + 1) + 46);
    });
    await expect(readAll(bytes)).rejects.toThrow(
      'file.zip: not a whole zip archive; got "the name \\"one\\" twice"',
    );
  });

  test('entries that share bytes, as in overlapping-file bombs, are refused', async () => {
    const bytes = patched(zipSync({ one: content, two: content }, { level: 0 }), copy => {
      copy.writeUInt32LE(10, directoryAt(copy, directoryAt(copy) + 1) + 42);
    });
    await expect(readAll(bytes)).rejects.toThrow('overlaps what follows');
  });

  test('sizes that deflate cannot reach, and sizes that are too large, are refused before anything is inflated', async () => {
    const bomb = zipSync({ a: new Uint8Array(1_000_000) }, { level: 9 });
    const claim = (size: number) => patched(bomb, copy => copy.writeUInt32LE(size, directoryAt(copy) + 24));
    await expect(readAll(claim(3_000_000_000))).rejects.toThrow('cannot be true');
    await expect(readAll(claim(999_999))).rejects.toThrow('the checksum differs');
    await expect(readAll(claim(1_000_001))).rejects.toThrow('not the 1000001 bytes');
    const stored = deflateSync(new Uint8Array(2 ** 20));
    const wide = patched(zipSync({ a: new Uint8Array(600_000) }, { level: 0 }), copy => {
      const at = directoryAt(copy);
      copy.set(stored, 31);
      copy.writeUInt16LE(8, at + 10);
      copy.writeUInt32LE(500 * 2 ** 20, at + 24);
    });
    await expect(readAll(wide)).rejects.toThrow('inflates to too much');
  });

  test('encrypted entries and other methods are refused', async () => {
    const bytes = zipSync({ a: content }, { level: 0 });
    await expect(
      readAll(patched(bytes, copy => copy.writeUInt16LE(1, directoryAt(copy) + 8))),
    ).rejects.toThrow('is encrypted');
    await expect(
      readAll(patched(bytes, copy => copy.writeUInt16LE(12, directoryAt(copy) + 10))),
    ).rejects.toThrow('packed by method 12');
  });

  test('a directory that claims more entries than it has is refused', async () => {
    const bytes = patched(zipSync({ a: content }, { level: 0 }), copy => {
      copy.writeUInt16LE(60_000, copy.length - 12);
    });
    await expect(readAll(bytes)).rejects.toThrow('a broken directory');
  });
});
