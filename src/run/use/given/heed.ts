import { usage } from '../../../errors.ts';
import type { Way } from './question.ts';

/** Options that only a solver heeds, and those that only particles heed. */
const OF_SOLVERS = ['solver', 'preset', 'tolerance', 'batch', 'weight', 'interval', 'onState'] as const;
const OF_PARTICLES = ['particles', 'populations'] as const;

/** Rejects options that the method would ignore. */
export function refuseIgnored(
  { particles, name }: Way,
  options: { readonly [option in (typeof OF_SOLVERS)[number] | (typeof OF_PARTICLES)[number]]?: unknown },
): void {
  const ignored = (particles ? OF_SOLVERS : OF_PARTICLES).find(option => options[option] !== undefined);
  if (ignored === undefined) return;
  throw usage(`The method "${name}" ignores this option`, {
    where: ignored,
    remedy: particles
      ? 'Leave it out, or choose a method that guides a solver, such as mmps or pigdm'
      : 'Leave it out, or choose the method smc',
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
