import { failure, usage } from '../../../errors.ts';
import { describeContent, isUtf8, joinBytes, latin1, utf8Bytes } from '../../../files/index.ts';

/** Text as UTF-8 without a byte order mark, and its original encoding. */
export interface EncodedText {
  readonly bytes: Uint8Array;
  readonly encoding: string;
  /** Whether the encoding is a guess. */
  readonly guessed: boolean;
}

const BYTE_ORDER_MARKS = [
  { mark: '\xef\xbb\xbf', encoding: 'utf-8' },
  { mark: '\xff\xfe', encoding: 'utf-16le' },
  { mark: '\xfe\xff', encoding: 'utf-16be' },
];

const CHUNK = 2 ** 20;

/**
 * The bytes of a text file as UTF-8. Without an `encoding`, a byte order mark decides. Without a mark, valid
 * UTF-8 is UTF-8, text whose every second byte is 0 is UTF-16, and any other text is Windows-1252, a superset
 * of Latin-1.
 * @throws usage for an unknown encoding; failure for bytes that are not text in the given encoding
 */
export function toUtf8(source: Uint8Array, where: string, encoding?: string): EncodedText {
  const start = latin1(source, 0, 3);
  const marked = BYTE_ORDER_MARKS.find(({ mark }) => start.startsWith(mark))?.encoding;
  const name = encoding ?? marked ?? unmarked(source, where);
  const text = name.toLowerCase() === 'utf-8' && isUtf8(source) ? source : transcoded(source, name, where);
  const body = latin1(text, 0, 3) === BYTE_ORDER_MARKS[0]!.mark ? text.subarray(3) : text;
  if (body.includes(0)) throw notText(source, where);
  return { bytes: body, encoding: name, guessed: encoding === undefined && !marked && name !== 'utf-8' };
}

function unmarked(bytes: Uint8Array, where: string): string {
  const head = bytes.subarray(0, 4096);
  const zeros = [0, 0];
  for (const [at, byte] of head.entries()) if (byte === 0) zeros[at % 2]!++;
  if (zeros[0] === 0 && zeros[1] === 0) return isUtf8(bytes) ? 'utf-8' : 'windows-1252';
  const most = head.length / 4;
  if (zeros[1]! > most && zeros[0] === 0) return 'utf-16le';
  if (zeros[0]! > most && zeros[1] === 0) return 'utf-16be';
  throw notText(bytes, where);
}

const notText = (bytes: Uint8Array, where: string) =>
  failure('not a text file', { where, got: describeContent(bytes), expected: 'a table of text' });

function transcoded(bytes: Uint8Array, encoding: string, where: string): Uint8Array {
  const decoder = decoderOf(encoding);
  const pieces: Uint8Array[] = [];
  try {
    for (let at = 0; at < bytes.length; at += CHUNK)
      pieces.push(utf8Bytes(decoder.decode(bytes.subarray(at, at + CHUNK), { stream: true })));
    pieces.push(utf8Bytes(decoder.decode()));
  } catch {
    throw failure('not text of this encoding', {
      where,
      got: encoding,
      remedy: 'Leave the encoding out, or name another: --encoding windows-1252',
    });
  }
  return joinBytes(pieces);
}

function decoderOf(encoding: string) {
  try {
    return new TextDecoder(encoding, { fatal: true });
  } catch {
    throw usage('Unknown encoding', {
      got: encoding,
      expected:
        'utf-8, windows-1252, iso-8859-1, utf-16le, shift_jis or another name of the Encoding Standard',
    });
  }
}
