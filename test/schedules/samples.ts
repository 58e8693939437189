import { schedules } from '../../schedules/index.ts';
import type { Schedule } from '../../src/sde/index.ts';

/** The options of schedules without defaults. The tables end at their prior, like the others. */
export const sampleOptions: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>> = {
  'beta-table': { betas: [0.001, 0.02, 0.3, 0.9, 0.98] },
  'sigma-table': { sigmas: [0.01, 0.1, 0.5, 7] },
};

/** The schedule of that name, with its defaults or with the sample options. */
export const sample = (name: string, options: object = sampleOptions[name] ?? {}) =>
  (schedules[name as keyof typeof schedules] as (options: object) => Schedule)(options);
