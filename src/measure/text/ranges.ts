const QUOTED = /("(?:[^"]|"")*"|`[^`]*`)/;
const BRACKETS = /\bin\s*[[(]\s*([^\s,[\]()]+)\s*(?:,|\.\.)\s*([^\s,[\]()]+)\s*[\])]/g;
const BETWEEN = /\bbetween\s+(\S+)\s+and\s+([^\s,]+)/g;

/** Ranges as other people write them, `a in [1, 2]` and `a between 1 and 2`, as `a in 1..2`. */
export const asRanges = (text: string): string =>
  text
    .split(QUOTED)
    .map((piece, i) =>
      i % 2 === 1 ? piece : piece.replaceAll(BRACKETS, 'in $1..$2').replaceAll(BETWEEN, 'in $1..$2'),
    )
    .join('');
