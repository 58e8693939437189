import { unknownName, usage } from '../errors.ts';
import { sizeOf } from '../tensor/index.ts';
import { type ErrorOptions, normalLaw } from './checks.ts';
import type { Measurement, Part, Space } from './contract.ts';
import { tracedForm } from './form.ts';
import type { Clause, Form } from './text/contract.ts';
import { parseGiven } from './text/parse.ts';

/**
 * Columns that have values, exactly or with errors of a standard deviation: `equal({ a: 1.5, b: 2 })`.
 * @throws usage for names that the table lacks
 */
export function equal(values: Readonly<Record<string, number>>, options: ErrorOptions = {}): Measurement {
  const names = Object.keys(values);
  const law = normalLaw('equal', Object.values(values), options);
  return Object.freeze({
    name: 'equal',
    linear: true,
    on: async space => {
      const columns = (space.columns ?? []).map(({ name }) => name);
      const places = names.map(name => {
        const place = columns.indexOf(name);
        if (place < 0) throw unknownName('column', name, columns);
        return place;
      });
      const matrix = unitRows(places, sizeOf(space.shape));
      return [{ kind: 'linear', text: names.join(', '), count: names.length, matrix, law }];
    },
  } satisfies Measurement);
}

/**
 * What a text says about columns, in the words of the command line: `formula('b + 2*c = 3 ± 0.1')`,
 * `range('a > 1.5')`, and several with commas between them.
 * @throws usage that lists all faults of the text, as `parseGiven` does
 */
export const given = (text: string): Measurement =>
  Object.freeze({
    name: 'given',
    on: async space => {
      const { columns, leftOut = [] } = space;
      if (columns) return partsOfClauses(await parseGiven(text, [...columns, ...leftOut]), space);
      throw usage('A text is about columns, and these samples have none', {
        where: 'given',
        got: `${text}, of samples of [${space.shape}]`,
        expected: 'a measurement of pictures: mask, crop, downsample, blur or gray',
      });
    },
  } satisfies Measurement);

/** A formula of columns with a value: `formula('b + 2*c = 3 ± 0.1')`. The same as `given`. */
export const formula = given;
/** Bounds of a formula of columns: `range('a > 1.5')`, `range('1 < a + b < 2')`. The same as `given`. */
export const range = given;

/** The parts that clauses stand for. */
export const partsOfClauses = (clauses: readonly Clause[], space: Space): Part[] =>
  clauses.map(clause => partOf(clause, space));

function partOf(clause: Clause, space: Space): Part {
  const size = sizeOf(space.shape);
  const { text } = clause;
  const open = 'open' in clause && clause.open ? ({ open: true } as const) : {};
  if (clause.kind === 'word') return { kind: 'word', text, cell: clause.column, word: clause.word, ...open };
  if (clause.kind === 'value') {
    const law = normalLaw(text, [clause.value], { std: clause.std });
    return { kind: 'linear', text, count: 1, matrix: unitRows([clause.column], size), law, ...open };
  }
  const { linear } = clause.form;
  const offset = linear?.constant ?? 0;
  const law =
    clause.kind === 'formula'
      ? normalLaw(text, [clause.value - offset], { std: clause.std })
      : ({
          kind: 'between',
          low: Float64Array.of(clause.low - offset),
          high: Float64Array.of(clause.high - offset),
          strict: clause.strict,
        } as const);
  if (!linear) return { kind: 'traced', text, count: 1, apply: tracedForm(clause.form), law, ...open };
  return { kind: 'linear', text, count: 1, matrix: rowOf(clause.form, linear.factors, size), law, ...open };
}

function rowOf({ columns }: Form, factors: readonly number[], size: number): Float64Array {
  const row = new Float64Array(size);
  columns.forEach((place, i) => {
    row[place] = row[place]! + factors[i]!;
  });
  return row;
}

/** Rows of zeros with a one at each place, [m, size]. */
export function unitRows(places: readonly number[], size: number): Float64Array {
  const matrix = new Float64Array(places.length * size);
  places.forEach((place, i) => {
    matrix[i * size + place] = 1;
  });
  return matrix;
}
