import { unknownName, usage } from '../../errors.ts';
import { compose } from '../../score/compose.ts';
import type { ScoreModel } from '../../score/contract.ts';
import { guidedModel, labelledModel } from '../../score/labels.ts';
import type { GuidanceStrength } from '../../score/strength.ts';
import { classesOf, type ModelConfig } from '../folder/config.ts';
import type { Run } from '../run.ts';

/** The class of a run that a use is about. */
export interface LabelOptions {
  /** A class by name, or by number from 0. Without it, the density is p(x) over all classes. */
  readonly label?: string | number;
}

function classNames(config: ModelConfig, got: string): readonly string[] {
  const labels = classesOf(config);
  if (labels) return labels.classes;
  throw usage('The run has no classes', {
    got,
    remedy: 'Leave it out, or train with labels: langevin train DATA --labels COLUMN',
  });
}

/**
 * The number of a class. A text that is not a class name is read as a number, unless some class name is a
 * number.
 */
export function labelIndex(config: ModelConfig, label: string | number): number {
  const classes = classNames(config, `the label "${label}"`);
  const indexOfName = typeof label === 'string' ? classes.indexOf(label) : -1;
  if (indexOfName >= 0) return indexOfName;
  const mayBeNumber = typeof label === 'number' || !classes.some(name => /^[+-]?\d+$/.test(name));
  const index = label === '' || !mayBeNumber ? Number.NaN : Number(label);
  if (Number.isInteger(index) && index >= 0 && index < classes.length) return index;
  throw unknownName('label', String(label), classes);
}

/** A class, and how strongly samples are drawn towards it. */
export interface GuidedLabel extends LabelOptions {
  /** The weight of classifier-free guidance, or its strength by time. Default 0. */
  readonly guidance?: number | GuidanceStrength;
}

/**
 * The model of a run for one of its classes, with or without guidance; without a label the model of p(x).
 * @throws usage for a run that was trained at one noise level: a path from noise to data needs them all
 */
export function modelOf(run: Run, options: GuidedLabel): ScoreModel {
  const sigma = levelOf(run);
  if (sigma === undefined) return modelAtLevels(run, options);
  throw usage('The run was trained at one noise level and knows no other', {
    where: run.config.data.source,
    got: `noise of ${sigma} standard deviations`,
    remedy: 'Draw at its level: langevin chains RUN. Or train at all levels: leave out --sigma',
  });
}

/** σ/α of the one noise level that a run was trained at; undefined if it was trained at all. */
export const levelOf = ({ config }: Run): number | undefined =>
  'imported' in config ? undefined : config.objective.sigma;

/**
 * σ/α at which a run is used: `noise`, or the one level of the run, or 0.05.
 * @throws usage for another level than the one that the run was trained at
 */
export function noiseOf(run: Run, noise: number | undefined): number {
  const ownLevel = levelOf(run);
  if (ownLevel === undefined || noise === undefined || noise === ownLevel) return noise ?? ownLevel ?? 0.05;
  throw usage('The run was trained at one noise level and knows no other', {
    where: 'noise',
    got: noise,
    mend: { says: 'Take its level:', options: { noise: String(ownLevel) } },
  });
}

/** The same as `modelOf`, for uses that stay at one noise level. */
export function modelAtLevels({ config, model, sde }: Run, { label, guidance }: GuidedLabel): ScoreModel {
  if (typeof guidance === 'object') requireTimes(guidance, sde.tMax);
  if (label !== undefined) {
    const index = labelIndex(config, label);
    return guidance === undefined ? labelledModel(model, index) : guidedModel(model, index, guidance);
  }
  if (guidance === undefined) return model;
  const [first = ''] = classNames(config, 'guidance');
  throw usage('Guidance needs a class', {
    where: 'guidance',
    mend: { says: 'Name the class:', options: { label: first } },
  });
}

/** @throws usage for an interval that has no time of the SDE: nothing would be guided */
function requireTimes({ interval = [0, 1] }: GuidanceStrength, tMax: number): void {
  const [from, to] = interval;
  if (!(from > tMax || to < 0)) return;
  throw usage('The interval of the guidance has no time of the SDE', {
    where: 'interval',
    got: `${from} to ${to}`,
    expected: `times from 0 (data) to ${tMax} (noise)`,
  });
}

/**
 * The run of several classes at once, each with a weight: its model is that of p(x)·Π (p(x | k)/p(x))^w_k, so
 * that `{ old: 1, happy: 1 }` has both and `{ old: -0.5 }` keeps away from one. See `compose`, which says
 * where this is approximate.
 * @throws usage for a run without classes, and for a label that it does not have
 */
export const ofClasses = (run: Run, weights: Readonly<Record<string, number>>): Run => {
  const factors = Object.entries(weights).map(([label, weight]) => ({
    model: modelOf(run, { label }),
    weight,
  }));
  return { ...run, model: compose(modelOf(run, {}), factors) };
};

/**
 * The run of one class: its model is that of p(x | label), with or without guidance. It can be used wherever
 * a run is, for example in `exportOnnx`.
 * @throws usage for a run without classes, and for a label that it does not have
 */
export const ofClass = (run: Run, options: GuidedLabel): Run => ({
  ...run,
  model: modelOf(run, options),
});
