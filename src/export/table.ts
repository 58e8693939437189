import { failure } from '../errors.ts';
import { lagrange } from '../math/lagrange.ts';
import type { Assembly } from './assembly.ts';

/** Degree of the polynomial in each cell. */
const DEGREE = 5;
const NODES = Array.from({ length: DEGREE + 1 }, (_, k) => Math.cos((Math.PI * (k + 0.5)) / (DEGREE + 1)));
const BASIS = lagrange(NODES);
/** Positions in a cell where the error is measured: its ends, and between the nodes. */
const CHECKS = [-1, -0.87, -0.5, 0, 0.5, 0.87, 1];
const MOST_CELLS = 8192;

/** The relative error to reach. */
const TARGET = 1e-7;
/** The largest relative error that is accepted. */
const LIMIT = 1e-5;

/**
 * Functions of time as piecewise polynomials. The cells are even in log(t) − log(end − t). So they are small
 * near both ends of the range, where functions of the theory vary by decades.
 */
export interface TimeTable {
  readonly from: number;
  readonly to: number;
  readonly cells: number;
  readonly width: number;
  /** [cells, DEGREE + 1, width], lowest power first, in u from −1 to 1 across the cell. */
  readonly coefficients: Float64Array;
  /** The largest relative error that was measured between the nodes. */
  readonly error: number;
}

const warp = (t: number, end: number) => Math.log(t) - Math.log(end - t);
const unwarp = (w: number, end: number) => end / (1 + Math.exp(-w));
/**
 * The end of the scale is as far beyond the range as the range begins after 0, so that both ends are treated
 * alike.
 */
const endOf = (from: number, to: number) => to + from;

/**
 * Tabulates `values`: times → one row of `width` values for each time. The number of cells is doubled until
 * the table is precise enough.
 */
export function timeTable(
  values: (times: Float64Array) => Float64Array[],
  from: number,
  to: number,
): TimeTable {
  let table = tabulate(values, from, to, 64);
  while (table.error > TARGET && table.cells < MOST_CELLS) {
    const finer = tabulate(values, from, to, 2 * table.cells);
    if (finer.error > 0.9 * table.error && finer.error < LIMIT) return finer;
    table = finer;
  }
  if (table.error <= LIMIT) return table;
  throw failure('The functions of time of this model change too fast to be tabulated', {
    got: `a relative error of ${table.error.toExponential(1)} with ${table.cells} cells`,
    expected: `at most ${LIMIT}`,
    remedy: 'Export a sampler, which contains only the numbers at its own times',
  });
}

function tabulate(
  values: (times: Float64Array) => Float64Array[],
  from: number,
  to: number,
  cells: number,
): TimeTable {
  const end = endOf(from, to);
  const [low, high] = [warp(from, end), warp(to, end)];
  const at = (cell: number, u: number) =>
    Math.min(to, Math.max(from, unwarp(low + ((high - low) * (cell + 0.5 * (1 + u))) / cells, end)));
  const valuesAt = (places: readonly number[]) =>
    values(
      Float64Array.from({ length: cells * places.length }, (_, i) =>
        at(Math.floor(i / places.length), places[i % places.length]!),
      ),
    );
  const [atNodes, atChecks] = [valuesAt(NODES), valuesAt(CHECKS)];
  const width = atNodes[0]!.length;
  const coefficients = new Float64Array(cells * (DEGREE + 1) * width);
  const place = (cell: number, power: number, j: number) => (cell * (DEGREE + 1) + power) * width + j;
  for (let cell = 0; cell < cells; cell++)
    for (const [k, basis] of BASIS.entries())
      for (const [power, c] of basis.entries())
        for (let j = 0; j < width; j++)
          coefficients[place(cell, power, j)]! += c * atNodes[cell * NODES.length + k]![j]!;
  const largest = Array.from({ length: width }, (_, j) =>
    atChecks.reduce((most, row) => Math.max(most, Math.abs(row[j]!)), 0),
  );
  let error = 0;
  for (const [i, row] of atChecks.entries()) {
    const cell = Math.floor(i / CHECKS.length);
    const u = CHECKS[i % CHECKS.length]!;
    for (let j = 0; j < width; j++) {
      let value = 0;
      for (let power = DEGREE; power >= 0; power--) value = value * u + coefficients[place(cell, power, j)]!;
      // Where a function crosses zero, its error is compared with a small part of its range.
      const scale = Math.abs(row[j]!) + 1e-3 * largest[j]!;
      if (scale > 0) error = Math.max(error, Math.abs(value - row[j]!) / scale);
    }
  }
  return { from, to, cells, width, coefficients, error };
}

/**
 * Looks up times [B] in a table and returns one value [B] for each of its columns, as float32. The arithmetic
 * is float64, so that the values are as precise as the times. A time outside the range is replaced by the
 * nearer end.
 */
export function lookUp(graph: Assembly, table: TimeTable, times: string): string[] {
  const { cells, width, from, to } = table;
  const end = endOf(from, to);
  const [low, high] = [warp(from, end), warp(to, end)];
  const double = (name: string, shape: number[], ...data: number[]) =>
    graph.constant({ name: `time_${name}`, dtype: 'float64', shape, data: Float64Array.from(data) });
  const { emit } = graph;
  const wide = emit('Cast', [times], { to: 11 });
  const t = emit('Min', [emit('Max', [wide, double('from', [], from)]), double('to', [], to)]);
  const warped = emit('Sub', [emit('Log', [t]), emit('Log', [emit('Sub', [double('end', [], end), t])])]);
  const place = emit('Mul', [
    emit('Sub', [warped, double('low', [], low)]),
    double('rate', [], cells / (high - low)),
  ]);
  const inside = emit('Max', [emit('Floor', [place]), double('first', [], 0)]);
  const cell = emit('Min', [inside, double('last', [], cells - 1)]);
  const u = emit('Sub', [
    emit('Mul', [emit('Sub', [place, cell]), double('two', [], 2)]),
    double('one', [], 1),
  ]);
  const column = graph.constant(ints('time_column', -1, 1, 1));
  const powers = Array.from({ length: DEGREE + 1 }, (_, k) => k);
  const monomials = emit('Pow', [
    emit('Reshape', [u, column]),
    double('powers', [1, 1, DEGREE + 1], ...powers),
  ]);
  const entries = graph.constant({
    name: 'time_table',
    dtype: 'float64',
    shape: [cells, DEGREE + 1, width],
    data: table.coefficients,
  });
  const rows = emit('Gather', [entries, emit('Cast', [cell], { to: 7 })], { axis: 0 });
  const values = emit('Cast', [emit('MatMul', [monomials, rows])], { to: 1 });
  return Array.from({ length: width }, (_, j) =>
    emit(
      'Gather',
      [
        emit('Reshape', [values, graph.constant(ints('time_values', -1, width))]),
        graph.constant({ ...ints(`time_index${j}`, j), shape: [] }),
      ],
      { axis: 1 },
    ),
  );
}

const ints = (name: string, ...values: number[]) =>
  ({ name, dtype: 'int64', shape: [values.length], data: BigInt64Array.from(values.map(BigInt)) }) as const;
