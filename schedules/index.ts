import { betaTable } from './beta-table.ts';
import { cosine } from './cosine.ts';
import { edm } from './edm.ts';
import { geometric } from './geometric.ts';
import { linear } from './linear.ts';
import { linearSigma } from './linear-sigma.ts';
import { sigmaTable } from './sigma-table.ts';
import { sigmoid } from './sigmoid.ts';

/** Noise rates β(t), for `vp` and `sub-vp`. */
export const betaSchedules = {
  linear: linear,
  cosine: cosine,
  sigmoid: sigmoid,
  'beta-table': betaTable,
};

/** Noise levels σ(t), for `ve`. */
export const sigmaSchedules = {
  geometric: geometric,
  'linear-sigma': linearSigma,
  edm: edm,
  'sigma-table': sigmaTable,
};

/** Every noise schedule by name: `(options) => frozen schedule`. A formula in `t` has the name `formula`. */
export const schedules = { ...betaSchedules, ...sigmaSchedules };

export { betaTable, cosine, edm, geometric, linear, linearSigma, sigmaTable, sigmoid };
