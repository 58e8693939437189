import { extname, join } from 'node:path';
import type { Engine } from '../../engine/index.ts';
import { usage } from '../../errors.ts';
import type { GridName } from '../../registry/grids.ts';
import type { Run } from '../../run/run.ts';
import type { SampleRunOptions } from '../../run/use/sample.ts';
import { type ArgsOf, defineCommand, type OptionTable } from '../arguments/command.ts';
import { openEngine, openRunOf, openSolver } from '../arguments/open.ts';
import { engineOptions, out, runOptions, runPositional, solverOptions, value } from '../arguments/options.ts';
import { given, required, text, whole } from '../arguments/values.ts';
import { checkOutput } from '../terminal/output.ts';
import type { Session } from '../terminal/session.ts';

const options = {
  count: { ...value, describe: 'samples to draw; default 5000, for images 64' },
  title: { type: 'string', describe: 'heading of the picture' },
  ...solverOptions,
  ...runOptions,
  ...out('FILE.png or .svg; default RUN/plot.png. The loss goes to FILE-loss.png'),
  ...engineOptions,
} as const satisfies OptionTable;
type PlotArgs = ArgsOf<typeof options & typeof runPositional>;

export const plotCommand = defineCommand({
  command: 'plot <run>',
  describe: 'draw data next to samples, the learned density of 2-D data, and the curves of training',
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
  const images = run.config.data.shape.length > 1;
  const count = whole(args, 'count') ?? (images ? 64 : 5000);
  const suffix = extname(path);
  const lossPath = `${path.slice(0, -suffix.length)}-loss${suffix}`;
  for (const file of [path, ...(run.losses.length > 0 ? [lossPath] : [])])
    await checkOutput(file, ['.png', '.svg']);
  const { captionOf } = await import('../work/captions.ts');
  const { componentsOf } = await import('../../run/shape.ts');
  const plan = {
    count,
    options,
    common: { engine: await openEngine(args, session), signal: session.signal },
    title: text(args, 'title') ?? captionOf(run),
    folder: required(args, 'run'),
  };
  const { plotLoss, writePicture } = await import('../../report/index.ts');
  await writePicture(path, await pictureOf(run, plan, args, session));
  if (run.losses.length === 0) return session.note(path);
  const validation = run.validation && {
    ...run.validation,
    mixture: componentsOf(run.config) > 1 ? run.validation.mixture?.nats : undefined,
  };
  const curves = { title: plan.title, ...given({ quality: run.quality, validation }) };
  await writePicture(lossPath, await plotLoss(run.losses, curves));
  session.note(`${path}\n${lossPath}`);
}

/** Data beside samples; of a run of one noise level, beside draws of chains at it. */
async function pictureOf(run: Run, plan: Plan, args: PlotArgs, session: Session) {
  const { levelOf } = await import('../../run/use/labels.ts');
  if (levelOf(run) === undefined)
    return (run.config.data.shape.length > 1 ? imagesPlot : pointsPlot)(run, plan, session);
  const stray = ['solver', 'grid', 'steps', 'batch'].find(name => args[name as keyof PlotArgs] !== undefined);
  if (stray !== undefined)
    throw usage('The run was trained at one noise level: its picture shows chains, not a solver', {
      where: `--${stray}`,
      remedy: 'Leave it out',
    });
  const { levelPlot } = await import('../work/one-level.ts');
  return levelPlot(run, { ...plan, seed: whole(args, 'seed', 0) }, session);
}

interface Plan {
  readonly count: number;
  readonly options: Omit<SampleRunOptions, 'count'>;
  readonly common: { readonly engine: Engine; readonly signal: AbortSignal };
  readonly title: string;
  /** The folder of the run. */
  readonly folder: string;
}

/**
 * Images of the data next to the same number of samples; only samples if the data are missing or were never
 * there.
 */
async function imagesPlot(run: Run, { count, options, common, title }: Plan, session: Session) {
  const { plotImages } = await import('../../report/index.ts');
  const { sourceRows } = await import('../work/pictures.ts');
  const { tilesOf } = await import('../../run/use/images.ts');
  const { sample } = await import('../../run/use/sample.ts');
  const { config } = run;
  const data =
    'imported' in config
      ? undefined
      : await sourceRows(config, count).catch((cause: Error) =>
          session.note(`the picture shows samples only: ${cause.message}`),
        );
  const sampling = session.progress('sampling');
  const samples = await sample(run, { ...options, ...common, count, onProgress: sampling.update }).finally(
    sampling.end,
  );
  const tiles = data ? { data: tilesOf(config, data) } : {};
  return plotImages({ ...tiles, samples: tilesOf(config, samples), title });
}

/** Rows of the data next to samples, coloured by class, with the density if the data are two-dimensional. */
async function pointsPlot(run: Run, { count, options, common, title, folder }: Plan, session: Session) {
  const { plotSamples } = await import('../../report/index.ts');
  const { densityGrid, pointClasses, samplesLike, sourceRows } = await import('../work/pictures.ts');
  const { columnsOf, heldOutScore } = await import('../work/captions.ts');
  const { config } = run;
  const data = await sourceRows(config);
  const sampling = session.progress('sampling');
  const drawing = { ...options, ...common, count, onProgress: sampling.update };
  const samples = await samplesLike(run, data.classes, drawing).finally(sampling.end);
  // Between two names there is no density.
  const hasNames = config.data.kinds?.some(kind => 'names' in kind) ?? false;
  const scoring = session.progress('density');
  const score = { ...common, onProgress: scoring.update };
  const density =
    config.data.shape[0] === 2 && !hasNames
      ? await densityGrid(run, [data, samples], score).finally(scoring.end)
      : undefined;
  const subtitle = await heldOutScore(run, folder, common);
  return plotSamples({
    data,
    samples,
    title,
    ...given({ density, subtitle }),
    ...columnsOf(config),
    ...pointClasses(config, data.classes, samples.classes),
  });
}
