import { unknownName } from '../errors.ts';
import { type Objective, objectives } from '../objectives/index.ts';
import type { ScoreModel } from '../score/contract.ts';
import type { Sde } from '../sde/contract.ts';
import { entryOf, type Named, nameAndOptions } from './named.ts';

/** A name of `objectives`. */
export type ObjectiveName = keyof typeof objectives;

/** An objective by name, with its own options. */
export type NamedObjective = {
  [N in ObjectiveName]: {
    /** A name in `objectives`. */
    readonly name: N;
  } & NonNullable<Parameters<(typeof objectives)[N]['make']>[2]>;
}[ObjectiveName];

/** What may stand for an objective: a name, or a name with its options, plain JSON. */
export type ObjectiveSpec = ObjectiveName | NamedObjective;

/**
 * Makes the objective asked for, over a model bound to its SDE.
 * @throws usage for an unknown name, and for an option that it does not heed, with the nearest known one
 */
export function makeObjective(spec: ObjectiveSpec, sde: Sde, model: ScoreModel): Objective {
  const { name, options } = nameAndOptions('objective', spec as string | Named);
  const row = entryOf('objective', objectives, name);
  const known: readonly string[] = row.options;
  const stray = Object.keys(options).find(option => !known.includes(option));
  if (stray !== undefined) throw unknownName(`option of ${name}`, stray, known);
  return row.make(sde, model, options);
}
