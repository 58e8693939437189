import type { TableTransform } from '../../../data/index.ts';
import { askedComponent } from '../../../guide/closed/component.ts';
import { evidenceOfMixture } from '../../../guide/closed/probability.ts';
import { type AskedRows, STATES } from '../questions.ts';
import { type AskedComponent, askedLaws } from './asked-laws.ts';
import { ofCoordinates } from './coordinates.ts';
import { knownRegions, questionOf, type RowRegion, regionsOf } from './row-regions.ts';

/** Points of a lattice for one row, of which there may be many. */
const POINTS = 32;

/**
 * log p(generated | known) of rows `[N, C]` in data units, by a run that is a mixture of Gaussians. An end
 * that many rows share is all that lies beyond it, and a name is all points of its code that are nearest to
 * it. So a row has log p(the rest) + log P(ends, names | the rest), the P of an end divided by one value of
 * its column. Where an end or a name is known, it is the difference of log p(generated, known) and log
 * p(known).
 */
export function closedNats(transform: TableTransform, x: ArrayLike<number>, rows: AskedRows): Float64Array {
  const known = rows.states.map(state => (state === STATES.known ? STATES.generated : STATES.absent));
  const isKnown = knownRegions(transform, x, rows.states);
  if (!isKnown.includes(true)) return natsOf(transform, x, rows);
  const isOf = (i: number) => isKnown[Math.floor(i / transform.size)]!;
  const there = rows.states.map(state => (state === STATES.absent ? state : STATES.generated));
  const joint = rows.states.map((state, i) => (isOf(i) ? there[i]! : state));
  const condition = known.map((state, i) => (isOf(i) ? state : STATES.absent));
  const [of, given] = [joint, condition].map(states => natsOf(transform, x, { ...rows, states }));
  return of!.map((nats, row) => nats - (isKnown[row] ? given![row]! : 0));
}

/** The same where no known value is an end or a name. */
function natsOf(transform: TableTransform, x: ArrayLike<number>, rows: AskedRows): Float64Array {
  const { size } = transform;
  const { points, states } = rows;
  const regions = regionsOf(transform, x, states);
  const rest = states.slice();
  for (const [row, own] of regions.entries())
    for (const { places } of own) for (const d of places) rest[row * size + d] = STATES.absent;
  // A coordinate that is not generated stands at 0.
  const z = rows.z.map((value, i) => (rest[i] === STATES.generated ? value : 0));
  const nats = askedLaws(transform, { ...rows, z, states: rest }).logDensities();
  const [slopes, cells] = [transform.logDeterminants(points, rest), transform.logCells(x, points, rest)];
  const given = states.map((state, i) =>
    state === rest[i] && state !== STATES.absent ? STATES.known : state,
  );
  const whole = askedLaws(transform, { ...rows, states: given });
  return nats.map((value, row) => {
    const others = rest.subarray(row * size, (row + 1) * size).filter(state => state !== STATES.generated);
    const own = value + slopes[row]! + cells[row]! + 0.5 * Math.log(2 * Math.PI) * others.length;
    return regions[row]!.length === 0 ? own : own + logOfRegions(whole.lawOf(row), regions[row]!);
  });
}

/** log P of the ends and names of a row, by the law of their coordinates. */
function logOfRegions(law: readonly AskedComponent[], regions: readonly RowRegion[]): number {
  const places = regions.flatMap(region => region.places);
  const question = questionOf(regions);
  const asked = law.flatMap(component => askedComponent(ofCoordinates(component, places), question) ?? []);
  const units = regions.reduce((sum, { logUnit }) => sum + logUnit, 0);
  return evidenceOfMixture(asked, question, POINTS).logEvidence - units;
}
