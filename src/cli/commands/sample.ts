import type { GridName } from '../../solve/grids.ts';
import { type Args, flag, given, positive, text, whole } from '../args.ts';
import { defineCommand } from '../command.ts';
import { openEngine, openRunOf, openSolver } from '../open.ts';
import { engineOptions, out, runOptions, runPositional, solverOptions, value, word } from '../options.ts';
import { checkOutput, writeRows } from '../output.ts';
import type { Session } from '../session.ts';

export const sampleCommand = defineCommand({
  command: 'sample <run>',
  describe: 'draw samples from a run',
  positionals: runPositional,
  options: {
    count: { ...value, describe: 'samples to draw; default 1000' },
    first: { ...value, describe: 'index of the first sample, to draw in parts; default 0' },
    preset: { ...word, describe: 'solver, grid and steps of `langevin list presets`' },
    ...solverOptions,
    denoise: { type: 'boolean', default: true, describe: 'replace the end by its expected clean value' },
    ...runOptions,
    ...out('FILE.csv, .npy or .png; CSV to stdout without it'),
    ...engineOptions,
  },
  examples: [
    ['sample runs/moons --count 5', 'as CSV on stdout'],
    ['sample runs/moons --solver predictor-corrector --steps 500 --out moons.csv', 'another solver'],
    ['sample runs/moons --preset ddim', 'a published way of sampling'],
    ['sample runs/moons --solver ./my-solver.mjs --out moons.png', 'a solver of your own, as a picture'],
  ],
  run: sampleRun,
});

async function sampleRun(args: Args, session: Session): Promise<void> {
  const path = text(args, 'out');
  await checkOutput(path, ['.csv', '.npy', '.png']);
  const options = {
    count: whole(args, 'count') ?? 1000,
    denoise: flag(args, 'denoise'),
    signal: session.signal,
    ...given({
      first: whole(args, 'first', 0),
      steps: whole(args, 'steps'),
      batch: whole(args, 'batch'),
      seed: whole(args, 'seed', 0),
      tolerance: positive(args, 'tolerance'),
      grid: text(args, 'grid') as GridName | 'optimised' | undefined,
      solver: await openSolver(args),
      preset: text(args, 'preset'),
    }),
  };
  const run = await openRunOf(args);
  const { sample } = await import('../../run/use.ts');
  const engine = await openEngine(args, session);
  const progress = session.progress('sampling');
  const samples = await sample(run, { ...options, engine, onProgress: progress.update }).finally(
    progress.end,
  );
  if (path?.toLowerCase().endsWith('.png')) {
    const { samplesPicture } = await import('../pictures.ts');
    const { writePicture } = await import('../../report/index.ts');
    await writePicture(path, await samplesPicture(run.config, samples));
  } else await writeRows(path, samples, run.config.data.columns);
  session.note(
    `${options.count} samples, ${samples.evaluations} evaluations each${path === undefined ? '' : `: ${path}`}`,
  );
}
