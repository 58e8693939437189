import type { PresetName } from '../../../registry/presets.ts';
import type { SdeSpec } from '../../../registry/sdes.ts';
import type { OptimizerSpec, TrainOptions } from '../../../run/train/options.ts';
import { requireSame } from '../resume.ts';
import { sdeOf, sdeOptions } from '../sde.ts';
import { flag, given, pairs, positive, real, required, text, whole } from '../values.ts';
import { dataOptionsOf } from './data.ts';
import { netOf, objectiveOf } from './model.ts';
import type { TrainArgs } from './options.ts';

const NET = ['net', 'net-options', 'predicts', 'width', 'depth', 'dropout'] as const;
const SDE = Object.keys(sdeOptions) as (keyof typeof sdeOptions)[];

/**
 * Whether the command line decides. With --from, the other run decides, unless one of these options is set.
 */
const isSet = (args: TrainArgs, options: readonly (keyof TrainArgs)[]) =>
  args.from === undefined || options.some(name => args[name] !== undefined);

/** The data of a new training, its split and its SDE. */
export async function beginningOf(args: TrainArgs) {
  return {
    data: required(args, 'data'),
    ...(await dataOptionsOf(args)),
    ...given({
      seed: whole(args, 'seed', 0),
      testFraction: real(args, 'test-fraction', 0),
      // A preset alone is left to `train`, which fits it to the data.
      sde: SDE.some(name => args[name] !== undefined) ? await sdeOf(args) : undefined,
    }),
    overwrite: flag(args, 'overwrite'),
  };
}

/** The options of a new run. */
export async function freshOptions(args: TrainArgs): Promise<TrainOptions> {
  return {
    ...(await beginningOf(args)),
    ...given({
      preset: text(args, 'preset') as PresetName | undefined,
      objective: await objectiveOf(args),
      from: text(args, 'from'),
      optimizer: optimizerOf(args),
    }),
    ...(isSet(args, NET) && { net: await netOf(args) }),
    ...(given({ weighting: text(args, 'weighting') }) as Pick<TrainOptions, 'weighting'>),
    ...(given(trainingSettings(args)) as Partial<TrainOptions>),
  };
}

/** The optimizer with its options. */
function optimizerOf(args: TrainArgs): OptimizerSpec | undefined {
  const [name, options] = [text(args, 'optimizer'), pairs(args, 'optimizer-options')];
  if (name === undefined && Object.keys(options).length === 0) return undefined;
  return { name: name ?? 'adam', ...options } as OptimizerSpec;
}

/** Settings of the steps. */
export const trainingSettings = (args: TrainArgs) => ({
  steps: whole(args, 'steps'),
  batch: whole(args, 'batch'),
  learningRate: positive(args, 'learning-rate'),
  warmup: whole(args, 'warmup', 0),
  decay: text(args, 'decay'),
  clip: positive(args, 'clip'),
  ema: real(args, 'ema', 0),
  checkpointEvery: whole(args, 'checkpoint-every'),
  labelDropout: real(args, 'label-dropout', 0),
});

/** The options of a resumed run. The settings of the run decide: those on the command line have to agree. */
export async function resumedOptions(args: TrainArgs, dir: string): Promise<TrainOptions> {
  const { readModel } = await import('../../../run/folder/checkpoint.ts');
  const { requireTrained } = await import('../../../run/folder/config.ts');
  const config = requireTrained((await readModel(dir)).config, dir);
  requireSame(args, config, dir);
  const stream = args.stream as boolean | undefined;
  const data = text(args, 'data') ?? config.data.source;
  const steps = whole(args, 'steps');
  return {
    data,
    resume: true,
    ...given({
      stream,
      steps,
      sde: await fileSde(args, config.sde.name),
      net: config.net.name === 'file' && args.net !== undefined ? await netOf(args) : undefined,
    }),
  };
}

/** An SDE from a file is read again only if the user names the file: the folder of a run runs no code. */
async function fileSde(args: TrainArgs, name: string): Promise<SdeSpec | undefined> {
  const file = text(args, 'sde');
  return name === 'file' && file !== undefined ? sdeOf(args) : undefined;
}
