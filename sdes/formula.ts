import { defineSde, formula, type Sde, usage, withDefaults } from '../src/plugin.ts';

/** A forward SDE dx = f(x, t) dt + g(t) dw as two formulas. */
export interface SdeFormulas {
  /** f(x, t), linear in x, such as "-0.5*(0.1 + 19.9*t)*x" */
  readonly drift: string;
  /** g(t) > 0, such as "sqrt(0.1 + 19.9*t)" */
  readonly diffusion: string;
  /** Where sampling stops; default 1e-3. */
  readonly tMin?: number;
  /** Where sampling begins; default 1. */
  readonly tMax?: number;
}

const defaults = { tMin: 1e-3, tMax: 1 };

/**
 * An SDE from a formula in `x` and `t` for the drift and one in `t` for the diffusion. It is `defineSde` with
 * a solved marginal, but it can be stored.
 */
export async function formulaSde({ drift, diffusion, ...rest }: Partial<SdeFormulas>): Promise<Sde> {
  const { tMin, tMax } = withDefaults('formula', defaults, rest);
  if (typeof drift !== 'string' || typeof diffusion !== 'string') {
    throw usage('an SDE by formula needs two formulas', {
      where: 'formula',
      expected: 'drift such as "-0.5*(0.1 + 19.9*t)*x" and diffusion such as "sqrt(0.1 + 19.9*t)"',
    });
  }
  const f = await formula(drift, ['x', 't']);
  const g = await formula(diffusion, ['t']);
  const sde = defineSde({
    name: 'formula',
    drift: (x, t) => f.value(x, t),
    diffusion: t => g.value(t),
    tMin,
    tMax,
  });
  return Object.freeze({ ...sde, spec: Object.freeze({ name: 'formula', drift, diffusion, tMin, tMax }) });
}
