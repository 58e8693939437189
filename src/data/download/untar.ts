import { failure } from '../../errors.ts';

const BLOCK = 512;

/**
 * The regular files of a tar archive by their base names. Folders, links and everything else are skipped, and
 * no path in the archive is ever used.
 * @throws failure naming `where` for a header with a wrong checksum, a file that is cut short, or a repeated
 * name
 */
export function untar(bytes: Uint8Array, where: string): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (let at = 0; at + BLOCK <= bytes.length; ) {
    const header = bytes.subarray(at, at + BLOCK);
    if (header.every(byte => byte === 0)) break;
    const size = octal(header, 124, 12);
    if (octal(header, 148, 8) !== checksum(header) || !(size >= 0))
      throw failure('a damaged tar archive', { where, got: `header at byte ${at}` });
    const end = at + BLOCK + size;
    if (end > bytes.length) throw failure('the tar archive is cut short', { where });
    const name = text(header, 0, 100).split('/').at(-1)!;
    if (isRegular(header[156]!) && name !== '') {
      if (files.has(name)) throw failure('a name twice in the tar archive', { where, got: name });
      files.set(name, bytes.subarray(at + BLOCK, end));
    }
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}

/** Type `0`, or the zero byte of old archives. */
const isRegular = (type: number) => type === 0x30 || type === 0;

const text = (header: Uint8Array, from: number, length: number): string =>
  Buffer.from(header.subarray(from, from + length))
    .toString('latin1')
    .replace(/\0.*$/s, '');

function octal(header: Uint8Array, from: number, length: number): number {
  const digits = text(header, from, length).trim();
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number.NaN;
}

/** The sum of the bytes of the header, with the bytes of the checksum itself counted as blanks. */
const checksum = (header: Uint8Array): number =>
  header.reduce((sum, byte, i) => sum + (i >= 148 && i < 156 ? 0x20 : byte), 0);
