import { usage } from '../../errors.ts';
import type { Run } from '../../run/run.ts';

/**
 * The classes of `old:1,happy:-0.5` with their weights, 1 where none is written; undefined for a text that is
 * the name of one class, or has no comma and no weight.
 */
export function classWeights(
  option: string,
  list: string,
  classes: readonly string[],
): Readonly<Record<string, number>> | undefined {
  if (classes.includes(list)) return undefined;
  const pieces = list.split(',').map(piece => {
    const at = piece.lastIndexOf(':');
    const weighted = at > 0 && !classes.includes(piece);
    return weighted
      ? { name: piece.slice(0, at), weight: numberOf(piece.slice(at + 1)) }
      : { name: piece, weight: 1 };
  });
  if (pieces.length === 1 && pieces[0]!.name === list) return undefined;
  const wrong = pieces.find(({ weight }) => !Number.isFinite(weight));
  if (wrong)
    throw usage('The weight of a class is no number', {
      where: option,
      got: list,
      expected: `classes with weights: ${classes[0]}:1,${classes[1]}:-0.5`,
    });
  return Object.fromEntries(pieces.map(({ name, weight }) => [name, weight]));
}

const numberOf = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text));

/** The run of several classes with weights, and no label left; or the run as it is and its label. */
export async function labelled(
  run: Run,
  label: string | undefined,
): Promise<{ readonly run: Run; readonly label: string | undefined; readonly composed: boolean }> {
  const { classesOf } = await import('../../run/folder/config.ts');
  const classes = classesOf(run.config)?.classes;
  const weights = label !== undefined && classes && classWeights('--label', label, classes);
  if (!weights) return { run, label, composed: false };
  const { ofClasses } = await import('../../run/use/labels.ts');
  return { run: ofClasses(run, weights), label: undefined, composed: true };
}
