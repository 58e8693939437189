const [TAB, LF, CR, BLANK, QUOTE] = [9, 10, 13, 32, 34];
const isBlank = (byte: number | undefined) => byte === BLANK || byte === TAB;
const isEnd = (byte: number | undefined) => byte === undefined || byte === LF || byte === CR;

/**
 * Text with fields that are separated by any number of blanks, changed to one blank between fields. Blanks
 * within quotes stay.
 */
export function singleBlanks(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length);
  let [length, quoted] = [0, false];
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === QUOTE) quoted = !quoted;
    if (!quoted && isBlank(byte)) {
      const opens = length === 0 || isEnd(out[length - 1]);
      if (opens || isBlank(bytes[at + 1]) || isEnd(bytes[at + 1])) continue;
      out[length++] = BLANK;
    } else out[length++] = byte;
  }
  return out.subarray(0, length);
}
