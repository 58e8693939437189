import { failure } from '../../../errors.ts';
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
  let text = Buffer.allocUnsafe(2 ** 16);
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
        ends = grown(ends);
        lines = grown(lines);
      }
      for (let index = 0; index < width; index++) {
        const cell = cells[index]!.trim();
        if (used + 3 * cell.length > text.length)
          text = Buffer.concat([text], Math.max(2 * text.length, used + 3 * cell.length));
        used += text.write(cell, used);
        ends[rows * width + index] = used;
      }
      lines[rows++] = line;
    },
    column: index => places(index).map(cell => text.toString('utf8', begin(cell), ends[cell])),
    isEmpty: index => places(index).every(cell => begin(cell) === ends[cell]),
    line: row => lines[row]!,
  };
}

function grown(values: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(2 * values.length);
  larger.set(values);
  return larger;
}
