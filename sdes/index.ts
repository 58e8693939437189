import { formulaSde, type SdeFormulas } from './formula.ts';
import { rectifiedFlow } from './rectified-flow.ts';
import { subVp } from './sub-vp.ts';
import { ve } from './ve.ts';
import { vp } from './vp.ts';

/**
 * One row for each SDE: its name, its factory, and the kind and default name of its schedule where it has one.
 * The factory is `(schedule, options?)` for kinds `beta` and `sigma`, and `(options?)` for the others.
 */
export const sdes = {
  vp: { make: vp, kind: 'beta', schedule: 'linear' },
  'sub-vp': { make: subVp, kind: 'beta', schedule: 'linear' },
  ve: { make: ve, kind: 'sigma', schedule: 'geometric' },
  'rectified-flow': { make: rectifiedFlow, kind: 'none' },
  formula: { make: formulaSde, kind: 'formulas' },
} as const;

export { formulaSde, rectifiedFlow, type SdeFormulas, subVp, ve, vp };
