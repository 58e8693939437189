import type { KernelSpec } from '../../registry/chains.ts';
import type { Run } from '../../run/run.ts';
import type { ChainSamples } from '../../run/use/chains.ts';
import { defineCommand, type OptionTable } from '../arguments/command.ts';
import { openEngine, openRunOf } from '../arguments/open.ts';
import { engineOptions, out, runOptions, runPositional, value, word } from '../arguments/options.ts';
import { flag, given, pairs, positive, text, whole } from '../arguments/values.ts';
import { checkOutput, printJson } from '../terminal/output.ts';

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
  denoise: { type: 'boolean', describe: 'replace each draw by its expected clean value' },
  floor: {
    type: 'boolean',
    describe: 'round dequantised columns down to their whole numbers or steps; default for tables',
  },
  ...runOptions,
  ...out('FILE.csv, .tsv, .jsonl, .npy or .png with the draws'),
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
    await checkOutput(path, ['.csv', '.npy', '.png', '.tsv', '.jsonl']);
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
      denoise: flag(args, 'denoise'),
      ...given({ floor: args.floor as boolean | undefined }),
      engine: await openEngine(args, session),
      signal: session.signal,
      onProgress: progress.update,
    }).finally(progress.end);
    if (path !== undefined) await writeDraws(path, samples, run, args.floor === false);
    const summary = summaryOf(samples);
    for (const note of notesOf(summary)) session.note(note);
    await printJson(summary);
  },
});

/** Draws as `sample` writes samples: in the columns and values of the file, or as a picture. */
async function writeDraws(path: string, draws: ChainSamples, run: Run, raw: boolean): Promise<void> {
  if (!path.toLowerCase().endsWith('.png')) {
    const { writeTable } = await import('../work/table-output.ts');
    return writeTable(path, draws, run.config, { raw });
  }
  const { samplesPicture } = await import('../work/pictures.ts');
  const { writePicture } = await import('../../report/index.ts');
  await writePicture(path, await samplesPicture(run, draws));
}

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
