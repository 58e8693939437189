import { usage } from '../errors.ts';
import type { Guidance } from '../guide/contract.ts';
import { guidances } from '../guide/methods/index.ts';
import { make, type Named, type NamedIn } from './named.ts';

/** A name in `guidances`. */
export type GuidanceName = keyof typeof guidances;

/** What may stand for a guidance: a name, a name with its options, or a guidance of your own. */
export type GuidanceSpec = NamedIn<typeof guidances> | Guidance;

/**
 * A guidance by name (`"mmps"`), by name with options (`{ name: "dps", zeta: 2 }`) or by value.
 * @throws usage for an unknown name (with the nearest known), a wrong option, or a value that is none
 */
export function makeGuidance(spec: GuidanceSpec): Guidance {
  if (typeof spec === 'object' && spec !== null && 'cost' in spec) return requireGuidance(spec);
  return make('guidance', guidances, spec as string | Named);
}

function requireGuidance(value: Guidance): Guidance {
  const acts = typeof value.look === 'function' || typeof value.around === 'function';
  if (typeof value.name === 'string' && typeof value.cost === 'function' && acts) return value;
  throw usage('this is no guidance', {
    got: value.name,
    expected: 'an object with name, cost and look or around',
  });
}
