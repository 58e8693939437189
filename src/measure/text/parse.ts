import { usage } from '../../errors.ts';
import { clauseOf } from './clauses.ts';
import type { Clause, Fault, NamedColumn } from './contract.ts';
import { asName, type Piece, partsOf, piecesOf, written } from './pieces.ts';
import { asRanges } from './ranges.ts';
import { joinThousands } from './thousands.ts';

/**
 * Reads a question about the columns of a table: clauses with commas between them.
 *
 * | clause | says |
 * |---|---|
 * | `a = 1.5` | the column a is 1.5 |
 * | `a = 1.5 ± 0.1` (or `+-`, `+/-`) | a measurement of a, with the standard deviation of its error |
 * | `a = 70 ± 1 kg`, `a = 70 kg ± 1 kg` | the same, in the unit of a |
 * | `species = virginica` | a column of words has this word |
 * | `b + 2*c = 3 ± 0.1`, `a = 2*b` | a formula has this value |
 * | `d > 0`, `1 < a + b < 2`, `a in 1..2`, `a in [1, 2]`, `a between 1 and 2` | a formula is within bounds |
 * | `day > 2022-07-01` | dates are written as in their file |
 * | `day = 2022-07`, `day > 2022` | a month and a year mean all their days |
 * | `a = ?`, `a = ? ± 0.1` | a pattern of questions, for `calibrate` |
 *
 * A name that is not a plain word stands in double quotes or backticks.
 * @throws usage that lists every fault: unknown names and words, contradictions, empty ranges, clauses that
 *   are none. Its remedy is the option as it should be written,
 *   if every fault can be mended.
 */
export async function parseGiven(text: string, columns: readonly NamedColumn[]): Promise<readonly Clause[]> {
  const groups = joinThousands(partsOf(piecesOf(asRanges(text)), /,/g).parts, columns);
  const texts = groups.map(written);
  const readings: (Clause | Fault)[] = [];
  for (const [i, pieces] of groups.entries())
    readings.push(
      texts[i] === ''
        ? { kind: 'fault', what: 'a clause is empty', mended: '' }
        : await read(pieces, columns),
    );
  const all = withContradictions(readings, columns);
  const faults = all.filter(reading => reading.kind === 'fault');
  if (faults.length === 0) return all as Clause[];
  const mended = all.map((reading, i) =>
    reading.kind === 'fault' ? mendedText(reading, texts[i]!) : texts[i]!,
  );
  // A command that leaves a clause out would ask another question.
  const isWhole = mended.every(clause => clause !== undefined);
  const line = isWhole ? mended.filter(clause => clause !== '').join(', ') : '';
  throw usage(
    faults.length === 1
      ? `The question cannot be read: ${faults[0]!.what}`
      : `The question cannot be read:\n  ${faults.map(({ what }) => what).join('\n  ')}`,
    {
      where: 'given',
      got: text,
      ...(line !== '' && { mend: { says: 'Write', options: { given: line } } }),
      ...(line === '' && { remedy: 'Write clauses such as a=1.5, a=1.5±0.1, a>1 or a in 1..2' }),
    },
  );
}

/** A clause as it should be written, if that is clear. */
function mendedText({ mended, renames }: Fault, text: string): string | undefined {
  if (!renames) return mended;
  return renames.reduce<string | undefined>((line, [name, by, factor]) => {
    if (factor === undefined) return line?.replace(standing(name), asName(by));
    const [before, after, ...others] = line?.split(standing(name)) ?? [];
    const isSimple =
      others.length === 0 && [before, after].every(side => side !== undefined && NUMBERS.test(side));
    return isSimple ? `${scaled(before!, factor)}${asName(by)}${scaled(after!, factor)}` : undefined;
  }, text);
}

/** Numbers, comparisons and errors, and nothing else. */
const NUMBERS = /^(?:\s|[=<>≤≥±+\-−]|\.\.|\+\/-|\bin\b|\d+\.?\d*|\.\d+)*$/;

