import { makeSolver, solvers } from '../../src/registry/solvers.ts';

const variants: Readonly<Record<string, readonly object[]>> = {
  ancestral: [{ eta: 0.5 }],
  'dpm-solver++': [
    { order: 1 },
    { order: 3 },
    { order: 2, singlestep: true },
    { order: 3, singlestep: true },
  ],
  unipc: [{ order: 1 }, { order: 3 }],
  deis: [{ order: 1 }, { order: 2 }],
  'edm-heun': [{ churn: 0.5 }],
  'dpm-solver++-sde': [{ order: 3 }, { eta: 0.3 }, { order: 3, eta: 0 }],
  'sa-solver': [{ order: 3 }, { eta: 0.3 }, { order: 2, eta: 0 }],
  langevin: [{ snr: 0.05 }],
  'annealed-langevin': [{ snr: 0.05 }],
  mala: [{ snr: 0.05 }, { nodes: 0 }],
  'preconditioned-langevin': [{ probes: 1 }, { snr: 0.05, limit: 10 }],
  'predictor-corrector': [
    { snr: 0.02 },
    { predictor: 'ancestral', corrector: 'annealed-langevin', snr: 0.05, steps: 2 },
    { predictor: 'none', corrector: 'preconditioned-langevin' },
    { predictor: 'none', corrector: 'mala' },
  ],
};
/** Every solver of the registry, by its name alone and in some variants. */
export const everySolver = Object.keys(solvers).flatMap(name =>
  [{}, ...(variants[name] ?? [])].map(options => ({
    label: `${name} ${JSON.stringify(options).replace('{}', '')}`.trim(),
    name,
    solver: makeSolver({ name, ...options } as never),
  })),
);
