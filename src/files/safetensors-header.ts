import { failure } from '../errors.ts';
import { endOfText, parseJson } from './json.ts';
import { isShape } from './numbers.ts';

export interface HeaderEntry {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Offsets into the data, which begins at `start` of the file. */
  readonly begin: number;
  readonly end: number;
}

const MAX_HEADER = 100_000_000;
/** The same limit as NumPy and torch. */
const MOST_AXES = 64;
/** Each tensor has about eight values. */
const LIMITS = { length: MAX_HEADER, depth: 8, values: 2 ** 21 };

/** Length of the header of a safetensors file of `size` bytes. The file's first 8 bytes contain it. */
export function headerSize(first: Uint8Array, size: number, where: string): number {
  if (first.length < 8) throw failure('too short for a safetensors file', { where, got: `${size} bytes` });
  const length = Number(new DataView(first.buffer, first.byteOffset, 8).getBigUint64(0, true));
  if (length > size - 8)
    throw failure('the header is longer than the file', {
      where,
      got: `${length} bytes`,
      expected: `at most ${size - 8}`,
      remedy: 'The file is cut short, or not safetensors.',
    });
  if (length > MAX_HEADER) throw failure('the header is too large', { where, got: length });
  return 8 + length;
}

/**
 * Takes the header of a safetensors file of `size` bytes apart and checks everything that can be checked
 * without knowing the types. `bytes`: the file, or its beginning.
 */
export function readHeader(bytes: Uint8Array, size: number, where: string) {
  const start = headerSize(bytes, size, where);
  const text = headerText(bytes.subarray(8, start), where);
  const header = parseObject(text, where);
  const repeated = repeatedKey(text);
  if (repeated !== undefined) throw failure('a name twice in the header', { where, got: repeated });
  const metadata = checkMetadata(header.__metadata__, where);
  const entries = Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, value]) => checkEntry(name, value, where));
  checkCover(entries, size - start, where);
  return { entries, metadata, start };
}

function headerText(bytes: Uint8Array, where: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw failure('the header is not UTF-8 text', { where });
  }
}

function parseObject(text: string, where: string): Record<string, unknown> {
  const fault: typeof failure = (what, parts) =>
    failure(`the header is not JSON that can be read: ${what}`, parts);
  const value = parseJson(text, where, fault, LIMITS);
  if (!isObject(value)) throw failure('the header is not an object', { where, got: text });
  return value;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The first repeated key in valid JSON. JSON.parse would silently keep the last of two equal keys. */
function repeatedKey(text: string): string | undefined {
  const scopes: Set<string>[] = [];
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '{') scopes.push(new Set());
    else if (text[at] === '}') scopes.pop();
    if (text[at] !== '"') continue;
    const end = endOfText(text, at);
    if (isFollowedByColon(text, end)) {
      const key: string = JSON.parse(text.slice(at, end + 1));
      if (scopes.at(-1)!.has(key)) return key;
      scopes.at(-1)!.add(key);
    }
    at = end;
  }
  return undefined;
}

function isFollowedByColon(text: string, end: number): boolean {
  let next = end + 1;
  while (' \n\r\t'.includes(text[next] ?? ':')) next++;
  return text[next] === ':';
}

function checkMetadata(value: unknown, where: string): Record<string, string> {
  if (value === undefined) return {};
  if (!isObject(value) || !Object.values(value).every(item => typeof item === 'string'))
    throw failure('the metadata must map text to text', { where, got: JSON.stringify(value) });
  return value as Record<string, string>;
}

function checkEntry(name: string, value: unknown, where: string): HeaderEntry {
  const { dtype, shape, data_offsets: offsets, ...rest } = isObject(value) ? value : {};
  const isEntry = typeof dtype === 'string' && Array.isArray(shape) && Array.isArray(offsets);
  if (!isEntry || offsets.length !== 2 || Object.keys(rest).length > 0)
    throw failure('a damaged entry', {
      where: `${where}, tensor "${name}"`,
      got: JSON.stringify(value),
      expected: 'dtype, shape and two data_offsets',
    });
  if (!isShape(shape) || shape.length > MOST_AXES)
    throw failure('impossible shape', { where: `${where}, tensor "${name}"`, got: JSON.stringify(shape) });
  const [begin, end]: unknown[] = offsets;
  if (!isOffset(begin) || !isOffset(end) || begin > end)
    throw failure('impossible offsets', { where: `${where}, tensor "${name}"`, got: `[${offsets}]` });
  return { name, dtype, shape, begin, end };
}

const isOffset = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/**
 * Checks that the tensors follow each other and fill the data: no gap, no overlap, no remainder, nothing past
 * the end.
 */
function checkCover(entries: readonly HeaderEntry[], length: number, where: string): void {
  let at = 0;
  for (const { name, begin, end } of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    const place = `${where}, tensor "${name}"`;
    if (begin !== at)
      throw failure(begin < at ? 'overlaps the tensor before it' : 'a gap before it', {
        where: place,
        got: `offset ${begin}`,
        expected: `${at}`,
      });
    if (end > length)
      throw failure('ends beyond the file', {
        where: place,
        got: `offset ${end}`,
        expected: `at most ${length}`,
      });
    at = end;
  }
  if (at !== length)
    throw failure('bytes left over after the last tensor', { where, got: length - at, expected: '0' });
}
