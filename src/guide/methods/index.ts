import { withTraits } from '../../sde/traits.ts';
import type { Guidance } from '../contract.ts';
import { classifier } from './classifier.ts';
import { diffpir } from './diffpir.ts';
import { dps } from './dps.ts';
import { mmps } from './mmps.ts';
import { pigdm } from './pigdm.ts';
import { repaint, replacement } from './replacement.ts';

/** What the table declares about a guidance. */
interface Row {
  /** Makes it. */
  (options?: never): Guidance;
  /** The moments of p(x₀ | x_t) that it uses, in words. */
  readonly moments: string;
}

/** One row for each way from a measurement to a guided model: its factory, and what it declares. */
export const guidances = Object.freeze({
  mmps: withTraits(mmps, { moments: 'V = (σ²/α)·∂x̂/∂x_t, exact for Gaussian data' }),
  pigdm: withTraits(pigdm, { moments: 'V = r²I, r² = σ²/(α² + σ²)' }),
  dps: withTraits(dps, { moments: 'V = 0, a step of fixed length' }),
  diffpir: withTraits(diffpir, { moments: 'proximal step, network not differentiated' }),
  classifier: withTraits(classifier, { moments: 'none: ∇log p(y | x_t) of a classifier of noisy samples' }),
  replacement: withTraits(replacement, { moments: 'known part re-noised at each step' }),
  repaint: withTraits(repaint, { moments: 'the same, each step repeated' }),
} as const satisfies Readonly<Record<string, Row>>);
