import { closest } from '../../errors.ts';
import { constants } from '../../formula/index.ts';
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

/** Words that are no formula. */
const WORDS = /^[\p{L}_][\p{L}\p{N}_]*(\s+[\p{L}\p{N}_]+)*$/u;

/** The fault of a text that is no value of its column: no date, a number in another unit, or a word. */
export function noValue(
  sides: readonly (readonly Piece[])[],
  columns: readonly NamedColumn[],
  text: string,
): Fault | undefined {
  const place = sides.map(side => columnOf(side, columns)).find(c => c !== undefined);
  const { name, format, unit, factor } = columns[place ?? -1] ?? {};
  if (format !== undefined) return fault(`"${text}": "${name}" holds dates, written as ${format}`);
  const word = sides.map(side => MEASURED.exec(written(side))?.[1]).find(found => found !== undefined);
  const isNumber = word !== undefined && !columns.some(column => column.name === word);
  if (unit !== undefined && isNumber) return otherUnit(text, `"${name}" is in ${unit}`, factor?.(word));
  const names = columns.map(column => column.name);
  const isWord = (side: string) =>
    WORDS.test(side) && !Object.hasOwn(constants, side) && closest(side, names) === undefined;
  const other = place === undefined ? undefined : sides.find(side => columnOf(side, columns) === undefined);
  return other && isWord(written(other))
    ? fault(`"${text}": "${name}" holds numbers, and "${written(other)}" is none`)
    : undefined;
}

/** One number with a unit on the right side. */
const ONE = /^([^=<>≤≥]*[=<>≤≥]+\s*)([+\-−]?\d+(?:\.\d+)?)\s*[^\s\d.±]+$/;

/** The fault of a number in another unit, with the number in that of the column if it is known. */
function otherUnit(text: string, says: string, factor: number | undefined): Fault {
  const [, before, number] = ONE.exec(text) ?? [];
  if (factor === undefined || before === undefined || number === undefined)
    return fault(`"${text}": ${says}`);
  const value = Number((Number(number.replace('−', '-')) * factor).toPrecision(6));
  return fault(`"${text}": ${says}`, `${before}${value}`);
}
