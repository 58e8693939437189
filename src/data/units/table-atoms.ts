import type { RowAtom } from './atoms.ts';
import { STATES } from './gaussian.ts';
import { eachCell, rowCount, type TableParts } from './table-parts.ts';

/** The generated cells of each row that are ends which many rows share. */
export function atomsOfRows(parts: TableParts, x: ArrayLike<number>, states: Uint8Array): RowAtom[][] {
  const { size, width, gaussian, std } = parts;
  const out: RowAtom[][] = Array.from({ length: rowCount(x, width) }, () => []);
  for (const { cell, c, first: d } of eachCell(parts)) {
    const coordinate = (point: number) =>
      Number.isFinite(point) ? (cell.forward(point) - gaussian.mean[d]!) / std[d]! : point;
    for (const [row, atoms] of out.entries()) {
      const atom = states[row * size + d] === STATES.generated && cell.atom?.(x[row * width + c]!);
      if (!atom) continue;
      const [low, high] = [coordinate(atom.low), coordinate(atom.high)];
      atoms.push({ d, low, high, logUnit: Math.log(atom.unit) });
    }
  }
  return out;
}
