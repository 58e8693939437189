import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { RowHashes } from '../../data/index.ts';
import { failure, usage } from '../../errors.ts';
import { readFolder, readRegular, writeFolderAtomic } from '../../files/disk.ts';
import type { StoredTensor } from '../../files/index.ts';
import type { PlainParams } from '../../tensor/index.ts';
import { type Layout, unflatten } from '../../train/flat.ts';
import type { TrainState } from '../../train/trainer.ts';
import { json, modelFrom, type StoredModel } from './bytes.ts';
import { type ClassifierConfig, isClassifier, parseClassifierConfig } from './classifier-config.ts';
import { type ImportedConfig, type ModelConfig, parseModelConfig, type RunConfig } from './config.ts';
import { type Curves, curveFields } from './curves.ts';
import { readJson, readSealed } from './files.ts';
import { rowsFile } from './rows.ts';
import { type Starts, startsSchema } from './starts.ts';
import { sealed, weightsFile } from './weights-file.ts';

const stateSchema = z.strictObject({
  step: z.number().int().nonnegative(),
  /** Sum of the loss over the steps since the last point of its curve. */
  sum: z.number().optional(),
  ...curveFields,
  starts: startsSchema.optional(),
});

const flat = (data: Float32Array): StoredTensor => ({ dtype: 'F32', shape: [data.length], data });

/** What a checkpoint holds besides its configuration. */
export interface TrainingFiles {
  readonly layout: Layout;
  readonly state: TrainState;
  readonly curves: Curves;
  /** Hashes of the rows trained on. */
  readonly rows?: RowHashes | undefined;
  readonly starts?: Starts | undefined;
  /** The weights of the run. Default: the best of the validation, else the averaged ones. */
  readonly weights?: Float32Array | undefined;
}

/**
 * Writes a checkpoint folder atomically: `config.json`, `model.safetensors` (averaged weights by name; the
 * best of them, if rows are kept for validation), `state.safetensors` and `state.json` (raw weights, Adam's
 * moments, the step, which determines data order and noise, and the curves), and `rows.npy` (hashes of the
 * rows trained on).
 */
export async function writeCheckpoint(
  dir: string,
  config: RunConfig | ClassifierConfig,
  { layout, state, curves, rows, starts, weights }: TrainingFiles,
): Promise<void> {
  const raw = new Map([
    ['theta', flat(state.theta)],
    ['m', flat(state.m)],
    ['v', flat(state.v)],
    ['ema', flat(state.ema)],
    ...(state.best ? [['best', flat(state.best)] as const] : []),
    ...(state.baseline ? [['baseline', flat(state.baseline)] as const] : []),
    ...(state.chains ? [['chains', flat(state.chains)] as const] : []),
    ...(state.draws ? [['draws', flat(state.draws)] as const] : []),
  ]);
  await writeFolderAtomic(dir, {
    'config.json': json(config),
    'model.safetensors': weightsFile(unflatten(weights ?? state.best ?? state.ema, layout)),
    'state.safetensors': sealed(raw),
    'state.json': json({
      step: state.step,
      ...(state.sum && { sum: state.sum }),
      ...curves,
      ...(starts && { starts }),
    }),
    ...rowsFile(rows),
  });
}

/**
 * Writes the folder of an imported run atomically: `config.json` and `model.safetensors`, without training
 * state.
 */
export const writeImported = (dir: string, config: ImportedConfig, params: PlainParams): Promise<void> =>
  writeFolderAtomic(dir, { 'config.json': json(config), 'model.safetensors': weightsFile(params) });

/** Reads the configuration and the weights of one checkpoint. @throws usage for a classifier */
export const readModel = (dir: string): Promise<StoredModel> => readAs(dir, parseModelConfig);

/** The same of a classifier. @throws usage for a model of data */
export const readClassifier = (dir: string): Promise<StoredModel<ClassifierConfig>> =>
  readAs(dir, parseClassifierConfig);

/** Whether the folder has the configuration of a classifier. */
export const holdsClassifier = (dir: string): Promise<boolean> =>
  readFolder(dir, async folder => isClassifier(await readJson(folder, 'config.json')));

const readAs = <C extends ModelConfig | ClassifierConfig>(
  dir: string,
  parse: (value: unknown, where: string) => C,
): Promise<StoredModel<C>> =>
  readFolder(dir, async folder => {
    const config = parse(await readJson(folder, 'config.json'), join(dir, 'config.json'));
    return modelFrom(config, await readSealed(folder, 'model.safetensors', dir), dir);
  });

/** The bytes of a run that was saved as one file. @throws usage if there is no such file */
export const readRunFile = (path: string): Promise<Uint8Array> =>
  readRegular(path).catch((cause: Error) => {
    throw usage('The file of the run cannot be read', { where: path, got: cause.message });
  });

/** Reads the curves of a training, without the rest of its state. */
export async function readCurves(dir: string): Promise<Curves> {
  return readFolder(dir, async folder => {
    // A model that is only used need not have a training state.
    if (!(await stat(join(folder, 'state.json')).catch(() => undefined))) return { losses: [] };
    const { step: _step, sum: _sum, starts: _starts, ...curves } = await readProgress(folder, dir);
    return curves;
  });
}

/** Reads what continuing a run needs in addition: the training state of one checkpoint. */
export function readState(dir: string): Promise<{ state: TrainState; curves: Curves; starts?: Starts }> {
  return readFolder(dir, async folder => {
    const { step, sum, starts, ...curves } = await readProgress(folder, dir);
    const tensors = await readSealed(folder, 'state.safetensors', dir);
    const [theta, m, v, ema] = ['theta', 'm', 'v', 'ema'].map(name => {
      const tensor = tensors.get(name);
      if (!tensor)
        throw failure(`The state of training lacks "${name}"`, { where: join(dir, 'state.safetensors') });
      return tensor.data;
    });
    const [best, baseline] = ['best', 'baseline'].map(name => tensors.get(name)?.data);
    const [chains, draws] = ['chains', 'draws'].map(name => tensors.get(name)?.data);
    const vectors = {
      ...{ theta: theta!, m: m!, v: v!, ema: ema! },
      ...(best && { best }),
      ...(baseline && { baseline }),
    };
    const carried = { ...(sum && { sum }), ...(chains && { chains }), ...(draws && { draws }) };
    return { state: { step, ...vectors, ...carried }, curves, ...(starts && { starts }) };
  });
}

async function readProgress(folder: string, dir: string): Promise<z.infer<typeof stateSchema>> {
  const parsed = stateSchema.safeParse(await readJson(folder, 'state.json'));
  if (parsed.success) return parsed.data;
  throw failure('The state of training is damaged', {
    where: join(dir, 'state.json'),
    got: parsed.error.issues[0]!.message,
  });
}
