import { failure, usage } from '../errors.ts';
import { mapInto } from '../files/index.ts';

/**
 * The classes of a table's rows: where the labels come from, the classes in order, and the class of each row.
 */
export interface TableLabels {
  /** A column, a file, or `own`. */
  readonly source: string;
  /** The K classes by name, in the order of their numbers. */
  readonly classes: readonly string[];
  /** `[count]`, each from 0 to K − 1 */
  readonly values: Int32Array;
}

/** More than the 1,000 of ImageNet. A column of measurements or of names has more different values. */
const MOST = 4096;
const WHOLE = /^[+-]?\d+$/;

/**
 * Gathers labels row by row. Classes are in numerical order if all are whole numbers, else in alphabetical
 * order.
 */
export function labelCollector(source: string, where: string) {
  const codesByName = new Map<string, number>();
  const codes: number[] = [];
  const add = (text: string, place: string): void => {
    const name = text.trim();
    if (name === '')
      throw failure('a row without a label', {
        where: `${where}, ${place}, "${source}"`,
        remedy: 'Give it one, or remove the row.',
      });
    if (!codesByName.has(name)) codesByName.set(name, codesByName.size);
    if (codesByName.size > MOST)
      throw usage('too many different labels', {
        where: `${where}, "${source}"`,
        expected: `at most ${MOST} classes`,
        remedy: 'Labels are classes that come again and again, not measurements or identifiers.',
      });
    codes.push(codesByName.get(name)!);
  };
  const close = (): TableLabels => {
    const classes = inOrder([...codesByName.keys()]);
    if (classes.length < 2)
      throw usage('labels of one class say nothing', {
        where: `${where}, "${source}"`,
        got: classes.join(', '),
        expected: 'two classes or more',
      });
    const place = new Map(classes.map((name, k) => [name, k]));
    const places = [...codesByName.keys()].map(name => place.get(name)!);
    return { source, classes, values: mapInto(new Int32Array(codes.length), codes, code => places[code]!) };
  };
  return { add, close };
}

const inOrder = (names: readonly string[]): string[] =>
  names.every(name => WHOLE.test(name)) ? names.toSorted((a, b) => Number(a) - Number(b)) : names.toSorted();

/** A label for each row, as in a file: whole numbers or texts. */
export type LabelList = ArrayLike<number> | readonly string[];

/** Labels from a list with one label for each row. */
export function labelsFrom(source: string, where: string, list: LabelList, count: number): TableLabels {
  if (list.length !== count)
    throw usage('not as many labels as rows', {
      where: source,
      got: `${list.length} labels`,
      expected: `${count}, as ${where} has rows`,
    });
  const labels = labelCollector(source, where);
  for (let row = 0; row < count; row++) {
    const label = list[row]!;
    if (typeof label === 'number' && !Number.isInteger(label))
      throw failure('a label that is not a whole number', {
        where: `${source}, row ${row + 1}`,
        got: label,
        remedy: 'Labels are classes: round them, or give them names.',
      });
    labels.add(String(label), `row ${row + 1}`);
  }
  return labels.close();
}
