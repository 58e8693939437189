import { gaussianLogDensities, type TableTransform } from '../../../data/index.ts';
import { logMeanExp } from '../../../math/log-sum.ts';
import { fillUniform, type Key } from '../../../random/index.ts';
import { EVEN_DRAWS, turnDraws } from '../../use/even-draws.ts';
import { closedNats } from '../../use/given/closed-scores.ts';
import { STATES } from '../../use/questions.ts';
import type { KeyedRows } from './rows.ts';

/**
 * Standardised coordinates `[n, D]`, NaN where a value is missing, and what turns their log-densities into
 * those of rows.
 */
export function standardised(
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
  return { z, points, states, logs: slopes.map((value, i) => value + logCells[i]!) };
}

const stateOf = (value: number, known: boolean): number =>
  Number.isNaN(value) ? STATES.absent : known ? STATES.known : STATES.generated;

/**
 * Nats of rows, which a draw gives: of rows at ends that many rows share the mean density over even draws, as
 * for the model.
 */
export function averagedNats(
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
export function gaussianNats(
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
          z.map((v, i) => (states[i] === STATES.known ? v : NaN)),
        );
  return joint.map((value, i) => value - (given?.[i] ?? 0) + logs[i]!);
}

/** The same with log P of names and ends, by a transform that holds a Gaussian or a mixture. */
export function exactNats(
  t: TableTransform,
  rows: KeyedRows,
  drawn: Key,
  known: readonly number[],
): Float64Array {
  const { points, states } = standardised(t, rows, drawn, known);
  const z = t.forward(points, new Float32Array(points.length), states);
  return closedNats(t, rows.values, { z, points, states, context: undefined });
}
