import type { ScoreModel } from '../score/contract.ts';
import type { Sde } from '../sde/contract.ts';
import type { Coefficient, Tensor } from '../tensor/index.ts';
import type { Setting } from './integrate.ts';

/** An SDE setting and its end times, in the time of the clock. */
interface ClockedSetting {
  readonly setting: Setting;
  readonly from: number;
  readonly to: number;
}

/**
 * The same flow in the time u = √t, where noise begins as √t (vp: β(0) > 0). Other SDEs keep t, and so do
 * stochastic solvers, whose Brownian path is a function of t. No polynomial in t follows √t, so an adaptive
 * method needs many steps at small t; in u the same trajectory is smooth. For vp at tolerance 1e-5 this saves
 * a third of the evaluations and lowers the error.
 */
export function byBestClock(setting: Setting, from: number, to: number): ClockedSetting {
  const { sde, model, solver } = setting;
  if (solver.noise !== 'none' || !beginsAsRoot(sde, Math.min(from, to))) return { setting, from, to };
  return {
    setting: { ...setting, sde: sdeByRoot(sde), model: modelByRoot(model), shown: u => u * u },
    from: Math.sqrt(from),
    to: Math.sqrt(to),
  };
}

/**
 * Whether d log std/d log t is ½ at the early end; it is 1 for sub-VP, EDM and rectified flow, about 0 for
 * VE.
 */
function beginsAsRoot(sde: Sde, t: number): boolean {
  const exponent = Math.log(sde.marginal(2 * t).std / sde.marginal(t).std) / Math.LN2;
  return t > 0 && Math.abs(exponent - 0.5) < 0.1;
}

/** x̃(u) = x(u²): rate 2u·f(u²), diffusion √(2u)·g(u²). */
const sdeByRoot = (sde: Sde): Sde =>
  Object.freeze({
    ...sde,
    tMin: Math.sqrt(sde.tMin),
    tMax: Math.sqrt(sde.tMax),
    rate: (u: number) => 2 * u * sde.rate(u * u),
    diffusion: (u: number) => Math.sqrt(2 * u) * sde.diffusion(u * u),
    marginal: (u: number) => sde.marginal(u * u),
  });

const modelByRoot = (model: ScoreModel): ScoreModel =>
  Object.freeze({
    ...model,
    raw: (weights: readonly Tensor[], x: Tensor, u: Coefficient) => model.raw(weights, x, squared(u)),
    noiseForm: (u: number) => model.noiseForm(u * u),
  });

const squared = (u: Coefficient): Coefficient => (typeof u === 'number' ? u * u : u.map(each => each * each));
