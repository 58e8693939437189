import { shortList, unknownName, usage } from '../../../errors.ts';
import { classesGiven } from '../../../guide/classes.ts';
import type { Measurement } from '../../../measure/contract.ts';
import type { ClassifierRun } from '../../classifier.ts';
import type { ModelConfig } from '../../folder/config.ts';
import type { Run } from '../../run.ts';
import { columnNames } from '../questions.ts';

/**
 * What a classifier says of classes, as something that is given of samples of a run: p(x)·Π p(k | x)^w, such
 * as `givenClasses(run, which, { setosa: 1 })`, or with more classes and weights, also below 0.
 * @throws usage for a classifier of other columns, units or noise than those of the run, by name; for a class
 *   that it does not know; and for weights that are no numbers
 */
export function givenClasses(
  run: Run,
  which: ClassifierRun,
  weights: Readonly<Record<string, number>>,
): Measurement {
  requireMatch(run, which);
  const { classes, source } = which.config.labels;
  for (const name of Object.keys(weights))
    if (!classes.includes(name)) throw unknownName(`class of "${source}"`, name, classes);
  const said = Object.entries(weights).map(([name, weight]) => (weight === 1 ? name : `${name}:${weight}`));
  const each = classes.map(name => weights[name] ?? 0);
  return classesGiven(which.classifier, each, `${source} = ${said.join(',')}`);
}

/** Times at which two SDEs are compared, as parts of the last. */
const PARTS = [0, 0.01, 0.1, 0.5, 1];

function requireMatch(run: Run, { config, sde }: ClassifierRun): void {
  const [own, other] = [run.config, config];
  const refuse = (what: string, got: string, expected: string) =>
    usage(`The classifier was trained with other ${what} than the run`, {
      where: other.data.source,
      got,
      expected,
      remedy:
        'Train it for this run: langevin train DATA --labels COLUMN --objective classifier --for RUN --out WHICH',
    });
  if (columnsOf(own) !== columnsOf(other) || `${own.data.shape}` !== `${other.data.shape}`)
    throw refuse('columns', ...differenceOf(own, other));
  const rescaled = rescaledColumns(own, other);
  if (rescaled.length > 0)
    throw refuse('units', `another scaling of ${shortList(rescaled, 8)}`, 'that of the run');
  const at = (of: Run['sde'], part: number) => of.marginal(of.tMin + part * (of.tMax - of.tMin));
  const same = PARTS.every(part => {
    const [a, b] = [at(run.sde, part), at(sde, part)];
    return Math.abs(a.scale - b.scale) < 1e-6 * b.scale && Math.abs(a.std - b.std) < 1e-6 * b.std;
  });
  const named = (of: Run['sde']) => JSON.stringify(of.spec ?? of.name);
  if (!same) throw refuse('noise', named(sde), named(run.sde));
}

type Columns = Pick<ModelConfig, 'data' | 'transform'>;

const columnsOf = ({ data }: Columns): string => data.columns?.join(', ') ?? `[${data.shape}]`;

/** What each of two lists of columns has and the other lacks; the lists if only the order differs. */
function differenceOf(own: Columns, other: Columns): [got: string, expected: string] {
  const lacking = ({ data }: Columns, from: Columns) =>
    (data.columns ?? []).filter(name => !from.data.columns?.includes(name));
  const [more, missing] = [lacking(other, own), lacking(own, other)];
  if (more.length + missing.length === 0) return [columnsOf(other), columnsOf(own)];
  const list = (names: readonly string[]) => (names.length === 0 ? 'none of them' : shortList(names, 8));
  return [
    `${columnsOf(other)} (${list(more)} beside those of the run)`,
    `${columnsOf(own)} (also ${list(missing)})`,
  ];
}

/** The columns whose map to model units differs. The mixture of a table is the law of the coordinates. */
function rescaledColumns(own: Columns, other: Columns): string[] {
  const size = own.data.shape.reduce((product, side) => product * side, 1);
  const names = columnNames(size, own.data.columns);
  const [maps, others] = [mapsOf(own), mapsOf(other)];
  return names.filter((_, c) => maps[c] !== others[c]);
}

/** The map of each column, in words that are equal where it is. */
function mapsOf({ transform }: Columns): string[] {
  if (!('cells' in transform))
    return transform.shift.map((shift, d) => JSON.stringify([shift, transform.scale[d]]));
  const { mean, covariance } = transform.gaussian;
  const step = covariance.length > mean.length ? mean.length + 1 : 1;
  let first = 0;
  return transform.cells.map(cell => {
    const width = cell.kind === 'number' ? 1 : Math.ceil(Math.log2(cell.probabilities.length));
    const places = Array.from({ length: width }, (_, k) => first + k);
    first += width;
    return JSON.stringify([cell, places.map(d => [mean[d], covariance[d * step]])]);
  });
}
