import type { TableTransform } from '../../data/index.ts';
import { unknownName, usage } from '../../errors.ts';
import { fillUniform, key } from '../../random/index.ts';
import { contextModel } from '../../score/context.ts';
import type { ScoreModel } from '../../score/contract.ts';
import type { PlainTensor } from '../../tensor/index.ts';
import type { ModelConfig } from '../folder/config.ts';
import { conditionalCommand } from './conditional-command.ts';
import { turnDraws } from './even-draws.ts';

/** A question about rows: log p(of | given). */
export interface Question {
  /** Columns whose density is computed. Default: all that are not given. */
  readonly of?: readonly string[];
  /** Columns that are known. Default: those of `condition`, if the run was trained with it. */
  readonly given?: readonly string[];
  /** The numbers of rows of a table by which their dequantisation is keyed. Default: 0, 1, 2, … */
  readonly rowNumbers?: Uint32Array;
  /** By what part of a whole turn the draws of each row are moved, so that several lie evenly. Default 0. */
  readonly turns?: Float64Array;
}

/** The states of cells and of coordinates. */
export const STATES = { generated: 0, known: 1, absent: 2 } as const;

/** Rows of a table in model units, and all that their question needs. */
export interface AskedRows {
  /** Coordinates, `[N, D]`; 0 for what is not generated. */
  readonly z: Float32Array;
  /** The points of the rows, `[N, D]`. */
  readonly points: Float64Array;
  /** States of coordinates, `[N, D]`. */
  readonly states: Uint8Array;
  /** The contexts of the rows; undefined if every coordinate of every row is generated. */
  readonly context: PlainTensor | undefined;
}

/**
 * Rows `[N, C]` in data units for a question. Values on a grid and categories are dequantised; their draws
 * are keyed by (seed, `rows`, row, repeat). Missing cells, NaN, are absent, or generated if `impute`.
 */
export function askedRows(
  config: ModelConfig,
  transform: TableTransform,
  x: ArrayLike<number>,
  question: Question & { readonly seed?: number; readonly repeat?: number; readonly impute?: boolean } = {},
): AskedRows {
  const { seed = 0, repeat = 0, impute = false, rowNumbers, turns } = question;
  const { size, width } = transform;
  const rows = x.length / width;
  const u = new Float64Array(rows * size);
  if (transform.steps) {
    const at = rowNumbers ? { samples: rowNumbers } : { first: 0 };
    fillUniform(u, key(seed, 'rows'), { step: repeat, ...at, size });
    if (turns) turnDraws(u, turns, size);
  }
  const points = transform.spread(Float64Array.from(x), u);
  const cells = cellStates(config, transform, x, question, impute);
  const states = transform.states(cells);
  const z = transform.forward(points, new Float32Array(rows * size), states);
  if (states.every(state => state === STATES.generated)) return { z, points, states, context: undefined };
  return { z, points, states, context: transform.context(points, states) };
}

/** The model for these rows. @throws usage for a question that the run does not answer */
export function modelFor(
  model: ScoreModel,
  { context }: AskedRows,
  config: ModelConfig,
  opened = `the run that was trained on ${config.data.source}`,
): ScoreModel {
  if (context && model.contextAt === undefined)
    throw usage('The run answers no questions about columns, and scores no rows with missing cells', {
      where: opened,
      remedy: `Train it on questions, in another folder: ${conditionalCommand(config)}`,
    });
  return context ? contextModel(model, context) : model;
}

/** The states of the cells of rows `[N, C]` under a question. */
export function cellStates(
  config: ModelConfig,
  { width }: TableTransform,
  x: ArrayLike<number>,
  { of, given }: Question,
  impute: boolean,
): Uint8Array {
  const places = placesIn(config);
  const givenPlaces = places(given ?? ('condition' in config.data ? config.data.condition : undefined) ?? []);
  const targetPlaces = of && places(of);
  const common = targetPlaces?.find(c => givenPlaces.includes(c));
  if (common !== undefined)
    throw usage('A column is asked for and given', {
      got: config.data.columns?.[common] ?? `x${common + 1}`,
    });
  const usual = Array.from({ length: width }, (_, c) => {
    if (givenPlaces.includes(c)) return STATES.known;
    return !targetPlaces || targetPlaces.includes(c) ? STATES.generated : STATES.absent;
  });
  const states = new Uint8Array(x.length);
  for (let i = 0; i < states.length; i++) {
    const state = usual[i % width]!;
    if (!Number.isNaN(x[i])) states[i] = impute && state === STATES.generated ? STATES.known : state;
    else states[i] = impute && state === STATES.generated ? STATES.generated : STATES.absent;
  }
  return states;
}

/** The names of the values of a row: those of the table, or x1, x2, … as in an array. */
export const columnNames = (size: number, columns?: readonly string[]): readonly string[] =>
  columns ?? Array.from({ length: size }, (_, d) => `x${d + 1}`);

/** The positions of columns by name. */
export const placesIn =
  ({ data }: ModelConfig) =>
  (names: readonly string[]): number[] =>
    names.map(name => {
      const columns = columnNames(data.shape[0]!, data.columns);
      const place = columns.indexOf(name);
      if (place < 0) throw unknownName('column', name, columns);
      return place;
    });
