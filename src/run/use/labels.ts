import { unknownName, usage } from '../../errors.ts';
import type { ScoreModel } from '../../score/contract.ts';
import { guidedModel, labelledModel } from '../../score/labels.ts';
import { classesOf, type ModelConfig } from '../folder/config.ts';
import type { Run } from '../run.ts';

/** Which class of a run its use is about. */
export interface LabelOptions {
  /** A class by name, or by number from 0; without it p(x), whatever the class. */
  readonly label?: string | number;
}

/** The number of a class. Text that is no name is a number where no class is named by one. */
export function labelIndex(config: ModelConfig, label: string | number): number {
  const labels = classesOf(config);
  if (!labels)
    throw usage('The run knows no classes', {
      got: `the label "${label}"`,
      remedy: 'Leave it out, or train with labels: langevin train DATA --labels COLUMN',
    });
  const { classes } = labels;
  const named = typeof label === 'string' ? classes.indexOf(label) : -1;
  if (named >= 0) return named;
  const counted = typeof label === 'number' || !classes.some(name => /^[+-]?\d+$/.test(name));
  const index = label === '' || !counted ? Number.NaN : Number(label);
  if (Number.isInteger(index) && index >= 0 && index < classes.length) return index;
  throw unknownName('label', String(label), classes);
}

/** The model of a run for one of its classes, guided or not; without a label that of p(x). */
export function modelOf(
  { config, model }: Run,
  { label, guidance }: LabelOptions & { readonly guidance?: number },
): ScoreModel {
  if (label !== undefined) {
    const index = labelIndex(config, label);
    return guidance === undefined ? labelledModel(model, index) : guidedModel(model, index, guidance);
  }
  if (guidance === undefined) return model;
  throw usage('Guidance leads to a class', { where: 'guidance', remedy: 'Name the class: label' });
}

/**
 * The run of one class: its model, guided or not, is that of p(x | label), for whatever takes a run, such as
 * `exportOnnx`.
 * @throws usage for a run without classes, and for a label it does not have
 */
export const ofClass = (run: Run, options: LabelOptions & { readonly guidance?: number }): Run => ({
  ...run,
  model: modelOf(run, options),
});
