import type { TableTransform } from '../../../data/index.ts';
import { MOST_BOUNDS } from '../../../guide/closed/probability.ts';
import type { LinearQuestion } from '../../../guide/closed/rows.ts';
import { boundOf } from '../../../measure/chart.ts';
import { STATES } from '../questions.ts';

/** Points that all belong to one cell of a row: low ≤ row·z < high over some of its coordinates. */
export interface RowRegion {
  /** The coordinates. */
  readonly places: readonly number[];
  /** The bounds of them, each with a number for each coordinate. */
  readonly bounds: readonly Bound[];
  /** log of what its probability is divided by: the length of an end, 1 of a name. */
  readonly logUnit: number;
}

interface Bound {
  readonly row: ArrayLike<number>;
  readonly low: number;
  readonly high: number;
}

/**
 * The generated cells of each row `[N, C]` that are whole regions: ends that many rows share, and names. The
 * names of a row with very many bounds are left out: they stay points.
 */
export function regionsOf(
  transform: TableTransform,
  x: ArrayLike<number>,
  states: Uint8Array,
): RowRegion[][] {
  const { size, width } = transform;
  const columns = namesOf(transform);
  return transform.atomsOf(x, states).map((atoms, row) => {
    const ends = atoms.map(({ d, low, high, logUnit }) => ({
      ...{ places: [d], bounds: [{ row: [1], low, high }], logUnit },
    }));
    const names = columns.flatMap(({ c, places, of }) => {
      const name = x[row * width + c]!;
      return states[row * size + places[0]!] === STATES.generated && !Number.isNaN(name) ? [of(name)] : [];
    });
    return countOf([...ends, ...names]) > MOST_BOUNDS ? ends : [...names, ...ends];
  });
}

/** Whether something known of a row is a name, or an end that many rows share. */
export function knownRegions(transform: TableTransform, x: ArrayLike<number>, states: Uint8Array): boolean[] {
  const known = states.map(state => (state === STATES.known ? STATES.generated : STATES.absent));
  return regionsOf(transform, x, known).map(regions => regions.length > 0);
}

const countOf = (regions: readonly RowRegion[]): number =>
  regions.reduce((sum, { bounds }) => sum + bounds.length, 0);

/** The columns of names: the cell, its coordinates, and the region of a name. */
export function namesOf({ cells, gaussian, std }: TableTransform) {
  let first = 0;
  return cells.flatMap(({ region, width }, c) => {
    const own = first;
    first += width;
    if (!region) return [];
    const [shift, scale] = [gaussian.mean.subarray(own), std.subarray(own)];
    const places = Array.from({ length: width }, (_, k) => own + k);
    const known = new Map<number, RowRegion>();
    const of = (name: number): RowRegion => {
      const found = known.get(name);
      if (found) return found;
      const bounds = region(name).map(half => ({ ...boundOf(half, shift, scale), high: Infinity }));
      const made = { places, bounds, logUnit: 0 };
      known.set(name, made);
      return made;
    };
    return [{ c, places, of }];
  });
}

/** All bounds of regions as one question about their coordinates, side by side. */
export function questionOf(regions: readonly RowRegion[]): LinearQuestion {
  const none = new Float64Array(0);
  const size = regions.reduce((sum, { places }) => sum + places.length, 0);
  const bounds = regions.flatMap((region, r) => {
    const before = regions.slice(0, r).reduce((sum, { places }) => sum + places.length, 0);
    return region.bounds.map(bound => ({ ...bound, before }));
  });
  const rows = new Float64Array(bounds.length * size);
  for (const [i, { row, before }] of bounds.entries()) rows.set(Float64Array.from(row), i * size + before);
  const [low, high] = [new Float64Array(bounds.length), new Float64Array(bounds.length)];
  for (const [i, bound] of bounds.entries()) [low[i], high[i]] = [bound.low, bound.high];
  return { size, rows, value: none, variance: none, low, high };
}
