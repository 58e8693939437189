import { meanAndError } from '../../math/mean.ts';
import { key } from '../../random/index.ts';
import { bentLike, bentMargins, cellsOf, type MarginFit, plainMargins, pointsOf } from './cell-points.ts';
import { type CellRows, coordinatesOf, foldsOf, thinned } from './cell-rows.ts';
import { gaussianOf, MOST_CORRELATED, standardise, type TableScaling } from './fit-table.ts';
import { type Gaussian, stdsOf } from './gaussian.ts';
import { gaussianLogDensities } from './gaussian-density.ts';
import { definite } from './gaussian-fit.ts';
import { mixtureLogDensities } from './mixture.ts';
import { fitMixture, type MixtureFit } from './mixture-fit.ts';

/** Shrinkages that are compared. */
const SHRINKAGES = [0, 0.05, 0.2, 1];
/** Mixtures that are compared, and most coordinates of rows that have one. */
const [COMPONENTS, SHARES, MOST_MIXED] = [[2, 3, 4, 6, 8], [0.3, 0.05, 1], 24];
/** Most rows on which scalings are compared, and most of them to which a mixture is fitted. */
const [MOST_ROWS, MOST_FITTED] = [2000, 800];
/** Fewest rows for each number of a component. With fewer, a mixture learns the training rows by heart. */
const ROWS_OF_NUMBER = 1.25;
const FOLDS = 5;
/** Rows from which two of the folds are enough to compare mixtures, which is slow. */
const MANY_ROWS = 500;

/** A part of the rows as coordinates, with the maps and the Gaussian of the other parts. */
interface Fold {
  readonly gaussian: Gaussian;
  /** Coordinates of the other parts and of this one. */
  readonly fit: Float64Array;
  readonly test: Float64Array;
  /** Σ log slope of each row of this part. */
  readonly slopes: Float64Array;
}

/** The folds with margins bent, or not. */
interface Folds {
  readonly margins: boolean;
  readonly folds: readonly Fold[];
}

/** A scaling, and the nats of each row under what it starts from. */
interface Candidate {
  readonly scaling: TableScaling;
  readonly nats: Float64Array;
}

/** What describes rows best without a network. */
export interface BestScaling {
  /** The scaling with the best Gaussian. */
  readonly gaussian: TableScaling;
  /** The best mixture, if it gains more than a standard error over that Gaussian. */
  readonly mixture?: TableScaling;
}

/**
 * The scaling under which the Gaussian of the transformed rows gives the greatest likelihood to rows that it
 * was not fitted to, and the same for mixtures, by 5-fold cross-validation: exact, and quick, since no
 * network is trained. A network starts at the Gaussian.
 */
export function bestScaling(rows: CellRows, seed: number): BestScaling {
  const few = thinned(rows, MOST_ROWS, key(seed, 'fit/rows'));
  const parts = foldsOf(few, FOLDS, key(seed, 'fit/folds'));
  const size = coordinatesOf(few.kinds);
  // A wide table is scaled by mean and standard deviation: comparing would take long and gain little.
  if (parts.length < 2 || size > MOST_CORRELATED)
    return { gaussian: { margins: false, shrinkage: size > MOST_CORRELATED ? 1 : 0 } };
  // All rows together choose the components of a margin: in each fold anew, that took half of the time.
  const bent = bentLike(cellsOf(few, bentMargins, key(seed, 'fit')));
  const foldsBy = [false, true].map(margins => ({
    margins,
    folds: parts.map(part => foldOf(part, margins ? bent : plainMargins, seed)),
  }));
  const gaussians = foldsBy.flatMap(({ margins, folds }) =>
    SHRINKAGES.map(shrinkage => ({ scaling: { margins, shrinkage }, nats: gaussianNats(folds, shrinkage) })),
  );
  const gaussian = bestOf(gaussians);
  const mixture = size > MOST_MIXED ? undefined : bestMixture(foldsBy, gaussian.scaling.margins, seed);
  if (!mixture) return { gaussian: gaussian.scaling };
  const { mean, standardError } = meanAndError(mixture.nats.map((value, i) => value - gaussian.nats[i]!));
  const isBetter = mean > standardError!;
  return { gaussian: gaussian.scaling, ...(isBetter && { mixture: mixture.scaling }) };
}

function foldOf({ fit, test }: { fit: CellRows; test: CellRows }, margins: MarginFit, seed: number): Fold {
  const cells = cellsOf(fit, margins, key(seed, 'fit'));
  const gaussian = gaussianOf(fit, cells, key(seed, 'fit'));
  const points = pointsOf(test, cells, key(seed, 'fit/test'));
  return {
    gaussian,
    fit: pointsOf(fit, cells, key(seed, 'fit')).coordinates,
    test: points.coordinates,
    slopes: points.logSlopes,
  };
}

const gaussianNats = (folds: readonly Fold[], shrinkage: number): Float64Array =>
  joined(
    folds.map(({ gaussian, test, slopes }) =>
      gaussianLogDensities(definite(gaussian, shrinkage), test).map((value, i) => value + slopes[i]!),
    ),
  );

/**
 * The best mixture, one choice after another: the number of components (more and more, until one is worse
 * than that before), what their covariances share (with one step up or down in number), whether margins are
 * bent.
 */
function bestMixture(foldsBy: readonly Folds[], margins: boolean, seed: number): Candidate | undefined {
  const candidate = (bent: boolean, mixture: MixtureFit): Candidate => {
    const all = foldsBy.find(each => each.margins === bent)!.folds;
    const folds = many ? all.slice(0, 2) : all;
    const nats = joined(folds.map(fold => mixtureNats(fold, mixture, seed)));
    return { scaling: { margins: bent, shrinkage: 0, mixture }, nats };
  };
  const { fit, gaussian } = foldsBy[0]!.folds[0]!;
  const size = gaussian.mean.length;
  const many = fit.length / size >= MANY_ROWS;
  const numbers = ((size + 1) * (size + 2)) / 2;
  const counts = COMPONENTS.filter(k => fit.length / size >= ROWS_OF_NUMBER * k * numbers);
  let best: Candidate | undefined;
  for (const components of counts) {
    const next = candidate(margins, { components, share: SHARES[0]! });
    if (best && sum(next.nats) < sum(best.nats)) break;
    best = next;
  }
  if (!best) return undefined;
  const at = counts.indexOf(best.scaling.mixture!.components);
  const near = counts.slice(Math.max(0, at - 1), at + 2);
  const others = SHARES.slice(1).flatMap(share => near.map(components => ({ components, share })));
  best = bestOf([best, ...others.map(mixture => candidate(margins, mixture))]);
  return bestOf([best, candidate(!margins, best.scaling.mixture!)]);
}

function mixtureNats({ gaussian, fit, test, slopes }: Fold, how: MixtureFit, seed: number): Float64Array {
  const size = gaussian.mean.length;
  const few = standardise(fit.slice(0, MOST_FITTED * size), gaussian);
  const mixture = fitMixture(few, size, how, key(seed, 'fit'));
  const logScale = sum(stdsOf(gaussian).map(Math.log));
  const densities = mixtureLogDensities(mixture, standardise(test.slice(), gaussian));
  return densities.map((value, i) => value + slopes[i]! - logScale);
}

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);

const joined = (parts: readonly Float64Array[]): Float64Array =>
  Float64Array.from(parts.flatMap(part => [...part]));

const bestOf = (candidates: readonly Candidate[]): Candidate =>
  candidates.reduce((best, each) => (sum(each.nats) > sum(best.nats) ? each : best));
