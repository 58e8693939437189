import { betaSchedules, sigmaSchedules } from '../../schedules/index.ts';
import { sdes } from '../../sdes/index.ts';
import { kernels } from '../chains/index.ts';
import { fileKinds, toys } from '../data/index.ts';
import { engines } from '../engine/index.ts';
import { guidances } from '../guide/methods/index.ts';
import { objectives, weightings } from '../objectives/index.ts';
import { presets } from '../presets/index.ts';
import { nets } from '../score/nets/index.ts';
import { grids } from '../solve/grids.ts';
import { makeSde, type SdeName } from './sdes.ts';
import { solvers } from './solvers.ts';

/** A name that users can choose, and what it declares. */
export interface Entry {
  readonly name: string;
  readonly [trait: string]: string | number | boolean | readonly string[] | undefined;
}

/** Everything that can be chosen by name, by kind. */
export const registry = Object.freeze({
  sdes: async () =>
    Object.entries(sdes).map(([name, entry]) => ({
      name,
      schedule:
        entry.kind === 'none' ? 'none' : entry.kind === 'formulas' ? 'drift and diffusion' : entry.kind,
      ...('schedule' in entry && { default: entry.schedule }),
    })),
  schedules: async () => [
    ...Object.keys(betaSchedules).map(name => ({ name, gives: 'β(t)', for: takers('beta').join(', ') })),
    ...Object.keys(sigmaSchedules).map(name => ({ name, gives: 'σ(t)', for: takers('sigma').join(', ') })),
    {
      name: 'formula',
      gives: 'either',
      for: `${[...takers('beta'), ...takers('sigma')].join(', ')}: any formula in t, such as "0.1 + 19.9*t"`,
    },
  ],
  solvers: solverEntries,
  chains: async () =>
    Object.entries(kernels).map(([name, make]) => {
      const { exact, step, acceptance = 1, anneals, evaluations } = make();
      return {
        name,
        exact,
        step,
        acceptance,
        anneals,
        evaluations: evaluations(true),
        ofScore: evaluations(false),
      };
    }),
  guidances: async () => declared(guidances),
  nets: async () => declared(nets),
  objectives: async () => [
    ...declared(objectives).map(each => ({ ...each, weightings })),
    {
      name: 'classifier',
      times: 'continuous',
      needs: 'labels; it learns classes and no score',
      options: ['epsilon', 'times', 'logMean', 'logStd'],
    },
  ],
  presets: async () =>
    Object.entries(presets).map(([name, { title, sde, schedule, objective, grid, solver }]) => ({
      name,
      sde: sde.name,
      schedule: schedule.name,
      objective: objective.name,
      grid: `${grid.name} ${grid.steps}`,
      solver: solver.name,
      title,
    })),
  data: async () => [
    ...Object.values(toys).map(({ name, title, mean }) => ({
      name,
      title,
      gives: 'points',
      dimensions: mean.length,
    })),
    ...fileKinds.map(({ shown, ...traits }) => ({ name: shown, title: 'file, also with .gz', ...traits })),
  ],
  engines: async () => Object.entries(engines).map(([name, { start, ...traits }]) => ({ name, ...traits })),
  grids: async () => [
    ...declared(grids),
    { name: 'optimised', note: 'made for one model; only sample takes it' },
  ],
} satisfies Record<string, () => Promise<readonly Entry[]>>);

export type RegistryName = keyof typeof registry;

/** The traits of the factories of a table. */
const declared = (table: Readonly<Record<string, object>>): Entry[] =>
  Object.entries(table).map(([name, factory]) => ({ name, ...(factory as Omit<Entry, 'name'>) }));

/** The SDEs that take a schedule of this kind. */
const takers = (ofKind: 'beta' | 'sigma'): string[] =>
  Object.entries(sdes).flatMap(([name, { kind }]) => (kind === ofKind ? [name] : []));

async function solverEntries(): Promise<Entry[]> {
  const instances = await Promise.all(
    Object.entries(sdes)
      .filter(([, { kind }]) => kind !== 'formulas')
      .map(([name]) => makeSde(name as Exclude<SdeName, 'formula'>)),
  );
  return Object.entries(solvers).map(([name, make]) => {
    const solver = make();
    return {
      name,
      order: solver.order,
      noise: solver.noise,
      evaluationsPerStep: solver.evaluationsPerStep,
      adaptive: solver.adaptive ?? false,
      corrects: solver.corrects ?? false,
      grid: solver.grid ?? 'uniform',
      sdes: instances.filter(sde => solver.refuses?.(sde) === undefined).map(sde => sde.name),
    };
  });
}
