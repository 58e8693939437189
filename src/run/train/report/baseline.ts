import {
  type CellKind,
  fitMixture,
  fitTable,
  gaussianLogDensities,
  mixtureLogDensities,
  type TableTransform,
  type Transform,
} from '../../../data/index.ts';
import { logMeanExp } from '../../../math/log-sum.ts';
import { fillUniform, type Key, key } from '../../../random/index.ts';
import { EVEN_DRAWS, turnDraws } from '../../use/even-draws.ts';
import { evenly, type KeyedRows } from './rows.ts';

/** Most training rows that mixtures are fitted to, and most coordinates. */
const [MOST_ROWS, MOST_SIZE] = [3000, 24];
const COMPONENTS = [2, 3, 4, 6, 8];

/** What a statistician would fit in five minutes. */
export interface Baseline {
  /** Nats of each row under the Gaussian; `known` cells are conditioned on. */
  gaussian(rows: KeyedRows, known: readonly number[]): Float64Array;
  /** Whether the Gaussian has a full covariance. */
  readonly full: boolean;
  /** The best small mixture, where one can be fitted. */
  readonly mixture: { readonly components: number; nats(rows: KeyedRows): Float64Array } | undefined;
}

/**
 * A Gaussian, and the best mixture of up to eight, fitted to training rows. Values with steps and categories
 * are dequantised with the same draws as for the model, so its nats compare with theirs.
 */
export function baselineOf(transform: Transform, rows: KeyedRows, seed: number): Baseline {
  const kinds = kindsOf(transform);
  const count = rows.numbers.length;
  const few = count < 5 * transform.size;
  const plain = fitTable({ values: rows.values, kinds }, { margins: false, shrinkage: few ? 0.2 : 0 }, seed);
  const drawn = key(seed, 'rows');
  return {
    full: plain.base !== undefined,
    gaussian: (of, known) => averagedNats(plain, of, turn => gaussianNats(plain, of, known, drawn, turn)),
    mixture: mixtureOf(plain, rows, drawn),
  };
}

const kindsOf = (transform: Transform): CellKind[] =>
  transform.kind === 'table'
    ? transform.cells.map(cell => {
        const json = cell.toJSON();
        if (json.kind === 'category') return { categories: json.probabilities.length };
        const { grid, low, high, atoms } = json;
        return { grid, low, high, atoms };
      })
    : transform.columns.map(({ grid }) => ({ grid }));

/**
 * Standardised coordinates `[n, D]`, NaN where a value is missing, and what turns their log-densities into
 * those of rows.
 */
function standardised(
  t: TableTransform,
  { values, numbers }: KeyedRows,
  drawn: Key,
  known: readonly number[],
  turn = 0,
) {
  const u = new Float64Array(numbers.length * t.size);
  if (t.steps) fillUniform(u, drawn, { step: 0, samples: numbers, size: t.size });
  turnDraws(u, new Float64Array(numbers.length).fill(turn), t.size);
  const points = t.spread(values, u);
  const cells = Uint8Array.from({ length: values.length }, (_, i) =>
    stateOf(values[i]!, known.includes(i % t.width)),
  );
  const states = t.states(cells);
  const y = t.coordinates(points);
  const z = y.map((value, i) => (value - t.gaussian.mean[i % t.size]!) / t.std[i % t.size]!);
  const slopes = t.logDeterminants(points, states);
  const logCells = t.logCells(values, points, states);
  return { z, states, logs: slopes.map((value, i) => value + logCells[i]!) };
}

const stateOf = (value: number, known: boolean) => (Number.isNaN(value) ? 2 : known ? 1 : 0);

/**
 * Nats of rows, which a draw gives: of rows at ends that many rows share the mean density over even draws, as
 * for the model.
 */
function averagedNats(
  t: TableTransform,
  { values }: KeyedRows,
  natsOf: (turn: number) => Float64Array,
): Float64Array {
  const there = t.states(Uint8Array.from({ length: values.length }, (_, i) => stateOf(values[i]!, false)));
  const atEnds = t.atomsOf(values, there).map(atoms => atoms.length > 0);
  if (!atEnds.includes(true)) return natsOf(0);
  const all = Array.from({ length: EVEN_DRAWS.end }, (_, k) => natsOf(k / EVEN_DRAWS.end));
  return all[0]!.map((nats, i) => (atEnds[i] ? logMeanExp(all.map(each => each[i]!)) : nats));
}

/** log N(generated | known) of each row. */
function gaussianNats(
  t: TableTransform,
  rows: KeyedRows,
  known: readonly number[],
  drawn: Key,
  turn: number,
): Float64Array {
  const { z, states, logs } = standardised(t, rows, drawn, known, turn);
  const independent = { mean: new Float64Array(t.size), covariance: new Float64Array(t.size).fill(1) };
  const gaussian = t.base?.components[0] ?? independent;
  const joint = gaussianLogDensities(gaussian, z);
  const given =
    known.length === 0
      ? undefined
      : gaussianLogDensities(
          gaussian,
          z.map((v, i) => (states[i] === 1 ? v : NaN)),
        );
  return joint.map((value, i) => value - (given?.[i] ?? 0) + logs[i]!);
}

function mixtureOf(t: TableTransform, rows: KeyedRows, drawn: Key): Baseline['mixture'] {
  const few = evenly(rows, MOST_ROWS);
  const { z } = standardised(t, few, drawn, []);
  const count = few.numbers.length;
  if (t.size > MOST_SIZE || z.some(Number.isNaN)) return undefined;
  // The fifth part of the rows chooses the number of components.
  const cut = Math.floor(0.8 * count) * t.size;
  let best = { components: 0, nats: -Infinity };
  for (const components of COMPONENTS.filter(k => 0.8 * count >= 5 * k)) {
    const densities = mixtureLogDensities(
      fitMixture(z.slice(0, cut), t.size, { components }, drawn),
      z.slice(cut),
    );
    const nats = densities.reduce((sum, value) => sum + value, 0);
    if (nats > best.nats) best = { components, nats };
  }
  if (best.components === 0) return undefined;
  const mixture = fitMixture(z, t.size, { components: best.components }, drawn);
  return {
    components: best.components,
    nats: of =>
      averagedNats(t, of, turn => {
        const { z: points, logs } = standardised(t, of, drawn, [], turn);
        return mixtureLogDensities(mixture, points).map((value, i) => value + logs[i]!);
      }),
  };
}
