import { basename, extname, join } from 'node:path';
import type { Comparison } from '../../compare/index.ts';
import { usage } from '../../errors.ts';
import { type ArgsOf, defineCommand, type OptionTable } from '../arguments/command.ts';
import { openEngine, openRunOf } from '../arguments/open.ts';
import { engineOptions, out, value, word } from '../arguments/options.ts';
import { sdeOf, sdeOptions } from '../arguments/sde.ts';
import { given, names, required, text, whole } from '../arguments/values.ts';
import { checkOutput, printJson } from '../terminal/output.ts';
import type { Session } from '../terminal/session.ts';

const solvers = 'euler-maruyama,ancestral,ddim,heun,deis,dpm-solver++,unipc,unipc@optimised';
const budgets = '5,10,20,50,100,1000';
const endings = ['.png', '.svg'];

const positionals = {
  target: {
    type: 'string',
    describe: 'folder of a run, or analytic:eight-gaussians, analytic:mixture-16, …',
    demandOption: true,
  },
} as const;
const options = {
  net: {
    ...word,
    describe: 'the file of the network, for a run that was trained with a network from a file',
  },
  solvers: { ...word, describe: `names, also as name:order=3@grid; default ${solvers}` },
  evaluations: { ...word, describe: `evaluations for a sample; default ${budgets}` },
  count: { ...value, describe: 'samples of each run; default 10000, or half the rows of the data' },
  repeats: { ...value, describe: 'runs to average over; default 1' },
  seed: { ...value, describe: 'a whole number; default 0' },
  batch: { ...value, describe: 'rows computed at once; default 2500' },
  ...sdeOptions,
  ...out(
    'FILE.png or .svg; default RUN/compare.png or compare-NAME.png. Ends of the flow: FILE-endpoint.png',
  ),
  ...engineOptions,
} as const satisfies OptionTable;
type CompareArgs = ArgsOf<typeof options & typeof positionals>;

export const compareCommand = defineCommand({
  command: 'compare <target>',
  describe: 'work and precision of solvers on a run, or on an exact score: analytic:NAME',
  positionals,
  options,
  examples: [
    ['compare analytic:mixture-16 --sde ve', 'every default solver against the exact answer'],
    [
      'compare runs/moons --solvers heun,unipc@optimised --evaluations 8,10,20',
      'two solvers on a trained run',
    ],
  ],
  run: compareRun,
});

async function compareRun(args: CompareArgs, session: Session): Promise<void> {
  const spec = required(args, 'target');
  const name = spec.startsWith('analytic:') ? spec.slice('analytic:'.length) : undefined;
  const path =
    text(args, 'out') ?? (name === undefined ? join(spec, 'compare.png') : `compare-${basename(name)}.png`);
  await checkOutput(name === undefined && text(args, 'out') === undefined ? undefined : path, endings);
  const { analyticTarget, compare, contestant, runTarget } = await import('../../compare/index.ts');
  const contestants = (names(args, 'solvers') ?? solvers.split(',')).map(contestant);
  const evaluations = (names(args, 'evaluations') ?? budgets.split(',')).map(budgetOf);
  const options = given({
    count: whole(args, 'count', 2),
    repeats: whole(args, 'repeats'),
    seed: whole(args, 'seed', 0),
    batch: whole(args, 'batch'),
  });
  const { makeSde } = await import('../../registry/sdes.ts');
  const target =
    name === undefined
      ? await runTarget(await openRunOf({ ...args, run: spec }), spec)
      : analyticTarget(name, await makeSde(await sdeOf({ ...args, preset: undefined })));
  for (const file of [path, endpointPath(path)]) await checkOutput(file, endings);
  const engine = await openEngine(args, session);
  const progress = session.progress('comparing');
  const onProgress = ({ fraction }: { fraction: number }) => progress.update({ fraction });
  const common = { engine, target, contestants, evaluations, signal: session.signal, onProgress };
  const result = await compare({ ...common, ...options }).finally(progress.end);
  await draw(result, path, session);
  await printJson(result);
}

/** The path of the second picture, next to the first. */
function endpointPath(path: string): string {
  const suffix = extname(path);
  return `${path.slice(0, -suffix.length)}-endpoint${suffix}`;
}

function budgetOf(input: string): number {
  const budget = Number(input);
  if (Number.isInteger(budget) && budget > 1) return budget;
  throw usage('The option has a wrong value', {
    where: '--evaluations',
    got: input,
    expected: 'whole numbers from 2, separated by commas',
  });
}

/** Draws the distances to fresh data and, for solvers of the flow, a second picture of their errors. */
async function draw(result: Comparison, path: string, session: Session): Promise<void> {
  const { plotWorkPrecision, writePicture } = await import('../../report/index.ts');
  const title = `${result.target}, ${result.sde}`;
  const distances = result.rows.map(row => ({ ...row, error: row.distance.mean }));
  const floor = result.floor.mean;
  await writePicture(
    path,
    await plotWorkPrecision(distances, { title, floor, error: 'distance to data (SW₂)' }),
  );
  session.note(path);
  const ends = result.rows.flatMap(row =>
    row.endpoint === undefined ? [] : [{ ...row, error: row.endpoint }],
  );
  if (ends.length === 0) return;
  const second = endpointPath(path);
  await writePicture(second, await plotWorkPrecision(ends, { title, error: 'RMS distance to flow' }));
  session.note(second);
}
