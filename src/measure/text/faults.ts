import type { Fault, NamedColumn } from './contract.ts';
import { columnOf } from './forms.ts';
import { type Piece, written } from './pieces.ts';

export const fault = (what: string, mended?: string): Fault => ({
  kind: 'fault',
  what,
  ...(mended !== undefined && { mended }),
});

/** A number with a word or a sign at one of its ends, such as `70 lb` and `€5`. */
const MEASURED = /^[$€£¥₹]?\s*[+\-−]?\d[\d.,]*\s*([^\s\d+*/^()-]*)$/;

/** The fault of a text that is no value of its column: no date, or a number in another unit. */
export function noValue(
  sides: readonly (readonly Piece[])[],
  columns: readonly NamedColumn[],
  text: string,
): Fault | undefined {
  const place = sides.map(side => columnOf(side, columns)).find(c => c !== undefined);
  const { name, format, unit } = columns[place ?? -1] ?? {};
  if (format !== undefined) return fault(`"${text}": "${name}" holds dates, written as ${format}`);
  const word = sides.map(side => MEASURED.exec(written(side))?.[1]).find(found => found !== undefined);
  const isNumber = word !== undefined && !columns.some(column => column.name === word);
  return unit !== undefined && isNumber ? fault(`"${text}": "${name}" is in ${unit}`) : undefined;
}
