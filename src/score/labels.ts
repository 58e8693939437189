import { usage } from '../errors.ts';
import { coefficients } from '../sde/coefficients.ts';
import { type Coefficient, combine, type PlainTensor, type Tensor, tile } from '../tensor/index.ts';
import type { ScoreModel } from './contract.ts';
import { type GuidanceStrength, strengthOf } from './strength.ts';

/** @throws usage for an invalid number of classes */
export function requireClasses(classes: number, where: string): number {
  if (Number.isInteger(classes) && classes > 1 && classes <= 65536) return classes;
  throw usage('The number of classes has to be a whole number', {
    where,
    got: classes,
    expected: '2 to 65536',
  });
}

/** Labels, 0 to K (K: none), as rows of zeros with a one at the label: [B, K + 1]. */
export function oneHot(labels: ArrayLike<number>, classes: number): PlainTensor {
  const width = classes + 1;
  const data = new Float32Array(labels.length * width);
  for (let i = 0; i < labels.length; i++) data[i * width + labels[i]!] = 1;
  return { data, shape: [labels.length, width] };
}

/**
 * The model p(x | label) of a class-conditional model; label K means none, p(x).
 * @throws usage for a model without classes, and for a label that it does not have
 */
export function labelledModel(model: ScoreModel, label: number): ScoreModel {
  const classes = classesOf(model);
  if (!(Number.isInteger(label) && label >= 0 && label <= classes))
    throw usage('There is no such label', { where: 'label', got: label, expected: `0 to ${classes}` });
  return Object.freeze({
    ...model,
    weights: [...model.weights.slice(0, -1), labelRow(model, label, classes)],
  });
}

/**
 * Classifier-free guidance (Ho & Salimans 2022, eq. 6): F = (1 + w)·F(x, t, label) − w·F(x, t, none). Its
 * score is that of p(x | label)·p(label | x)^w. Each call takes one more evaluation where w is not 0; w may
 * depend on time, or be 0 outside an interval (Kynkäänniemi et al. 2024). With w = 0 it is the model of the
 * label itself. It works for any prediction, because noise, score, data and velocity are linear in F and the
 * coefficients sum to one.
 * @throws usage for a guidance that is not a number, and as `labelledModel` does
 */
export function guidedModel(
  model: ScoreModel,
  label: number,
  guidance: number | GuidanceStrength,
): ScoreModel {
  const w = strengthOf(typeof guidance === 'number' ? { weight: guidance } : guidance, 0);
  const labelled = labelledModel(model, label);
  if (guidance === 0) return labelled;
  const none = labelRow(model, classesOf(model), classesOf(model));
  return Object.freeze({
    name: model.name,
    shape: model.shape,
    weights: [...labelled.weights, none],
    ...(model.contextAt !== undefined && { contextAt: model.contextAt }),
    ...(model.generated && { generated: model.generated }),
    evaluations: 2,
    noiseForm: model.noiseForm,
    direct: model.direct === true,
    raw(weights: readonly Tensor[], x: Tensor, t: Coefficient): Tensor {
      const ofLabel = weights.slice(0, -1);
      const ofNone = [...weights.slice(0, -2), weights.at(-1)!];
      const own = model.raw(ofLabel, x, t);
      if (typeof t === 'number' && w(t) === 0) return own;
      const [towards, away] = coefficients(time => [1 + w(time), -w(time)] as const, t);
      return combine([towards, own], [away, model.raw(ofNone, x, t)]);
    },
  });
}

/**
 * The input tensor of each label. It is the same tensor each time, because engines recognise programs by
 * their tensors.
 */
const labelRows = new WeakMap<ScoreModel, Map<number, PlainTensor>>();

function labelRow(model: ScoreModel, label: number, classes: number): PlainTensor {
  const labels = labelRows.get(model) ?? new Map<number, PlainTensor>();
  const row = labels.get(label) ?? oneHot([label], classes);
  labelRows.set(model, labels.set(label, row));
  return row;
}

function classesOf({ classes, name }: ScoreModel): number {
  if (classes !== undefined) return classes;
  throw usage('The model has no classes', {
    where: name,
    remedy: 'Leave label and guidance out, or train with labels: langevin train DATA --labels COLUMN',
  });
}

/**
 * Repeats a value for each sample of a batch until there are `rows` rows. They repeat the batch as an exact
 * divergence does.
 */
export const spread = (each: Tensor, rows: number): Tensor =>
  each.shape[0] === 1 || each.shape[0] === rows ? each : tile(each, rows / each.shape[0]!);
