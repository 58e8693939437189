import type { RowAtom, TableTransform } from '../../../data/index.ts';
import { askedComponent } from '../../../guide/closed/component.ts';
import { evidenceOfMixture } from '../../../guide/closed/probability.ts';
import type { LinearQuestion } from '../../../guide/closed/rows.ts';
import { type AskedRows, STATES } from '../questions.ts';
import { type AskedComponent, askedLaws } from './asked-laws.ts';
import { ofCoordinates } from './coordinates.ts';

/** Points of a lattice for one row: few rows stand at several ends at once. */
const POINTS = 64;

/**
 * log p(generated | known) of rows `[N, C]` in data units, by a run that is a mixture of Gaussians. An end
 * that many rows share is all that lies beyond it. So a row at such ends has log p(the rest) + log P(ends |
 * the rest), each P divided by one value of its column. Where such an end is known, it is the difference of
 * log p(generated, known) and log p(known).
 */
export function closedNats(transform: TableTransform, x: ArrayLike<number>, rows: AskedRows): Float64Array {
  const known = rows.states.map(state => (state === STATES.known ? STATES.generated : STATES.absent));
  const isKnown = transform.atomsOf(x, known).map(atoms => atoms.length > 0);
  if (!isKnown.includes(true)) return natsOf(transform, x, rows);
  const isOf = (i: number) => isKnown[Math.floor(i / transform.size)]!;
  const there = rows.states.map(state => (state === STATES.absent ? state : STATES.generated));
  const joint = rows.states.map((state, i) => (isOf(i) ? there[i]! : state));
  const condition = known.map((state, i) => (isOf(i) ? state : STATES.absent));
  const [of, given] = [joint, condition].map(states => natsOf(transform, x, { ...rows, states }));
  return of!.map((nats, row) => nats - (isKnown[row] ? given![row]! : 0));
}

/** The same where no known value is such an end. */
function natsOf(transform: TableTransform, x: ArrayLike<number>, rows: AskedRows): Float64Array {
  const { size } = transform;
  const { points, states } = rows;
  const atoms = transform.atomsOf(x, states);
  const rest = states.slice();
  for (const [row, own] of atoms.entries()) for (const { d } of own) rest[row * size + d] = STATES.absent;
  // A coordinate that is not generated stands at 0.
  const z = rows.z.map((value, i) => (rest[i] === STATES.generated ? value : 0));
  const nats = askedLaws(transform, { ...rows, z, states: rest }).logDensities();
  const [slopes, cells] = [transform.logDeterminants(points, rest), transform.logCells(x, points, rest)];
  const whole = states.map((state, i) =>
    state === rest[i] && state !== STATES.absent ? STATES.known : state,
  );
  const ends = askedLaws(transform, { ...rows, states: whole });
  return nats.map((value, row) => {
    const others = rest.subarray(row * size, (row + 1) * size).filter(state => state !== STATES.generated);
    const own = value + slopes[row]! + cells[row]! + 0.5 * Math.log(2 * Math.PI) * others.length;
    return atoms[row]!.length === 0 ? own : own + logOfEnds(ends.lawOf(row), atoms[row]!);
  });
}

/** log P of the ends at which a row stands, by the law of their coordinates. */
function logOfEnds(law: readonly AskedComponent[], atoms: readonly RowAtom[]): number {
  const places = atoms.map(({ d }) => d);
  const question = boundsOf(atoms);
  const asked = law.flatMap(component => askedComponent(ofCoordinates(component, places), question) ?? []);
  const units = atoms.reduce((sum, { logUnit }) => sum + logUnit, 0);
  return evidenceOfMixture(asked, question, POINTS).logEvidence - units;
}

function boundsOf(atoms: readonly RowAtom[]): LinearQuestion {
  const none = new Float64Array(0);
  const size = atoms.length;
  const rows = new Float64Array(size * size);
  for (let i = 0; i < size; i++) rows[i * (size + 1)] = 1;
  const [low, high] = [atoms.map(atom => atom.low), atoms.map(atom => atom.high)].map(ends =>
    Float64Array.from(ends),
  ) as [Float64Array, Float64Array];
  return { size, rows, value: none, variance: none, low, high };
}
