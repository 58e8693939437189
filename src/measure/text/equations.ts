import { rangeOf } from './bounds.ts';
import type { Clause, Fault, NamedColumn } from './contract.ts';
import { fault, noValue } from './faults.ts';
import { columnOf, differenceOf, formOf } from './forms.ts';
import { endsIn, isBetween, lowerEnd, numberOf, upperEnd } from './numbers.ts';
import { type Piece, partsOf, written } from './pieces.ts';
import { wordOf } from './words.ts';

const ERROR = /±|\+\/-|\+-/g;

/** `a = 1`, `a = 1 ± 0.1`, `species = virginica`, `b + 2*c = 3`. */
export async function equation(
  [left, right]: readonly [Piece[], Piece[]],
  columns: readonly NamedColumn[],
  text: string,
): Promise<Clause | Fault> {
  const column = columnOf(left, columns);
  if (column !== undefined && columns[column]!.words) return wordOf(column, columns[column]!, right, text);
  const { parts } = partsOf(right, ERROR);
  const std = parts.length === 1 ? 0 : sizeOf(parts[1]!, columns[column ?? -1]);
  const percent = parts.length === 2 ? /^(\d+(?:\.\d+)?)\s*%$/.exec(written(parts[1]!)) : null;
  if (percent && std === undefined) {
    const [center, part] = [numberOf(parts[0]!), Number(percent[1]) / 100];
    const error = center === undefined ? 0 : Number(Math.abs(center * part).toPrecision(6));
    const what = `"${text}": the error after ± is a number in the units of the column, not in percent`;
    return error > 0 ? fault(what, `${written(left)}=${written(parts[0]!)}±${error}`) : fault(what);
  }
  if (parts.length > 2 || std === undefined || std < 0 || (std === 0 && parts.length > 1))
    return wrongError(left, parts, columns, text);
  const open = written(parts[0]!) === '?';
  const ends = open ? { low: 0, high: 0 } : endsIn(parts[0]!, left, columns);
  const wrong = ends === undefined ? noValue([left, parts[0]!], columns, text) : undefined;
  if (wrong) return wrong;
  if (ends && std === 0 && !open && column !== undefined && isBetween(columns[column]!, parts[0]!))
    return between(columns[column]!, left, parts[0]!, text);
  if (ends && ends.low < ends.high && std === 0)
    return rangeOf(await formOf(left, columns), lowerEnd(ends, false), upperEnd(ends, false), text);
  // A month of a column of months is one value there.
  const own = column === undefined ? undefined : columns[column]!.own?.(written(parts[0]!));
  if (ends && ends.low < ends.high && own === undefined) {
    const [name, value] = [written(left), written(parts[0]!)];
    const says = `"${text}": ${value} means many values of ${name}, which have no common error; write ${name}=${value}`;
    return fault(`${says}, or one value with its error`);
  }
  const rest = { text, std, ...(open && { open }) };
  if (column !== undefined && ends) return { kind: 'value', column, value: own ?? ends.low, ...rest };
  const form = ends ? await formOf(left, columns) : await differenceOf(left, parts[0]!, columns);
  return 'kind' in form ? form : { kind: 'formula', form, value: ends?.low ?? 0, ...rest };
}

/** The fault of a value between two steps of its column. In percent, a part may be meant. */
function between(
  { name, factor }: NamedColumn,
  left: readonly Piece[],
  right: readonly Piece[],
  text: string,
): Fault {
  const value = numberOf(right);
  if (factor?.('%') !== 1 || value === undefined || !(value > 0 && value < 1))
    return fault(`"${text}": "${name}" has no such value: it lies between two of them`);
  const percent = Number((100 * value).toPrecision(6));
  return fault(`"${text}": "${name}" is in percent`, `${written(left)}=${percent}`);
}

/** The size of an error, as a plain number or in the unit of its column. */
const sizeOf = (pieces: readonly Piece[], column: NamedColumn | undefined): number | undefined =>
  numberOf(pieces) ?? column?.size?.(written(pieces));

/** The fault of an error that is no size. Its remedy leaves no error out: that would ask something else. */
function wrongError(
  left: readonly Piece[],
  [value, error, ...others]: readonly (readonly Piece[])[],
  columns: readonly NamedColumn[],
  text: string,
): Fault {
  const size = others.length > 0 ? undefined : numberOf(error!);
  const what = `"${text}": the error after ± has to be one number above 0`;
  if (size === undefined)
    return (others.length === 0 && noValue([left, error!], columns, text)) || fault(what);
  const exact = `${written(left)}=${written(value!)}`;
  return fault(what, size === 0 ? exact : `${exact}±${-size}`);
}
