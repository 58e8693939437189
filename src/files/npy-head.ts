import { failure } from '../errors.ts';
import { latin1 } from './bytes.ts';

/** What the header of a `.npy` says, before the type is checked. */
export interface NpyHead {
  /** As NumPy writes it: `<f4`, `<U12`. */
  readonly descr: string;
  readonly fortran: boolean;
  readonly shape: readonly number[];
  /** Where the values begin. */
  readonly start: number;
}

/**
 * The header of NumPy's `.npy` format, versions 1 to 3, from the first bytes of a file. @throws failure
 * naming `where`
 */
export function readHead(bytes: Uint8Array, where: string): NpyHead {
  const { text, start } = headerText(bytes, where);
  return { ...parseHeader(text, where), start };
}

/** NumPy itself reads no more than 10,000 by default. */
const MOST_HEADER = 2 ** 16;
/** The same limit as NumPy. */
const MOST_AXES = 64;

function headerText(bytes: Uint8Array, where: string) {
  const magic = bytes[0] === 0x93 && latin1(bytes, 1, 6) === 'NUMPY';
  if (!magic) throw failure('not a .npy file', { where, expected: 'the first bytes "\\x93NUMPY"' });
  const version = bytes[6]!;
  if (!(version >= 1 && version <= 3))
    throw failure('unknown version of the .npy format', { where, got: version, expected: '1, 2 or 3' });
  const start = version === 1 ? 10 : 12;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length =
    bytes.length < start ? -1 : version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > MOST_HEADER)
    throw failure('the header is too long', {
      where,
      got: `${length} bytes`,
      expected: `at most ${MOST_HEADER}`,
    });
  if (length < 0 || start + length > bytes.length) throw failure('the header is cut short', { where });
  const end = start + length;
  const utf8 = () => new TextDecoder().decode(bytes.subarray(start, end));
  return { text: version === 3 ? utf8() : latin1(bytes, start, end), start: end };
}

/** The header is a Python dictionary. It must have exactly the three known keys, once each, in any order. */
function parseHeader(text: string, where: string) {
  const item = /\s*'(descr|fortran_order|shape)'\s*:\s*('[^']*'|True|False|\([\d\s,]*\))\s*(,|(?=\}))/y;
  const body = text.trim();
  const entries = new Map<string, string>();
  item.lastIndex = 1;
  let end = 1;
  for (let match = item.exec(body); match; match = item.exec(body)) {
    end = item.lastIndex;
    if (entries.has(match[1]!)) throw failure('damaged header: a key twice', { where, got: body });
    entries.set(match[1]!, match[2]!);
  }
  const [descr, order, extents] = ['descr', 'fortran_order', 'shape'].map(key => entries.get(key) ?? '');
  const whole = body.startsWith('{') && /^\s*\}$/.test(body.slice(end));
  if (!whole && /'descr'\s*:\s*\[/.test(body)) throw unreadableType('a structured type', where);
  if (!whole || !/^(True|False)$/.test(order!) || !extents!.startsWith('('))
    throw failure('damaged header', { where, got: body, expected: "'descr', 'fortran_order' and 'shape'" });
  const shape = extents!
    .slice(1, -1)
    .split(',')
    .map(part => part.trim());
  if (shape.at(-1) === '') shape.pop();
  if (shape.length > MOST_AXES)
    throw failure('too many dimensions', { where, got: shape.length, expected: `at most ${MOST_AXES}` });
  if (shape.includes('')) throw failure('damaged header', { where, got: body });
  return { descr: descr!.slice(1, -1), fortran: order === 'True', shape: shape.map(Number) };
}

/** The error for an array of another type. */
export const unreadableType = (got: string, where: string) =>
  failure('a type of array that is not read', {
    where,
    got,
    expected: 'whole numbers, float16, float32, float64 or booleans, low byte first',
    remedy: 'Convert it in Python: numpy.save(path, array.astype("<f4"))',
  });
