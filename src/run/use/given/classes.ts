import { unknownName, usage } from '../../../errors.ts';
import { classesGiven } from '../../../guide/classes.ts';
import type { Measurement } from '../../../measure/contract.ts';
import type { ClassifierRun } from '../../classifier.ts';
import type { ModelConfig } from '../../folder/config.ts';
import type { Run } from '../../run.ts';

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
    if (!classes.includes(name)) throw unknownName('class', name, classes);
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
  const columns = ({ data }: Pick<ModelConfig, 'data'>) => data.columns?.join(', ') ?? `[${data.shape}]`;
  if (columns(own) !== columns(other) || `${own.data.shape}` !== `${other.data.shape}`)
    throw refuse('columns', columns(other), columns(own));
  if (unitsOf(own) !== unitsOf(other))
    throw refuse('units', 'another scaling of the same columns', 'that of the run');
  const at = (of: Run['sde'], part: number) => of.marginal(of.tMin + part * (of.tMax - of.tMin));
  const same = PARTS.every(part => {
    const [a, b] = [at(run.sde, part), at(sde, part)];
    return Math.abs(a.scale - b.scale) < 1e-6 * b.scale && Math.abs(a.std - b.std) < 1e-6 * b.std;
  });
  const named = (of: Run['sde']) => JSON.stringify(of.spec ?? of.name);
  if (!same) throw refuse('noise', named(sde), named(run.sde));
}

/** The map to model units. The mixture of a table is the law of the coordinates, not their units. */
function unitsOf({ transform }: Pick<ModelConfig, 'transform'>): string {
  if (!('cells' in transform)) return JSON.stringify([transform.shift, transform.scale]);
  const { cells, gaussian } = transform;
  return JSON.stringify([cells, gaussian]);
}
