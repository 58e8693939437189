import type { Dataset } from '../../data/index.ts';
import type { Run } from '../../run/run.ts';
import type { HostTensor } from '../../tensor/types.ts';
import { type ArgsOf, defineCommand, type OptionTable } from '../arguments/command.ts';
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
import { flag, given, required, text, whole } from '../arguments/values.ts';
import { checkOutput, print, printJson } from '../terminal/output.ts';
import type { Session } from '../terminal/session.ts';
import { levelTable, panelsOf } from '../work/diagnosis.ts';
import { openRows } from '../work/rows.ts';

const options = {
  data: { ...word, describe: 'a toy density or a file; default the data of the run' },
  ...arrayOption,
  ...textOptions,
  count: { ...value, describe: 'points drawn from a density, or most rows of a file; default 2000' },
  levels: { ...value, describe: 'noise levels; default 10' },
  points: { ...value, describe: 'noisy points at each level; default 2048' },
  json: { type: 'boolean', describe: 'print all measures as JSON' },
  ...runOptions,
  ...out('FILE.png or .svg: one page of pictures'),
  ...engineOptions,
} as const satisfies OptionTable;
type DiagnoseArgs = ArgsOf<typeof options & typeof runPositional>;

export const diagnoseCommand = defineCommand({
  command: 'diagnose <run>',
  describe: 'measure a run at every noise level, and say what is wrong with it',
  positionals: runPositional,
  options,
  examples: [
    ['diagnose runs/moons', 'a table of noise levels, and what is wrong in words'],
    ['diagnose runs/wine --json', 'for programs'],
    ['diagnose runs/moons --out diagnosis.png', 'with one page of pictures'],
  ],
  async run(args, session) {
    const path = text(args, 'out');
    await checkOutput(path, ['.png', '.svg']);
    const run = await openRunOf(args);
    const { fresh, trained, dataset } = await rowsOf(args, run, session);
    const { diagnose } = await import('../../run/diagnose.ts');
    const diagnosis = await diagnose(run, {
      fresh,
      ...given({
        trained,
        levels: whole(args, 'levels', 2),
        points: whole(args, 'points', 2),
        seed: whole(args, 'seed', 0),
      }),
      dataset,
      engine: await openEngine(args, session),
      signal: session.signal,
    });
    if (path !== undefined) {
      const { plotLevels, writePicture } = await import('../../report/index.ts');
      const { captionOf } = await import('../work/captions.ts');
      const noise = diagnosis.levels.map(level => level.noise);
      const picture = await plotLevels(noise, panelsOf(diagnosis), { title: captionOf(run) });
      await writePicture(path, picture);
      session.note(path);
    }
    return flag(args, 'json') ? printJson(diagnosis) : print([levelTable(diagnosis)]);
  },
});

interface Rows {
  readonly fresh: HostTensor;
  readonly dataset: Dataset;
  readonly trained?: HostTensor;
}

/** Fresh rows, and rows trained on where the file tells both. */
async function rowsOf(args: DiagnoseArgs, run: Run, session: Session): Promise<Rows> {
  const count = whole(args, 'count') ?? 2000;
  const spec = text(args, 'data') ?? run.config.data.source;
  const common = {
    run: required(args, 'run'),
    count,
    most: count,
    seed: whole(args, 'seed', 0) ?? 0,
    text: textOptionsOf(args),
    ...given({ array: text(args, 'array') }),
  };
  const fresh = await openRows(spec, run.config, {
    ...common,
    ...(args.data !== undefined && { onNote: session.note }),
  });
  const parts = { fresh: fresh.read(), dataset: fresh.dataset };
  if (!fresh.heldOut) return parts;
  const all = await openRows(spec, run.config, { ...common, most: Number.MAX_SAFE_INTEGER, all: true });
  const unseen = await openRows(spec, run.config, { ...common, most: Number.MAX_SAFE_INTEGER });
  const others = new Set(unseen.numbers);
  const rows = all.read();
  const size = rows.data.length / rows.shape[0]!;
  const places = Array.from(all.numbers.keys()).filter(i => !others.has(all.numbers[i]!));
  const few = places.filter((_, k) => k % Math.ceil(places.length / count) === 0);
  const data = new Float64Array(few.length * size);
  for (const [k, i] of few.entries()) data.set(rows.data.subarray(i * size, (i + 1) * size), k * size);
  const trained: HostTensor = { data, shape: [few.length, ...rows.shape.slice(1)] };
  return { ...parts, trained };
}
