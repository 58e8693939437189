import { usage } from '../../errors.ts';
import type { Run } from '../../run/run.ts';
import type { ScoreOptions, Scores } from '../../run/use.ts';
import type { GridName } from '../../solve/grids.ts';
import type { PlainTensor } from '../../tensor/types.ts';
import { type Args, flag, given, positive, required, text, whole } from '../args.ts';
import { defineCommand } from '../command.ts';
import { openRows, type Rows } from '../data.ts';
import { openEngine, openRunOf, openSolver } from '../open.ts';
import { engineOptions, out, runOptions, runPositional, solverOptions, value, word } from '../options.ts';
import { checkOutput, csv, printJson } from '../output.ts';
import type { Session } from '../session.ts';

export const likelihoodCommand = defineCommand({
  command: 'likelihood <run>',
  describe: 'log-likelihoods of data under a run',
  positionals: runPositional,
  options: {
    data: { ...word, demandOption: true, describe: 'a toy density or a file' },
    label: { ...word, describe: 'of a run with labels: log p(x | label) of this class; default log p(x)' },
    all: { type: 'boolean', describe: 'of the file trained on, score every row and not those held out' },
    count: { ...value, describe: 'points drawn from a density; default 2000' },
    probes: { ...value, describe: 'estimate the divergence with this many random probes' },
    exact: { type: 'boolean', describe: 'the exact divergence; the default up to 64 dimensions' },
    repeats: { ...value, describe: 'draws of dequantisation and probes to average; default 1' },
    ...solverOptions,
    ...runOptions,
    ...out('FILE.csv with a row a point'),
    ...engineOptions,
  },
  examples: [
    ['likelihood runs/moons --data moons', '2000 fresh points'],
    ['likelihood runs/wine --data wine.csv --out scores.csv', 'the rows kept from training, one by one'],
    ['likelihood runs/wine --data new.csv --probes 4 --tolerance 1e-4', 'estimated with four probes'],
  ],
  run: likelihoodRun,
});

async function likelihoodRun(args: Args, session: Session): Promise<void> {
  const path = text(args, 'out');
  await checkOutput(path, ['.csv']);
  const options = await scoreOptions(args, session);
  const [count, repeats] = [whole(args, 'count') ?? 2000, whole(args, 'repeats') ?? 1];
  const run = await openRunOf(args);
  const spec = required(args, 'data');
  const rows = await openRows(spec, run.config, { count, seed: options.seed, all: flag(args, 'all') });
  announce(rows, run, spec, session);
  const scores = await repeated(run, rows, repeats, options, session);
  if (path !== undefined) await writeScores(path, rows, scores);
  await printJson(summary(scores, options.solver ?? 'rk45'));
}

async function scoreOptions(args: Args, session: Session) {
  if (flag(args, 'exact') && args.probes !== undefined) throw usage('Choose --exact or --probes, not both');
  const { exact } = await import('../../likelihood/divergence.ts');
  const options = {
    seed: whole(args, 'seed', 0) ?? 0,
    signal: session.signal,
    ...given({
      label: text(args, 'label'),
      probes: whole(args, 'probes'),
      divergence: flag(args, 'exact') ? exact() : undefined,
      steps: whole(args, 'steps'),
      batch: whole(args, 'batch'),
      tolerance: positive(args, 'tolerance'),
      grid: text(args, 'grid') as GridName | undefined,
      solver: await openSolver(args),
    }),
  };
  return { ...options, engine: await openEngine(args, session) };
}

function announce(
  { dataset, numbers, heldOut }: Rows,
  { config }: Run,
  spec: string,
  session: Session,
): void {
  if (heldOut)
    session.note(`scoring the ${numbers.length} rows of ${spec} kept from training; --all scores every row`);
  else if (dataset.count === Infinity) session.note(`scoring ${numbers.length} fresh points of ${spec}`);
  else session.note(`scoring all ${numbers.length} rows of ${spec}`);
  if (config.transform.bins) session.note('the rows are dequantised: value + u, u ~ U[0, 1)');
}

/** Log-likelihoods averaged over draws of dequantisation and of probes. */
async function repeated(
  run: Run,
  rows: Rows,
  repeats: number,
  options: ScoreOptions & { seed: number },
  session: Session,
): Promise<Scores> {
  const { logLikelihood } = await import('../../run/use.ts');
  const progress = session.progress('scoring');
  const results: Scores[] = [];
  try {
    for (let r = 0; r < repeats; r++) {
      const onProgress = (at: { fraction: number; evaluations: number }) =>
        progress.update({ fraction: (r + at.fraction) / repeats, evaluations: at.evaluations });
      const x: PlainTensor = rows.read(r);
      results.push(await logLikelihood(run, x, { ...options, seed: options.seed + r, onProgress }));
    }
  } finally {
    progress.end();
  }
  if (results.length === 1) noteExact(rows, rows.read(0), session);
  return summarise(results, run);
}

function summarise(results: readonly Scores[], { config }: Run): Scores {
  const first = results[0]!;
  if (results.length === 1) return first;
  const logProbability = first.logProbability.map(
    (_, i) => results.reduce((sum, each) => sum + each.logProbability[i]!, 0) / results.length,
  );
  const count = logProbability.length;
  const mean = logProbability.reduce((sum, value) => sum + value, 0) / count;
  const squares = logProbability.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const bits = { bitsPerDim: -mean / (config.transform.shift.length * Math.LN2) };
  return {
    ...first,
    logProbability,
    mean,
    standardError: Math.sqrt(squares / Math.max(1, count - 1) / count),
    ...(first.bitsPerDim !== undefined && bits),
  };
}

/** For a density whose formula is known, what a perfect model would score on the same points. */
function noteExact({ dataset }: Rows, { data, shape }: PlainTensor, session: Session): void {
  const { logDensity } = dataset;
  if (!logDensity) return;
  const [count = 0, size = 0] = shape;
  const values = Array.from({ length: count }, (_, i) =>
    logDensity(Float64Array.from(data.subarray(i * size, (i + 1) * size))),
  );
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  if (Number.isFinite(mean)) session.note(`the true density gives these points ${mean.toFixed(4)} nats`);
}

const summary = (scores: Scores, solver: string | { name: string }) => ({
  count: scores.logProbability.length,
  nats: scores.mean,
  standardError: scores.standardError,
  ...(scores.bitsPerDim !== undefined && { bitsPerDim: scores.bitsPerDim }),
  evaluations: scores.evaluations,
  solver: typeof solver === 'string' ? solver : solver.name,
});

async function writeScores(path: string, { numbers }: Rows, { logProbability }: Scores): Promise<void> {
  const { writeFileAtomic } = await import('../../files/atomic.ts');
  const pieces = csv(['row', 'log_likelihood'], numbers.length, i => [numbers[i]!, logProbability[i]!]);
  await writeFileAtomic(path, [...pieces].join(''));
}
