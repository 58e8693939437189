import { basename, extname, join } from 'node:path';
import type { GridName } from '../../registry/grids.ts';
import type { Run } from '../../run/run.ts';
import { type ArgsOf, defineCommand, type OptionTable } from '../arguments/command.ts';
import { openEngine, openRunOf, openSolver } from '../arguments/open.ts';
import { engineOptions, out, runOptions, runPositional, solverOptions, value } from '../arguments/options.ts';
import { given, required, text, whole } from '../arguments/values.ts';
import { checkOutput } from '../terminal/output.ts';
import type { Session } from '../terminal/session.ts';

const options = {
  count: { ...value, describe: 'samples to draw; default 5000, of images 64' },
  title: { type: 'string', describe: 'heading of the picture' },
  ...solverOptions,
  ...runOptions,
  ...out('FILE.png or .svg; default RUN/plot.png. The loss goes to FILE-loss.png'),
  ...engineOptions,
} as const satisfies OptionTable;
type PlotArgs = ArgsOf<typeof options & typeof runPositional>;

export const plotCommand = defineCommand({
  command: 'plot <run>',
  describe: 'data beside samples, the learned density where 2-D, and the curves of loss and quality',
  positionals: runPositional,
  options,
  examples: [['plot runs/moons', 'writes runs/moons/plot.png and runs/moons/plot-loss.png']],
  run: plotRun,
});

async function plotRun(args: PlotArgs, session: Session): Promise<void> {
  const path = text(args, 'out') ?? join(required(args, 'run'), 'plot.png');
  const options = given({
    steps: whole(args, 'steps'),
    batch: whole(args, 'batch'),
    seed: whole(args, 'seed', 0),
    grid: text(args, 'grid') as GridName | undefined,
    solver: await openSolver(args),
  });
  const run = await openRunOf(args);
  const count = whole(args, 'count') ?? (run.config.data.shape.length > 1 ? 64 : 5000);
  await checkOutput(path, ['.png', '.svg']);
  const common = { engine: await openEngine(args, session), signal: session.signal };
  const { sample } = await import('../../run/use/sample.ts');
  const { densityGrid, samplesPicture, sourceRows } = await import('../work/pictures.ts');
  const { plotLoss, plotSamples, writePicture } = await import('../../report/index.ts');
  const sampling = session.progress('sampling');
  const samples = await sample(run, { ...options, ...common, count, onProgress: sampling.update }).finally(
    sampling.end,
  );
  const { shape, columns } = run.config.data;
  if (shape.length > 1) await writePicture(path, await samplesPicture(run.config, samples));
  else {
    const data = await sourceRows(run.config);
    const scoring = session.progress('density');
    const density =
      shape[0] === 2
        ? await densityGrid(run, [data, samples], { ...common, onProgress: scoring.update }).finally(
            scoring.end,
          )
        : undefined;
    const plot = {
      data,
      samples,
      ...given({ density, columns, title: text(args, 'title') ?? captionOf(run) }),
    };
    await writePicture(path, await plotSamples(plot));
  }
  if (run.losses.length === 0) return session.note(path);
  const suffix = extname(path);
  const loss = `${path.slice(0, -suffix.length)}-loss${suffix}`;
  await writePicture(loss, await plotLoss(run.losses, given({ quality: run.quality })));
  session.note(`${path}\n${loss}`);
}

/** Which run a picture shows: its data, its SDE and how long it was trained. */
function captionOf({ config, sde, losses }: Run): string {
  const step = losses.at(-1)?.step;
  return [basename(config.data.source), sde.name, step === undefined ? '' : `${step} steps`]
    .filter(Boolean)
    .join(', ');
}
