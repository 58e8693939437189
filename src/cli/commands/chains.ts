import type { KernelSpec } from '../../registry/chains.ts';
import type { ChainSamples } from '../../run/use/chains.ts';
import { defineCommand, type OptionTable } from '../arguments/command.ts';
import { openEngine, openRunOf } from '../arguments/open.ts';
import { engineOptions, out, runOptions, runPositional, value, word } from '../arguments/options.ts';
import { given, pairs, positive, text, whole } from '../arguments/values.ts';
import { checkOutput, printJson, writeRows } from '../terminal/output.ts';

const options = {
  kernel: { ...word, describe: 'a name of `langevin list chains`; default mala' },
  'kernel-options': { ...word, describe: 'options of the kernel: leaps=10,step=0.5 or JSON' },
  noise: {
    ...value,
    describe: 'noise of the law drawn from, in standard deviations of the data; default 0.05',
  },
  chains: { ...value, describe: 'independent chains; default 64' },
  draws: { ...value, describe: 'draws kept of each chain; default 500' },
  thin: { ...value, describe: 'moves from one draw to the next; default 1' },
  'burn-in': { ...value, describe: 'moves before the first draw; default 500' },
  levels: { ...value, describe: 'of annealed-langevin, noise levels that burn-in visits; default 20' },
  label: { ...word, describe: 'a class of the run, for a run with labels' },
  ...runOptions,
  ...out('FILE.csv or .npy with the draws'),
  ...engineOptions,
} as const satisfies OptionTable;

export const chainsCommand = defineCommand({
  command: 'chains <run>',
  describe: 'draw by Markov chains at one noise level, and say how well they mix',
  positionals: runPositional,
  options,
  examples: [
    ['chains runs/moons', 'MALA: acceptance, effective sample size and split-R̂ as JSON'],
    ['chains runs/moons --kernel hmc --kernel-options leaps=10 --noise 0.2', 'Hamiltonian Monte Carlo'],
    [
      'chains runs/moons --kernel annealed-langevin --draws 1 --chains 2000 --out moons.csv',
      'as NCSN samples',
    ],
  ],
  async run(args, session) {
    const path = text(args, 'out');
    await checkOutput(path, ['.csv', '.npy']);
    const run = await openRunOf(args);
    const { sampleChains } = await import('../../run/use/chains.ts');
    const progress = session.progress('chains');
    const samples = await sampleChains(run, {
      kernel: { name: text(args, 'kernel') ?? 'mala', ...pairs(args, 'kernel-options') } as KernelSpec,
      ...given({
        noise: positive(args, 'noise'),
        chains: whole(args, 'chains'),
        draws: whole(args, 'draws'),
        thin: whole(args, 'thin'),
        burnIn: whole(args, 'burn-in', 0),
        levels: whole(args, 'levels'),
        label: text(args, 'label'),
        seed: whole(args, 'seed', 0),
      }),
      engine: await openEngine(args, session),
      signal: session.signal,
      onProgress: progress.update,
    }).finally(progress.end);
    if (path !== undefined) await writeRows(path, samples, run.config.data.columns);
    const summary = summaryOf(samples);
    for (const note of notesOf(summary)) session.note(note);
    await printJson(summary);
  },
});

function summaryOf({ acceptance, coordinates, evaluations, shape }: ChainSamples) {
  const sizes = coordinates.map(({ effectiveSize }) => effectiveSize);
  const rhats = coordinates.map(({ splitRhat }) => splitRhat);
  return {
    draws: shape[0]!,
    chains: acceptance.length,
    acceptance: acceptance.reduce((sum, each) => sum + each, 0) / acceptance.length,
    effectiveSize: Math.min(...sizes),
    splitRhat: Math.max(...rhats),
    evaluations,
  };
}

/** R̂ from which the chains have not the same law yet. */
const UNLIKE = 1.05;

function notesOf({ splitRhat, acceptance }: ReturnType<typeof summaryOf>): string[] {
  return [
    ...(splitRhat > UNLIKE
      ? [
          `split-R̂ is ${splitRhat.toFixed(2)}: the chains do not agree. Give more --burn-in, more --noise, or take --kernel annealed-langevin`,
        ]
      : []),
    ...(acceptance < 0.1 ? ['few proposals are accepted: give more --burn-in or a shorter step'] : []),
  ];
}
