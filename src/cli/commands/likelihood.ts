import type { Run } from '../../run/run.ts';
import type { Spread } from '../../run/use/ensemble.ts';
import type { DataTensor } from '../../tensor/types.ts';
import { type ArgsOf, defineCommand, type OptionTable } from '../arguments/command.ts';
import { type AtOneLevel, requireAllLevels } from '../arguments/levels.ts';
import { openEnsembleOf, openRunOf } from '../arguments/open.ts';
import {
  arrayOption,
  engineOptions,
  out,
  runOptions,
  runPositional,
  solverOptions,
  textOptions,
  textOptionsOf,
  value,
  word,
} from '../arguments/options.ts';
import { flag, given, names, required, text, whole } from '../arguments/values.ts';
import { checkOutput, csv, printJson } from '../terminal/output.ts';
import type { Session } from '../terminal/session.ts';
import { farRows } from '../work/far-rows.ts';
import { ofEnsemble, repeated, type Scored } from '../work/repeats.ts';
import { openRows, type Rows } from '../work/rows.ts';
import { boundMethod, flowMethod } from '../work/scoring.ts';
import { strangeNames, withoutStrangers } from '../work/strangers.ts';

const options = {
  data: { ...word, demandOption: true, describe: 'a toy density or a file' },
  ...arrayOption,
  of: {
    ...word,
    describe:
      'of a conditional run, or a mixture: columns whose density is computed; default: all that are not given',
  },
  given: {
    ...word,
    describe: 'of a conditional run, or a mixture: columns that are known: log p(of | given)',
  },
  label: { ...word, describe: 'for a run with labels: log p(x | label) of this class; default log p(x)' },
  all: { type: 'boolean', describe: 'score every row of the training file, not only the held-out rows' },
  count: {
    ...value,
    describe:
      'points to draw from a density (default 2000), or the most rows to take from a file, evenly spread',
  },
  bound: {
    type: 'boolean',
    describe: 'a variational lower bound: no ODE, one call of the network for each draw',
  },
  draws: { ...value, describe: 'for --bound: draws of time and noise for each row; default 64' },
  probes: { ...value, describe: 'estimate the divergence with this many random probes' },
  exact: { type: 'boolean', describe: 'the exact divergence; the default up to 64 dimensions' },
  ensemble: {
    type: 'boolean',
    describe: 'of a run trained by sgld: the mean density over its draws of weights, and their scatter',
  },
  repeats: {
    ...value,
    describe: 'draws of dequantisation and probes to average; their scatter gives the errors; default 1',
  },
  ...solverOptions,
  ...textOptions,
  ...runOptions,
  ...out('FILE.csv with one row for each point'),
  ...engineOptions,
} as const satisfies OptionTable;
type LikelihoodArgs = ArgsOf<typeof options & typeof runPositional>;

export const likelihoodCommand = defineCommand({
  command: 'likelihood <run>',
  describe: 'log-likelihoods of data under a run',
  positionals: runPositional,
  options,
  examples: [
    ['likelihood runs/moons --data moons', '2000 fresh points'],
    ['likelihood runs/wine --data wine.csv --out scores.csv', 'the rows kept from training, one by one'],
    ['likelihood runs/mnist --data t10k-images-idx3-ubyte --bound', 'a bound of the bits per dimension'],
    ['likelihood runs/wine --data new.csv --probes 4 --tolerance 1e-4', 'estimated with four probes'],
  ],
  run: likelihoodRun,
});

async function likelihoodRun(args: LikelihoodArgs, session: Session): Promise<void> {
  const path = text(args, 'out');
  await checkOutput(path, ['.csv']);
  const seed = whole(args, 'seed', 0) ?? 0;
  const [count, repeats] = [whole(args, 'count'), whole(args, 'repeats') ?? 1];
  const bound = flag(args, 'bound');
  const method = bound ? await boundMethod(args, seed, session) : await flowMethod(args, seed, session);
  const run = await openRunOf(args);
  const spec = required(args, 'data');
  await requireAllLevels(run, args, instead(run, spec));
  const most = given({ most: count });
  const rows = asked(
    args,
    await openRows(spec, run.config, {
      run: required(args, 'run'),
      count: count ?? 2000,
      ...most,
      seed,
      all: flag(args, 'all'),
      strangers: true,
      onNote: session.note,
      text: textOptionsOf(args),
      ...given({ array: text(args, 'array') }),
    }),
  );
  announce(rows, run, spec, session);
  const members = flag(args, 'ensemble') ? await openEnsembleOf(args, repeats) : undefined;
  const scoreOf = (member: Run) => withoutStrangers(rows, run.config, method.score(member));
  const scores: Scored & Partial<Spread> = members
    ? await ofEnsemble(rows, members.map(scoreOf), run.config, session)
    : await repeated(rows, repeats, scoreOf(run), session);
  const fate = 'Their probability is 0: these rows have no score and are not in the mean';
  for (const remark of strangeNames(rows, fate)) session.note(remark);
  for (const remark of await farRows(run, rows, scores)) session.note(remark);
  if (repeats === 1) noteExact(rows, rows.read(0), session);
  if (path !== undefined) await writeScores(path, rows, scores, bound);
  const spread = members && { members: scores.members, spread: scores.spread };
  // A closed form takes no solver and no draws.
  const way = scores.evaluations > 0 ? method.summary : { method: 'closed form' };
  await printJson({ ...summary(scores, bound), ...spread, ...way });
}

