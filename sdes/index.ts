import { type Sde, withTraits } from '../src/plugin.ts';
import { formulaSde, type SdeFormulas } from './formula.ts';
import { rectifiedFlow } from './rectified-flow.ts';
import { subVp } from './sub-vp.ts';
import { ve } from './ve.ts';
import { vp } from './vp.ts';

/** What the table declares about an SDE. */
interface Row {
  /** Its factory: `(schedule, options?)` for the kinds `beta` and `sigma`, `(options?)` for the others. */
  (...args: never[]): Sde | Promise<Sde>;
  /** What it needs: a noise rate β(t), a noise level σ(t), two formulas, or none of these. */
  readonly kind: 'beta' | 'sigma' | 'formulas' | 'none';
  /** The name of its default schedule. */
  readonly schedule?: string;
}

/** One row for each SDE: its name, its factory, and the kind and default of its schedule, if it has one. */
export const sdes = {
  /** Variance preserving, the continuous DDPM. */
  vp: withTraits(vp, { kind: 'beta', schedule: 'linear' }),
  /** The drift of `vp` with less noise. */
  'sub-vp': withTraits(subVp, { kind: 'beta', schedule: 'linear' }),
  /** Variance exploding, the continuous NCSN. */
  ve: withTraits(ve, { kind: 'sigma', schedule: 'geometric' }),
  /** The straight path from data to noise of flow matching. */
  'rectified-flow': withTraits(rectifiedFlow, { kind: 'none' }),
  /** From two formulas, f(x, t) and g(t). */
  formula: withTraits(formulaSde, { kind: 'formulas' }),
} as const satisfies Readonly<Record<string, Row>>;

export { formulaSde, rectifiedFlow, type SdeFormulas, subVp, ve, vp };
