import type { Clause, Fault, Form, NamedColumn } from './contract.ts';
import { columnOf, formOf, ofWords } from './forms.ts';
import { isBetween, numberIn, numberOf, readNumber } from './numbers.ts';
import { type Piece, partsOf, written } from './pieces.ts';
import { wordOf } from './words.ts';

const COMPARISON = /<=|>=|==|[=<>≤≥]/g;
const ERROR = /±|\+\/-|\+-/g;
const WITHIN = /\bin\b/g;
const BOUNDS = /^\s*(\S+?)\s*\.\.\s*(\S+)\s*$/;

/** Reads one clause of a question. */
export async function clauseOf(
  pieces: readonly Piece[],
  columns: readonly NamedColumn[],
): Promise<Clause | Fault> {
  const text = written(pieces);
  if (pieces.some(({ kind, text: plain }) => kind === 'plain' && /!=|≠|<>/.test(plain)))
    return fault(`"${text}": what a value is not cannot be asked; write what it is`);
  const { parts, marks } = partsOf(pieces, COMPARISON);
  if (marks.length > 0 && parts.some(part => written(part) === ''))
    return fault(`"${text}" has nothing on one side; write a=1.5, a=1.5±0.1, a>1 or a in 1..2`);
  const signs = marks.map(mark => ({ '==': '=', '≤': '<=', '≥': '>=' })[mark] ?? mark);
  if (signs.length === 0) return within(pieces, columns, text);
  if (signs.length === 1 && signs[0] === '=') return equation(parts as [Piece[], Piece[]], columns, text);
  if (signs.length > 2 || signs.includes('=')) {
    const joint = /\s*(?:;|&&?|\band\b)\s*/g;
    const mended = pieces.map(each =>
      each.kind === 'plain' ? each.text.replaceAll(joint, ', ') : each.written,
    );
    const what = `"${text}" has ${signs.length} comparisons; clauses have commas between them, and two bounds are written as 1 < a < 2`;
    return mended.join('').trim() === text ? fault(what) : fault(what, mended.join('').trim());
  }
  return inequality(parts, signs, columns, text);
}

const fault = (what: string, mended?: string): Fault => ({
  kind: 'fault',
  what,
  ...(mended !== undefined && { mended }),
});

/** `a = 1`, `a = 1 ± 0.1`, `species = virginica`, `b + 2*c = 3`. */
async function equation(
  [left, right]: readonly [Piece[], Piece[]],
  columns: readonly NamedColumn[],
  text: string,
): Promise<Clause | Fault> {
  const column = columnOf(left, columns);
  if (column !== undefined && columns[column]!.words) return wordOf(column, columns[column]!, right, text);
  const { parts } = partsOf(right, ERROR);
  const std = parts.length === 1 ? 0 : numberOf(parts[1]!);
  const percent = parts.length === 2 ? /^(\d+(?:\.\d+)?)\s*%$/.exec(written(parts[1]!)) : null;
  if (percent) {
    const [center, part] = [numberOf(parts[0]!), Number(percent[1]) / 100];
    const error = center === undefined ? 0 : Number(Math.abs(center * part).toPrecision(6));
    const what = `"${text}": the error after ± is a number in the units of the column, not in percent`;
    return error > 0 ? fault(what, `${written(left)}=${written(parts[0]!)}±${error}`) : fault(what);
  }
  if (parts.length > 2 || std === undefined || std < 0 || (std === 0 && parts.length > 1))
    return fault(
      `"${text}": the error after ± has to be one number above 0`,
      `${written(left)}=${written(parts[0]!)}`,
    );
  const open = written(parts[0]!) === '?';
  const value = open ? 0 : numberIn(parts[0]!, left, columns);
  if (value === undefined && column !== undefined && columns[column]!.format)
    return noDate(columns[column]!, text);
  if (
    column !== undefined &&
    value !== undefined &&
    std === 0 &&
    !open &&
    isBetween(columns[column]!, parts[0]!)
  )
    return fault(`"${text}": "${columns[column]!.name}" has no such value: it lies between two of them`);
  const rest = { text, std, ...(open && { open }) };
  if (column !== undefined && value !== undefined) return { kind: 'value', column, value, ...rest };
  const form =
    value === undefined ? await differenceOf(left, parts[0]!, columns) : await formOf(left, columns);
  return 'kind' in form ? form : { kind: 'formula', form, value: value ?? 0, ...rest };
}

