import { defineCommand, type OptionTable } from '../arguments/command.ts';
import { openEngine, openRunOf } from '../arguments/open.ts';
import {
  arrayOption,
  engineOptions,
  out,
  runOptions,
  runPositional,
  textOptions,
  textOptionsOf,
  value,
  word,
} from '../arguments/options.ts';
import { flag, given, positive, required, text, whole } from '../arguments/values.ts';
import { checkOutput, csv, printJson } from '../terminal/output.ts';
import { openRows } from '../work/rows.ts';

const options = {
  data: { ...word, demandOption: true, describe: 'a toy density or a file' },
  ...arrayOption,
  ...textOptions,
  all: { type: 'boolean', describe: 'use every row of the training file, not only the held-out rows' },
  count: { ...value, describe: 'points drawn from a density (default 2000), or most rows of a file' },
  noise: { ...value, describe: 'noise of the law, in standard deviations of the data; default 0.05' },
  normalise: { type: 'boolean', default: true, describe: 'estimate log Z; --no-normalise leaves it out' },
  label: { ...word, describe: 'a class of the run, for a run with labels' },
  ...runOptions,
  ...out('FILE.csv with a line for each row'),
  ...engineOptions,
} as const satisfies OptionTable;

export const energyCommand = defineCommand({
  command: 'energy <run>',
  describe: 'log-densities of data under an energy-based run, with log Z',
  positionals: runPositional,
  options,
  examples: [
    ['energy runs/moons --data moons', 'of a run trained with --net energy'],
    ['energy runs/moons --data new.csv --no-normalise --out energies.csv', 'up to a constant'],
  ],
  async run(args, session) {
    const path = text(args, 'out');
    await checkOutput(path, ['.csv']);
    const run = await openRunOf(args);
    const [count, seed] = [whole(args, 'count'), whole(args, 'seed', 0) ?? 0];
    const rows = await openRows(required(args, 'data'), run.config, {
      run: required(args, 'run'),
      count: count ?? 2000,
      ...given({ most: count, array: text(args, 'array') }),
      seed,
      onNote: session.note,
      all: flag(args, 'all'),
      text: textOptionsOf(args),
    });
    const { scoreEnergies } = await import('../../run/use/energy.ts');
    const { logProbability, logZ, noise } = await scoreEnergies(run, rows.read(), {
      ...given({ noise: positive(args, 'noise'), label: text(args, 'label') }),
      normalise: flag(args, 'normalise'),
      seed,
      engine: await openEngine(args, session),
      signal: session.signal,
    });
    if (path !== undefined) {
      const { writeFileAtomic } = await import('../../files/atomic.ts');
      const lines = csv(['row', 'log_density'], rows.numbers.length, i => [
        rows.numbers[i]!,
        logProbability[i]!,
      ]);
      await writeFileAtomic(path, [...lines].join(''));
    }
    const nats = logProbability.reduce((sum, each) => sum + each, 0) / logProbability.length;
    await printJson({ count: logProbability.length, noise, nats, normalised: logZ !== undefined, logZ });
  },
});
