import { failure } from '../../../errors.ts';
import { utf8Text } from '../../../files/index.ts';
import { TEXT_LIMITS } from './limits.ts';

/** The cells of a table as one block of UTF-8, which takes a tenth of the memory of strings. */
export interface CellStore {
  readonly count: number;
  /** Adds a row of `width` cells, without the blanks around them. */
  add(cells: readonly string[], line: number): void;
  /** The cells of a column, from the first row to the last. */
  column(index: number): string[];
  /** Whether every cell of a column is empty. */
  isEmpty(index: number): boolean;
  /** The line of the file on which a row ends. */
  line(row: number): number;
}

/** @throws failure when the table grows beyond `TEXT_LIMITS` */
export function cellStore(width: number, where: string): CellStore {
  let text = new Uint8Array(2 ** 16);
  let lines = new Uint32Array(Math.max(4, Math.ceil(2 ** 14 / width)));
  let ends = new Uint32Array(lines.length * width);
  let [used, rows] = [0, 0];
  const most = Math.floor(TEXT_LIMITS.cells / width);
  const begin = (cell: number) => (cell === 0 ? 0 : ends[cell - 1]!);
  const places = (index: number) => Array.from({ length: rows }, (_, row) => row * width + index);
  return {
    get count() {
      return rows;
    },
    add: (cells, line) => {
      if (rows >= most)
        throw failure('the table is too large', {
          where,
          expected: `at most ${most} rows of ${width} cells`,
        });
      if (rows === lines.length) {
        ends = grown(ends, 2 * ends.length);
        lines = grown(lines, 2 * lines.length);
      }
      for (let index = 0; index < width; index++) {
        const cell = cells[index]!.trim();
        if (used + 3 * cell.length > text.length)
          text = grown(text, Math.max(2 * text.length, used + 3 * cell.length));
        used += encoder.encodeInto(cell, text.subarray(used)).written;
        ends[rows * width + index] = used;
      }
      lines[rows++] = line;
    },
    column: index => places(index).map(cell => utf8Text(text, begin(cell), ends[cell])),
    isEmpty: index => places(index).every(cell => begin(cell) === ends[cell]),
    line: row => lines[row]!,
  };
}

const encoder = new TextEncoder();

function grown<T extends Uint8Array | Uint32Array>(values: T, length: number): T {
  const larger = new (values.constructor as new (length: number) => T)(length);
  larger.set(values);
  return larger;
}
