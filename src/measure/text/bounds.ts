import type { Clause, Fault, Form, NamedColumn } from './contract.ts';
import { fault, noValue } from './faults.ts';
import { columnOf, differenceOf, formOf, ofWords } from './forms.ts';
import { type Ends, endsIn, endsOfText, lowerEnd, upperEnd } from './numbers.ts';
import { asPieces, type Piece, partsOf, written } from './pieces.ts';

const WITHIN = /\bin\b/g;
const BOUNDS = /^\s*(\S.*?)\s*\.\.\s*(\S.*?)\s*$/;

/** One end of a range, and whether the range excludes it. */
type End = readonly [value: number, strict: boolean];
const [BELOW, ABOVE]: readonly [End, End] = [
  [-Infinity, false],
  [Infinity, false],
];

/** `a > 1`, `1 < a + b <= 2`: bounds of a formula. Both sides of one comparison may be formulas. */
export async function inequality(
  parts: readonly Piece[][],
  signs: readonly string[],
  columns: readonly NamedColumn[],
  text: string,
): Promise<Clause | Fault> {
  const rises = signs.map(sign => sign.startsWith('<'));
  const strict = signs.map(isStrict);
  if (signs.length === 2) {
    if (rises[0] !== rises[1]) return fault(`"${text}": two bounds are written as 1 < a < 2`);
    const ends = [endsIn(parts[0]!, parts[1]!, columns), endsIn(parts[2]!, parts[1]!, columns)];
    const [low, high] = rises[0] ? ends : ends.toReversed();
    const [atLow, atHigh] = rises[0] ? strict : strict.toReversed();
    if (!low || !high) return fault(`"${text}": both bounds have to be numbers`);
    return rangeOf(await formOf(parts[1]!, columns), lowerEnd(low, atLow!), upperEnd(high, atHigh!), text);
  }
  const [left, right] = parts as [Piece[], Piece[]];
  const bound = endsIn(right, left, columns);
  const first = endsIn(left, right, columns);
  const wrong = bound || first ? undefined : noValue([left, right], columns, text);
  if (wrong) return wrong;
  const form = await (first
    ? formOf(right, columns)
    : bound
      ? formOf(left, columns)
      : differenceOf(left, right, columns));
  const end: Ends = first ?? bound ?? { low: 0, high: 0 };
  return rises[0] === (first === undefined)
    ? rangeOf(form, BELOW, upperEnd(end, strict[0]!), text)
    : rangeOf(form, lowerEnd(end, strict[0]!), ABOVE, text);
}

/** Whether a sign excludes equality. */
const isStrict = (sign: string): boolean => !sign.endsWith('=');

/** `a in 1..2` */
export async function within(
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
  const [low, high] = [bounds?.[1], bounds?.[2]].map(end => endsOfText(end, columns[column ?? -1]));
  const single = bounds ? undefined : written(parts[1]!);
  if (column !== undefined && !columns[column]!.words && endsOfText(single, columns[column]))
    return fault(`"${text}": one value is written with =`, `${written(parts[0]!)}=${single}`);
  const sides = [parts[0]!, ...(bounds ? [asPieces(bounds[1]!), asPieces(bounds[2]!)] : [])];
  if (!low || !high)
    return noValue(sides, columns, text) ?? fault(`"${text}": the bounds after "in" are written as 1..2`);
  return rangeOf(await formOf(parts[0]!, columns), lowerEnd(low, false), upperEnd(high, false), text);
}

/** A formula between two ends. Between two equal ends that are both included, it has that value. */
export function rangeOf(form: Form | Fault, low: End, high: End, text: string): Clause | Fault {
  if ('kind' in form) return form;
  const [[from, atLow], [to, atHigh]] = [low, high];
  if (from < to) return { kind: 'range', text, form, low: from, high: to, strict: [atLow, atHigh] };
  if (from !== to || atLow || atHigh)
    return fault(`"${text}" leaves nothing: no value is above the lower end and below the upper one`);
  const { columns, linear } = form;
  const isColumn = columns.length === 1 && linear?.constant === 0 && linear.factors[0] === 1;
  return isColumn
    ? { kind: 'value', text, column: columns[0]!, value: from, std: 0 }
    : { kind: 'formula', text, form, value: from, std: 0 };
}