/** Rows whose unknown names are those of the columns that the question is about. */
function asked(args: LikelihoodArgs, rows: Rows): Rows {
  const of = names(args, 'of');
  const columns = of && [...of, ...(names(args, 'given') ?? [])];
  return { ...rows, strangers: rows.strangers.filter(({ name }) => columns?.includes(name) ?? true) };
}

/** What tells of the quality of a run of one noise level. */
const instead = ({ model }: Run, spec: string): AtOneLevel =>
  model.rawAndEnergy
    ? { says: 'Score at its level, by its energy', command: 'energy', options: { data: spec } }
    : { says: 'Measure it at its level', command: 'diagnose', options: { data: spec } };

function announce(
  { dataset, numbers, heldOut, trained }: Rows,
  { config }: Run,
  spec: string,
  session: Session,
): void {
  if (heldOut)
    session.note(
      `scoring ${numbers.length} of the ${dataset.count} rows of ${spec} kept from training; --all takes every row`,
    );
  else if (dataset.count === Infinity) session.note(`scoring ${numbers.length} fresh points of ${spec}`);
  else if (trained === dataset.count)
    session.note(
      `all ${trained} rows of ${spec} were trained on: their likelihood says nothing about new data`,
    );
  else
    session.note(
      `scoring ${numbers.length} of the ${dataset.count} rows of ${spec}${withoutTrained(trained)}`,
    );
  const bins = 'bins' in config.transform && config.transform.bins;
  if (bins === true) session.note('the rows are dequantised: value + u, u ~ U[0, 1)');
  else if (bins) session.note('columns with steps are dequantised: value + u·step, u ~ U[0, 1)');
}

const withoutTrained = (trained: number) =>
  trained === 0 ? '' : `, without the ${trained} trained on; --all takes every row`;

/** For a density with a known formula, notes the score of a perfect model on the same points. */
function noteExact({ dataset }: Rows, { data, shape }: DataTensor, session: Session): void {
  const { logDensity } = dataset;
  if (!logDensity) return;
  const [count = 0, size = 0] = shape;
  const values = Array.from({ length: count }, (_, i) => logDensity(data.subarray(i * size, (i + 1) * size)));
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  if (Number.isFinite(mean)) session.note(`the true density gives these points ${mean.toFixed(4)} nats`);
}

/**
 * The result. For a bound, the true `nats` is at least this value and the true `bitsPerDim` at most, up to
 * the randomness of the draws.
 */
const summary = (scores: Scored, bound: boolean) => ({
  count: scores.logProbability.length,
  ...(bound && { bound: true }),
  ...(scores.unscored > 0 && { unscored: scores.unscored }),
  nats: scores.mean,
  standardError: scores.standardError,
  estimationError: scores.estimationError,
  ...(scores.bitsPerDim !== undefined && { bitsPerDim: scores.bitsPerDim }),
  evaluations: scores.evaluations,
});

async function writeScores(
  path: string,
  { numbers }: Rows,
  { logProbability, rowErrors }: Scored,
  bound: boolean,
): Promise<void> {
  const { writeFileAtomic } = await import('../../files/atomic.ts');
  const header = ['row', bound ? 'log_likelihood_bound' : 'log_likelihood', 'standard_error'];
  const cell = (value: number | undefined) => (value === undefined || Number.isNaN(value) ? '' : value);
  const pieces = csv(header, numbers.length, i => [
    numbers[i]!,
    cell(logProbability[i]),
    cell(rowErrors?.[i]),
  ]);
  await writeFileAtomic(path, [...pieces].join(''));
}
