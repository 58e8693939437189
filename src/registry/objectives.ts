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
  } & NonNullable<Parameters<(typeof objectives)[N]>[2]>;
}[ObjectiveName];

/** An objective: a name, or a name with its options. Plain JSON. */
export type ObjectiveSpec = ObjectiveName | NamedObjective;

/**
 * Makes an objective for a model that is bound to its SDE.
 * @throws usage for an unknown name, and for an option that the objective does not read; the error suggests
 * the nearest one
 */
export function makeObjective(spec: ObjectiveSpec, sde: Sde, model: ScoreModel): Objective {
  const { name, options } = nameAndOptions('objective', spec as string | Named);
  const row = entryOf('objective', objectives, name);
  const optionNames: readonly string[] = row.options;
  const unknown = Object.keys(options).find(option => !optionNames.includes(option));
  if (unknown !== undefined) throw unknownName(`option of ${name}`, unknown, optionNames);
  return row(sde, model, options);
}
