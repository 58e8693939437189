import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { failure } from '../../errors.ts';
import { parseJson, readFolder, type StoredTensor, writeFolderAtomic } from '../../files/index.ts';
import type { PlainParams, PlainTensor } from '../../tensor/index.ts';
import { type Layout, unflatten } from '../../train/flat.ts';
import type { TrainState } from '../../train/trainer.ts';
import { type ImportedConfig, type ModelConfig, parseModelConfig, type RunConfig } from './config.ts';
import { checkPlausible } from './consistency.ts';
import { readJson, readSealed, readSealedBytes, sealed } from './files.ts';
import { rowsFile } from './rows.ts';

/** One point of the loss curve: the mean loss over the steps up to `step` since the last point. */
export interface LossPoint {
  /** Number of training steps taken. */
  readonly step: number;
  /** The mean loss. */
  readonly loss: number;
}

/**
 * Distances of samples to the data during training, in model units, and the distance between two sets of
 * data.
 */
export interface QualityCurve {
  /** The distance between two sets of data: smaller distances mean nothing. */
  readonly floor: number;
  /** The distance of samples to data at each step where it was measured. */
  readonly points: readonly {
    /** Number of training steps taken. */
    readonly step: number;
    /** The sliced Wasserstein distance. */
    readonly distance: number;
  }[];
}

/** The curves of a training: its losses, and distances if they were measured. */
export interface Curves {
  readonly losses: readonly LossPoint[];
  /** Distances of samples to the data, if they were measured. */
  readonly quality?: QualityCurve | undefined;
}

const stateSchema = z.strictObject({
  step: z.number().int().nonnegative(),
  /** Sum of the loss over the steps since the last point of its curve. */
  sum: z.number().optional(),
  losses: z.array(z.strictObject({ step: z.number(), loss: z.number() })),
  quality: z
    .strictObject({
      floor: z.number(),
      points: z.array(z.strictObject({ step: z.number(), distance: z.number() })),
    })
    .optional(),
});

const flat = (data: Float32Array): StoredTensor => ({ dtype: 'F32', shape: [data.length], data });

/**
 * Writes a checkpoint folder atomically: `config.json`, `model.safetensors` (averaged weights by name),
 * `state.safetensors` and `state.json` (raw weights, Adam's moments, the step, which determines data order
 * and noise, and the curves), and `rows.npy` (hashes of the rows trained on).
 */
export async function writeCheckpoint(
  dir: string,
  config: RunConfig,
  layout: Layout,
  state: TrainState,
  curves: Curves,
  rows?: Float64Array,
): Promise<void> {
  const raw = new Map([
    ['theta', flat(state.theta)],
    ['m', flat(state.m)],
    ['v', flat(state.v)],
    ['ema', flat(state.ema)],
  ]);
  await writeFolderAtomic(dir, {
    'config.json': json(config),
    'model.safetensors': weightsFile(unflatten(state.ema, layout)),
    'state.safetensors': sealed(raw),
    'state.json': json({ step: state.step, ...(state.sum && { sum: state.sum }), ...curves }),
    ...rowsFile(rows),
  });
}

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

function weightsFile(params: PlainParams): Uint8Array {
  const tensors = Object.entries(params).map(
    ([name, { data, shape }]) => [name, { dtype: 'F32', shape, data }] as const,
  );
  return sealed(new Map(tensors));
}

/**
 * Writes the folder of an imported run atomically: `config.json` and `model.safetensors`, without training
 * state.
 */
export const writeImported = (dir: string, config: ImportedConfig, params: PlainParams): Promise<void> =>
  writeFolderAtomic(dir, { 'config.json': json(config), 'model.safetensors': weightsFile(params) });

/** What is needed to use a run: its configuration and its averaged weights. */
export interface StoredModel {
  readonly config: ModelConfig;
  readonly params: PlainParams;
}

/** Reads the configuration and the weights of one checkpoint. */
export function readModel(dir: string): Promise<StoredModel> {
  return readFolder(dir, async folder => {
    const config = parseModelConfig(await readJson(folder, 'config.json'), join(dir, 'config.json'));
    return modelFrom(config, await readSealed(folder, 'model.safetensors', dir), dir);
  });
}

/**
 * The two files needed to use a run, as bytes. The configuration can also be JSON text or its parsed value.
 */
export interface RunBytes {
  /** The file `config.json`. */
  readonly config: string | Uint8Array | object;
  /** The file `model.safetensors`. */
  readonly weights: Uint8Array;
}

/** The same as `readModel`, from bytes. */
export function readModelBytes({ config, weights }: RunBytes): StoredModel {
  const read = (text: string) => parseJson(text, 'config');
  const value =
    typeof config === 'string'
      ? read(config)
      : config instanceof Uint8Array
        ? read(new TextDecoder().decode(config))
        : config;
  return modelFrom(parseModelConfig(value, 'config'), readSealedBytes(weights, 'weights'), 'the run');
}

function modelFrom(
  config: ModelConfig,
  tensors: ReadonlyMap<string, PlainTensor>,
  where: string,
): StoredModel {
  const params = Object.fromEntries(tensors);
  checkPlausible(config, params, where);
  return { config, params };
}

/** Reads the curves of a training, without the rest of its state. */
export async function readCurves(dir: string): Promise<Curves> {
  return readFolder(dir, async folder => {
    // A model that is only used need not have a training state.
    if (!(await stat(join(folder, 'state.json')).catch(() => undefined))) return { losses: [] };
    const { step: _step, sum: _sum, ...curves } = await readProgress(folder, dir);
    return curves;
  });
}

/** Reads what continuing a run needs in addition: the training state of one checkpoint. */
export function readState(dir: string): Promise<{ state: TrainState; curves: Curves }> {
  return readFolder(dir, async folder => {
    const { step, sum, ...curves } = await readProgress(folder, dir);
    const tensors = await readSealed(folder, 'state.safetensors', dir);
    const [theta, m, v, ema] = ['theta', 'm', 'v', 'ema'].map(name => {
      const tensor = tensors.get(name);
      if (!tensor)
        throw failure(`The state of training lacks "${name}"`, { where: join(dir, 'state.safetensors') });
      return tensor.data;
    });
    return { state: { step, theta: theta!, m: m!, v: v!, ema: ema!, ...(sum && { sum }) }, curves };
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

/** Weights with the names and shapes of `expected`. @throws failure that lists the differences */
export function matched(params: PlainParams, expected: PlainParams, where: string): PlainParams {
  const has = (names: object, name: string) => Object.hasOwn(names, name);
  const differences = [
    ...Object.keys(expected)
      .filter(name => !has(params, name))
      .map(name => `missing ${name}`),
    ...Object.keys(params)
      .filter(name => !has(expected, name))
      .map(name => `unexpected ${name}`),
    ...Object.keys(expected)
      .filter(name => has(params, name) && params[name]!.shape.join() !== expected[name]!.shape.join())
      .map(name => `${name} is [${params[name]!.shape}], not [${expected[name]!.shape}]`),
  ];
  if (differences.length > 0)
    throw failure('The weights do not fit the network of the configuration', {
      where,
      got: differences.slice(0, 5).join('; '),
    });
  return Object.fromEntries(Object.keys(expected).map(name => [name, params[name]!]));
}
