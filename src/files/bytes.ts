/** A stretch of bytes as characters of the same numbers. */
export function latin1(bytes: Uint8Array, from = 0, to: number = bytes.length): string {
  let text = '';
  for (let at = from; at < Math.min(to, bytes.length); at += PIECE)
    text += String.fromCharCode(...bytes.subarray(at, Math.min(at + PIECE, to)));
  return text;
}

/** Arguments that a function takes at once. */
const PIECE = 4096;

/** Characters up to 255 as bytes of the same numbers. */
export const latin1Bytes = (text: string): Uint8Array =>
  Uint8Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));

/** A text in UTF-8. */
export const utf8Bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A stretch of UTF-8 as a text, byte order marks included; U+FFFD stands for what is no UTF-8. */
export const utf8Text = (bytes: Uint8Array, from = 0, to: number = bytes.length): string =>
  lenient.decode(bytes.subarray(from, to));

const lenient = new TextDecoder('utf-8', { ignoreBOM: true });

/** Whether bytes are UTF-8. They are decoded piece by piece, so that no text of their size is made. */
export function isUtf8(bytes: Uint8Array): boolean {
  const strict = new TextDecoder('utf-8', { fatal: true });
  try {
    for (let at = 0; at < bytes.length; at += STRETCH)
      strict.decode(bytes.subarray(at, at + STRETCH), { stream: true });
    strict.decode();
    return true;
  } catch {
    return false;
  }
}

const STRETCH = 2 ** 20;

/** Pieces, one after the other. */
export function joinBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Below 0, 0 or above 0, as `a` comes before `b`, is `b`, or comes after it. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return a.length - b.length;
}