/** The same with every number a factor times as large. */
const scaled = (text: string, factor: number): string =>
  text.replaceAll(
    /\d+(?:\.\d+)?|(?<!\.)\.\d+/g,
    number => `${Number((Number(number) * factor).toPrecision(6))}`,
  );

/** Matches a name in a text, with the quotes that it may have. */
function standing(name: string): RegExp {
  const plain = name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`"${plain}"|\`${plain}\`|(?<![\\p{L}\\p{N}_])${plain}(?![\\p{L}\\p{N}_])`, 'u');
}

function read(pieces: readonly Piece[], columns: readonly NamedColumn[]): Promise<Clause | Fault> | Fault {
  const text = written(pieces);
  const open = pieces.find(piece => piece.kind === 'plain' && /["`]/.test(piece.text));
  if (open) return { kind: 'fault', what: `"${text}" has a quote that does not end` };
  return clauseOf(pieces, columns);
}

/** A clause becomes a fault if an earlier one about the same column excludes it. */
function withContradictions(
  readings: readonly (Clause | Fault)[],
  columns: readonly NamedColumn[],
): (Clause | Fault)[] {
  const before: Clause[] = [];
  return readings.map(reading => {
    if (reading.kind === 'fault') return reading;
    const other = before.find(clause => excludes(clause, reading) || excludes(reading, clause));
    before.push(reading);
    if (!other) return reading;
    const name = asName(columns[columnsOf(reading)[0]!]!.name);
    const what = `"${reading.text}" contradicts "${other.text}", for ${name}: leave one of them out`;
    return { kind: 'fault', what };
  });
}

const columnsOf = (clause: Clause): readonly number[] =>
  clause.kind === 'value' || clause.kind === 'word' ? [clause.column] : clause.form.columns;

function excludes(a: Clause, b: Clause): boolean {
  if (('open' in a && a.open) || ('open' in b && b.open)) return false;
  if (a.kind === 'word' && b.kind === 'word') return a.column === b.column && a.word !== b.word;
  if (a.kind === 'range' && b.kind === 'range') return areApart(endsOf(a), endsOf(b));
  if (a.kind !== 'value' || a.std > 0) return false;
  if (b.kind === 'value') return b.std === 0 && a.column === b.column && a.value !== b.value;
  if (b.kind !== 'range' || b.form.columns.length > 1 || b.form.columns[0] !== a.column) return false;
  const { linear } = b.form;
  if (!linear) return false;
  const value = linear.constant + linear.factors[0]! * a.value;
  return isBelow(value, b.low, b.strict[0]) || isBelow(b.high, value, b.strict[1]);
}

interface Ends {
  readonly column: number;
  readonly low: number;
  readonly high: number;
  /** Whether it excludes its ends. */
  readonly strict: readonly [low: boolean, high: boolean];
}

/** The bounds of the column of a range, if it is about one. */
function endsOf({ form, low, high, strict }: Extract<Clause, { kind: 'range' }>): Ends | undefined {
  const { columns, linear } = form;
  if (columns.length !== 1 || !linear) return undefined;
  const factor = linear.factors[0]!;
  const ends = [low, high].map(end => (end - linear.constant) / factor);
  const [atLow, atHigh] = factor > 0 ? strict : [strict[1], strict[0]];
  return { column: columns[0]!, low: Math.min(...ends), high: Math.max(...ends), strict: [atLow, atHigh] };
}

const areApart = (a: Ends | undefined, b: Ends | undefined): boolean =>
  a !== undefined &&
  a.column === b?.column &&
  (isBelow(a.high, b.low, a.strict[1] || b.strict[0]) || isBelow(b.high, a.low, b.strict[1] || a.strict[0]));

/** Whether nothing is up to `high` and from `low` on. `strict` says that one of them is excluded. */
const isBelow = (high: number, low: number, strict: boolean): boolean =>
  high < low || (strict && high === low);
