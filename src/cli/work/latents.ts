import type { GridName } from '../../registry/grids.ts';
import type { Run } from '../../run/run.ts';
import type { DataTensor } from '../../tensor/types.ts';
import type { ArgsOf, OptionTable } from '../arguments/command.ts';
import { openEngine, openRunOf, openSolver } from '../arguments/open.ts';
import {
  type arrayOption,
  engineOptions,
  out,
  runOptions,
  type runPositional,
  solverOptions,
  type textOptions,
  textOptionsOf,
  value,
  word,
} from '../arguments/options.ts';
import { type Args, flag, given, positive, required, text, whole } from '../arguments/values.ts';
import { checkOutput, writeRows } from '../terminal/output.ts';
import type { Session } from '../terminal/session.ts';
import { openRows } from './rows.ts';

export const transportOptions = {
  label: { ...word, describe: 'a class of the run, for a run with labels' },
  all: { type: 'boolean', describe: 'take every row of the training file, not only the held-out rows' },
  count: { ...value, describe: 'points drawn from a density; default 2000' },
  ...solverOptions,
  ...runOptions,
  ...out('FILE.csv or .npy; CSV to stdout without it'),
  ...engineOptions,
} as const satisfies OptionTable;

type LatentArgs = ArgsOf<typeof transportOptions & typeof runPositional>;
type DataArgs = LatentArgs & ArgsOf<typeof textOptions & typeof arrayOption> & Args<'data'>;

/** Encodes or decodes. Only deterministic solvers can do this. */
export async function transportRun(
  direction: 'encode' | 'decode',
  args: LatentArgs,
  input: (run: Run) => Promise<DataTensor>,
  session: Session,
): Promise<void> {
  const path = text(args, 'out');
  await checkOutput(path, ['.csv', '.npy']);
  const options = given({
    label: text(args, 'label'),
    steps: whole(args, 'steps'),
    batch: whole(args, 'batch'),
    tolerance: positive(args, 'tolerance'),
    grid: text(args, 'grid') as GridName | undefined,
    solver: await openSolver(args),
  });
  const run = await openRunOf(args);
  const x = await input(run);
  const engine = await openEngine(args, session);
  const directions = await import('../../run/use/latents.ts');
  const progress = session.progress(direction === 'encode' ? 'encoding' : 'decoding');
  const end = await directions[direction](run, x, {
    ...options,
    engine,
    signal: session.signal,
    onProgress: progress.update,
  }).finally(progress.end);
  const size = end.data.length / end.shape[0]!;
  const latentNames = Array.from({ length: size }, (_, j) => `z${j + 1}`);
  await writeRows(path, end, direction === 'encode' ? latentNames : run.config.data.columns);
  session.note(
    `${x.shape[0]} rows, ${end.evaluations} evaluations each${path === undefined ? '' : `: ${path}`}`,
  );
}

export async function dataOf(
  args: DataArgs,
  { config }: Run,
  { note: onNote }: Session,
): Promise<DataTensor> {
  const [count, seed] = [whole(args, 'count') ?? 2000, whole(args, 'seed', 0) ?? 0];
  const options = {
    run: required(args, 'run'),
    ...{ count, seed, onNote },
    all: flag(args, 'all'),
    text: textOptionsOf(args),
    ...given({ array: text(args, 'array') }),
  };
  const rows = await openRows(required(args, 'data'), config, options);
  return rows.read();
}

/** Latents are in the units of the model, so the transform of the run does not apply to them. */
export async function latentsOf(args: Args<'data'>, { config }: Run): Promise<DataTensor> {
  const { identity, openDataset } = await import('../../data/index.ts');
  const { modelShapeOf } = await import('../../run/shape.ts');
  const { sizeOf } = await import('../../tensor/types.ts');
  const shape = modelShapeOf(config);
  const size = sizeOf(shape);
  const dataset = await openDataset(required(args, 'data'), { transform: identity(size) });
  const rows = dataset.all?.();
  if (rows) return { data: rows.data, shape: [rows.shape[0]!, ...shape] };
  const { usage } = await import('../../errors.ts');
  throw usage('Latents come from a file', { where: '--data', got: dataset.name });
}
