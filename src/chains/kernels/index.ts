import { annealedLangevin } from './annealed-langevin.ts';
import { hmc } from './hmc.ts';
import { langevin } from './langevin.ts';
import { mala } from './mala.ts';

/** One row for each kernel: its name and its factory, `(options?) => frozen kernel`. */
export const kernels = Object.freeze({
  langevin: langevin,
  mala: mala,
  hmc: hmc,
  'annealed-langevin': annealedLangevin,
});

export { annealedLangevin, hmc, langevin, mala };
