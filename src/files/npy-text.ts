import { failure } from '../errors.ts';
import { readHead, unreadableType } from './npy-head.ts';
import { elementCount } from './numbers.ts';

/** Texts as NumPy stores them: each has as many characters as the longest, padded with zeros. */
export interface TextArray {
  readonly texts: readonly string[];
  readonly shape: readonly number[];
}

/**
 * Reads a `.npy` of texts: `<U12` (characters of four bytes, either byte order) or `|S12` (bytes of UTF-8).
 * @throws failure naming `where` for another type, a length that differs from the header's, and invalid text
 */
export function readNpyText(bytes: Uint8Array, where: string): TextArray {
  const { descr, fortran, shape, start } = readHead(bytes, where);
  const [, order, kind, length = 0] = /^([<|=>]?)([US])(\d+)$/.exec(descr) ?? [];
  if (kind === undefined) throw unreadableType(`'${descr}'`, where);
  const size = Number(length) * (kind === 'U' ? 4 : 1);
  const count = elementCount([...shape, size], where) / Math.max(1, size);
  if (bytes.length - start !== count * size || size === 0)
    throw failure('the file is cut short or padded', {
      where,
      got: `${bytes.length - start} bytes of data`,
      expected: `${count * size} for shape [${shape}] of ${descr}`,
    });
  if (fortran && shape.filter(extent => extent !== 1).length > 1)
    throw unreadableType(`'${descr}' in Fortran order`, where);
  const read = kind === 'U' ? characters(order === '>') : utf8;
  const texts: string[] = [];
  for (let at = start; at < bytes.length; at += size)
    texts.push(textOf(() => read(bytes.subarray(at, at + size)), where, texts.length));
  return { texts, shape };
}

function textOf(read: () => string, where: string, i: number): string {
  try {
    return read().replace(/\0+$/, '');
  } catch (error) {
    throw failure('not a text', { where: `${where}, element ${i}`, got: (error as Error).message });
  }
}

const utf8 = (bytes: Uint8Array): string => new TextDecoder('utf-8', { fatal: true }).decode(bytes);

const characters =
  (highFirst: boolean) =>
  (bytes: Uint8Array): string => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let text = '';
    for (let at = 0; at < bytes.length; at += 4) text += String.fromCodePoint(view.getUint32(at, !highFirst));
    return text;
  };