/** `a > 1`, `1 < a + b <= 2`: bounds of a formula. Both sides of one comparison may be formulas. */
async function inequality(
  parts: readonly Piece[][],
  signs: readonly string[],
  columns: readonly NamedColumn[],
  text: string,
): Promise<Clause | Fault> {
  const rises = signs.map(sign => sign.startsWith('<'));
  if (signs.length === 2) {
    if (rises[0] !== rises[1]) return fault(`"${text}": two bounds are written as 1 < a < 2`);
    const ends = [numberIn(parts[0]!, parts[1]!, columns), numberIn(parts[2]!, parts[1]!, columns)];
    const [low, high] = rises[0] ? ends : [ends[1], ends[0]];
    if (low === undefined || high === undefined) return fault(`"${text}": both bounds have to be numbers`);
    const strict = signs.map(isStrict);
    if (!rises[0]) strict.reverse();
    return rangeOf(await formOf(parts[1]!, columns), low, high, text, strict);
  }
  const [left, right] = parts as [Piece[], Piece[]];
  const both = [isStrict(signs[0]!), isStrict(signs[0]!)];
  const bound = numberIn(right, left, columns);
  const first = numberIn(left, right, columns);
  const ofDates = [left, right].map(side => columnOf(side, columns)).find(c => columns[c ?? -1]?.format);
  if (bound === undefined && first === undefined && ofDates !== undefined)
    return noDate(columns[ofDates]!, text);
  const [low, high] = rises[0] ? [-Infinity, bound ?? 0] : [bound ?? 0, Infinity];
  if (first !== undefined) {
    const form = await formOf(right, columns);
    return rises[0]
      ? rangeOf(form, first, Infinity, text, both)
      : rangeOf(form, -Infinity, first, text, both);
  }
  const form = bound === undefined ? await differenceOf(left, right, columns) : await formOf(left, columns);
  return rangeOf(form, low, high, text, both);
}

/** Whether a sign excludes equality. */
const isStrict = (sign: string): boolean => !sign.endsWith('=');

/** `a in 1..2` */
async function within(
  pieces: readonly Piece[],
  columns: readonly NamedColumn[],
  text: string,
): Promise<Clause | Fault> {
  const { parts } = partsOf(pieces, WITHIN);
  const bounds = parts.length === 2 ? BOUNDS.exec(written(parts[1]!)) : null;
  if (parts.length !== 2) {
    const column = columnOf(pieces, columns);
    const words = column === undefined ? undefined : columns[column]!.words;
    return words
      ? ofWords(columns[column!]!)
      : fault(
          /^\d+(\.\d+)?$/.test(text)
            ? `"${text}" compares nothing; a number has no commas: 5000000, and 1.5 for a half more than 1`
            : `"${text}" compares nothing; write a=1.5, a=1.5±0.1, a>1 or a in 1..2`,
        );
  }
  const column = columnOf(parts[0]!, columns);
  const [low, high] = [bounds?.[1], bounds?.[2]].map(end => readNumber(end, columns[column ?? -1]));
  if (low === undefined || high === undefined)
    return fault(`"${text}": the bounds after "in" are written as 1..2`);
  return rangeOf(await formOf(parts[0]!, columns), low, high, text);
}

function rangeOf(
  form: Form | Fault,
  low: number,
  high: number,
  text: string,
  [strictLow = false, strictHigh = false]: readonly boolean[] = [],
): Clause | Fault {
  if ('kind' in form) return form;
  if (low < high) return { kind: 'range', text, form, low, high, strict: [strictLow, strictHigh] };
  return fault(`"${text}" leaves nothing: ${low} is not below ${high}`);
}

/** left − right */
async function differenceOf(
  left: readonly Piece[],
  right: readonly Piece[],
  columns: readonly NamedColumn[],
): Promise<Form | Fault> {
  const glue = (text: string): Piece => ({ kind: 'plain', text, written: text, depth: 1 });
  const faults = [await formOf(left, columns), await formOf(right, columns)].filter(
    (side): side is Fault => 'kind' in side && !side.what.endsWith('names no column'),
  );
  if (faults[0]) return faults[0];
  return formOf([glue('('), ...left, glue(')-('), ...right, glue(')')], columns);
}

/** The fault of a text that is no date of its column. */
const noDate = ({ name, format }: NamedColumn, text: string): Fault =>
  fault(`"${text}": "${name}" holds dates, written as ${format}`);
