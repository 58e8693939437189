import {
  type CellKind,
  fitMixture,
  fitTable,
  type GaussianMixture,
  mixtureJson,
  mixtureLogDensities,
  type TableTransform,
  type Transform,
  transformFromJson,
} from '../../../data/index.ts';
import { type Key, key } from '../../../random/index.ts';
import { averagedNats, exactNats, gaussianNats, standardised } from './baseline-nats.ts';
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
 * are dequantised with the same draws as for the model, so its nats compare with theirs. With `isExact`,
 * names and ends have their probabilities, as they have under a model that is a mixture itself.
 */
export function baselineOf(transform: Transform, rows: KeyedRows, seed: number, isExact: boolean): Baseline {
  const kinds = kindsOf(transform);
  const count = rows.numbers.length;
  const few = count < 5 * transform.size;
  const plain = fitTable({ values: rows.values, kinds }, { margins: false, shrinkage: few ? 0.2 : 0 }, seed);
  const drawn = key(seed, 'rows');
  return {
    full: plain.base !== undefined,
    gaussian: (of, known) =>
      isExact
        ? exactNats(plain, of, drawn, known)
        : averagedNats(plain, of, turn => gaussianNats(plain, of, known, drawn, turn)),
    mixture: mixtureOf(plain, rows, drawn, isExact),
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

const withMixture = (t: TableTransform, mixture: GaussianMixture): TableTransform =>
  transformFromJson({ ...t.toJSON(), mixture: mixtureJson(mixture) }, 'the baseline') as TableTransform;

function mixtureOf(t: TableTransform, rows: KeyedRows, drawn: Key, isExact: boolean): Baseline['mixture'] {
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
      isExact
        ? exactNats(withMixture(t, mixture), of, drawn, [])
        : averagedNats(t, of, turn => {
            const { z: points, logs } = standardised(t, of, drawn, [], turn);
            return mixtureLogDensities(mixture, points).map((value, i) => value + logs[i]!);
          }),
  };
}
