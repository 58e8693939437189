import { usage } from '../../../errors.ts';
import type { Way } from './question.ts';

/** Options that only a guided solver heeds, and those that only weighted samples heed. */
const OF_SOLVERS = ['solver', 'preset', 'tolerance', 'batch', 'weight', 'interval', 'onState'] as const;
const OF_WEIGHTS = ['particles', 'populations'] as const;
/** Options that importance does not heed: its solver chooses its own steps. */
const NOT_OF_IMPORTANCE = [...OF_SOLVERS.filter(option => option !== 'tolerance'), 'steps', 'grid'] as const;
type OptionName = (typeof OF_SOLVERS)[number] | (typeof OF_WEIGHTS)[number] | 'steps' | 'grid';

/** Rejects options that the method would ignore. */
export function refuseIgnored(
  { kind, name }: Way,
  options: { readonly [option in OptionName]?: unknown },
): void {
  const not = { smc: OF_SOLVERS, importance: NOT_OF_IMPORTANCE, guided: OF_WEIGHTS }[kind];
  const ignored = not.find(option => options[option] !== undefined);
  if (ignored === undefined) return;
  throw usage(`The method "${name}" ignores this option`, {
    where: ignored,
    remedy:
      kind === 'guided'
        ? 'Leave it out, or choose the method smc'
        : 'Leave it out, or choose a method that guides a solver, such as mmps or pigdm',
  });
}

/** Rejects options of an answer if there is no question. */
export function refuseLoose(options: { readonly [option in (typeof OF_ANSWERS)[number]]?: unknown }): void {
  const loose = OF_ANSWERS.find(option => options[option] !== undefined);
  if (loose === undefined) return;
  throw usage('This option says how a question is answered, and there is none', {
    where: loose,
    remedy: 'Leave it out, or say what is known: given',
  });
}

const OF_ANSWERS = ['method', 'twist', 'particles', 'populations', 'weight', 'interval'] as const;
