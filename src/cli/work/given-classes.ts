import { usage } from '../../errors.ts';
import type { Measurement } from '../../measure/contract.ts';
import type { Run } from '../../run/run.ts';
import type { ArgsOf, OptionTable } from '../arguments/command.ts';
import { word } from '../arguments/options.ts';
import { text } from '../arguments/values.ts';
import { classWeights } from './classes.ts';

/** How a classifier tells a class of the samples. */
export const classOptions = {
  classifier: { ...word, describe: 'a classifier of `langevin train --objective classifier`, for --class' },
  class: { ...word, describe: 'a class of --classifier, or classes with weights: setosa:1,virginica:-0.5' },
} as const satisfies OptionTable;

/** The classes that a classifier says samples of the run to have; none without the options. */
export async function classesOf(args: ArgsOf<typeof classOptions>, run: Run): Promise<Measurement[]> {
  const [dir, list] = [text(args, 'classifier'), text(args, 'class')];
  if (dir === undefined && list === undefined) return [];
  if (dir === undefined || list === undefined)
    throw usage('--classifier and --class belong together', {
      remedy: 'Give both: --classifier runs/which --class NAME. A run with labels takes --label NAME',
    });
  const { openClassifier } = await import('../../run/classifier.ts');
  const { givenClasses } = await import('../../run/use/given/classes.ts');
  const byName = 'byValue' in run.config.sde || run.config.sde.name === 'file' ? { sde: run.sde } : {};
  const which = await openClassifier(dir, byName);
  const weights = classWeights('--class', list, which.config.labels.classes) ?? { [list]: 1 };
  return [givenClasses(run, which, weights)];
}
