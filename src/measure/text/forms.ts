import { closest, LangevinError, shortList } from '../../errors.ts';
import { constants, functionNames, linearForm, parseFormula } from '../../formula/index.ts';
import type { Fault, Form, NamedColumn, Rename } from './contract.ts';
import { asName, type Piece, written } from './pieces.ts';

const WORDS = /(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|([\p{L}_][\p{L}\p{N}_]*)(?=(\s*\()?)/gu;

/** The place of the column that the pieces name, if they name one and nothing else. */
export function columnOf(pieces: readonly Piece[], columns: readonly NamedColumn[]): number | undefined {
  const filled = pieces.filter(({ text, kind }) => kind === 'quoted' || text.trim() !== '');
  const name = filled.length === 1 && filled[0]!.kind === 'quoted' ? filled[0]!.text : written(pieces);
  return placeOf(name, columns);
}

/** The place of the column with this name, with or without the unit that its name ends in. */
function placeOf(name: string, columns: readonly NamedColumn[]): number | undefined {
  const own = columns.findIndex(column => column.name === name);
  const place = own < 0 ? columns.findIndex(({ alias }) => alias === name) : own;
  return place < 0 ? undefined : place;
}

/** The pieces as a formula of the columns. */
export async function formOf(
  pieces: readonly Piece[],
  columns: readonly NamedColumn[],
): Promise<Form | Fault> {
  const used = new Map<number, string>();
  const variableOf = (place: number) => {
    const { name } = columns[place]!;
    const plain = asName(name) === name && !functionNames.includes(name) && !Object.hasOwn(constants, name);
    used.set(place, plain ? name : `_${place}`);
    return used.get(place)!;
  };
  const strays: string[] = [];
  const named = (name: string, called: boolean) => {
    const place = placeOf(name, columns);
    if (called && functionNames.includes(name)) return name;
    if (place !== undefined) return variableOf(place);
    if (Object.hasOwn(constants, name)) return name;
    strays.push(name);
    return name;
  };
  const whole = columnOf(pieces, columns);
  const text =
    whole === undefined
      ? joined(pieces)
          .map(piece =>
            piece.kind === 'quoted'
              ? named(piece.text, false)
              : piece.text.replaceAll(WORDS, (match, _number, name, called) =>
                  name === undefined ? match : named(name, called !== undefined),
                ),
          )
          .join('')
      : variableOf(whole);
  if (strays.length > 0) return unknownColumns(strays, columns);
  const places = [...used.keys()];
  const out = places.find(place => columns[place]!.leftOut !== undefined);
  if (out !== undefined) return ofLeftOut(columns[out]!);
  const words = places.find(place => columns[place]!.words);
  if (words !== undefined) return ofWords(columns[words]!);
  if (places.length === 0) return { kind: 'fault', what: `"${written(pieces)}" names no column` };
  const variables = places.map(place => used.get(place)!);
  try {
    const tree = await parseFormula(text, variables);
    const linear = linearForm(tree, variables);
    return { columns: places, variables, tree, ...(linear && { linear }) };
  } catch (error) {
    if (!(error instanceof LangevinError)) throw error;
    return { kind: 'fault', what: `"${written(pieces)}" is no formula: ${error.what}` };
  }
}

/** The formula left − right. */
export async function differenceOf(
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

/** Joins neighbours outside quotes into one piece, because the bracket of a function follows its name. */
function joined(pieces: readonly Piece[]): Pick<Piece, 'kind' | 'text'>[] {
  const all: { kind: Piece['kind']; text: string }[] = [];
  for (const { kind, text } of pieces) {
    const last = all.at(-1);
    if (kind === 'plain' && last?.kind === 'plain') last.text += text;
    else all.push({ kind, text });
  }
  return all;
}

/** The fault of a column of words in a place for numbers. */
export const ofWords = ({ name, words }: NamedColumn): Fault => ({
  kind: 'fault',
  what: `"${name}" is a column of words (${shortList(words!)}): ask for one of them, such as ${asName(name)}=${asWord(words![0]!)}`,
});

/** The fault of a column that the samples do not have. */
export const ofLeftOut = ({ name, leftOut }: NamedColumn): Fault => ({
  kind: 'fault',
  what: `the run has left out the column "${name}" (${leftOut}), so it cannot be asked about`,
});

/** A word as it must be written on the right side of a clause. */
export const asWord = (word: string): string =>
  /^[\p{L}\p{N}_. -]+$/u.test(word) && word.trim() === word ? word : asQuoted(word);

const asQuoted = (word: string) => (word.includes('"') ? `\`${word}\`` : `"${word}"`);

function unknownColumns(strays: readonly string[], columns: readonly NamedColumn[]): Fault {
  const names = columns.filter(({ leftOut }) => leftOut === undefined).map(({ name }) => name);
  const meant = strays.map(stray => inOtherUnit(stray, columns) ?? spelled(stray, names));
  const list = strays.map((stray, i) => `"${stray}"${meant[i]?.hint ?? ''}`).join(', ');
  const what = `no column ${list}; columns: ${shortList(names, 12, '')}`;
  const renames = meant.map(one => one?.rename);
  return renames.every(one => one !== undefined) ? { kind: 'fault', what, renames } : { kind: 'fault', what };
}

/** What a name may mean: a hint, and what replaces it. */
interface Meant {
  readonly hint: string;
  readonly rename?: Rename;
}

function spelled(stray: string, names: readonly string[]): Meant | undefined {
  const near = closest(stray, names);
  if (near !== undefined && differInDegrees(stray, near))
    return { hint: ` ("${near}" counts degrees of another kind)` };
  return near === undefined ? undefined : { hint: ` (did you mean ${asName(near)}?)`, rename: [stray, near] };
}

/** Whether two names differ in their scale of temperatures alone, such as `temp_k` and `temp_c`. */
function differInDegrees(one: string, other: string): boolean {
  const [own, another] = [one, other].map(name => /^(.*[\s_])([cfk])$/i.exec(name));
  return own?.[1] !== undefined && own[1] === another?.[1] && own[2] !== another[2];
}

/** A column under a name with another unit than its own. */
function inOtherUnit(stray: string, columns: readonly NamedColumn[]): Meant | undefined {
  const column = columns.find(({ unitIn }) => unitIn?.(stray) !== undefined);
  if (!column) return undefined;
  const factor = column.factor?.(column.unitIn!(stray)!);
  const hint = ` ("${column.name}" is in ${column.unit})`;
  return factor === undefined ? { hint } : { hint, rename: [stray, column.name, factor] };
}
