import { usage } from '../errors.ts';
import { join } from '../files/paths.ts';
import { parseArch } from '../presets/arch.ts';
import type { NetSpec } from '../registry/nets.ts';
import { makeSde, type SdeSpec } from '../registry/sdes.ts';
import type { ScoreModel, ScoreNet } from '../score/contract.ts';
import { networkModel } from '../score/model.ts';
import { publishedNet } from '../score/nets/published-net.ts';
import { publishedModel } from '../score/published-model.ts';
import type { Sde } from '../sde/index.ts';
import type { PlainParams } from '../tensor/index.ts';
import { type Layout, unflatten } from '../train/flat.ts';
import type { TrainState } from '../train/trainer.ts';
import { fitWeights } from '../weights/fit.ts';
import { matched, type RunBytes, type RunFile, readModelBytes } from './folder/bytes.ts';
import { readCurves, readModel, readRunFile } from './folder/checkpoint.ts';
import type { ImportedConfig, ModelConfig, RunConfig } from './folder/config.ts';
import type { Curves, LossPoint, QualityCurve, ValidationCurve } from './folder/curves.ts';
import type { Report } from './folder/report.ts';
import { isSingle, readSingle, type StoredRun } from './folder/single.ts';
import { netOfRun } from './net.ts';
import { modelShapeOf, partsOf } from './shape.ts';

export type { RunBytes, RunFile } from './folder/bytes.ts';

/** A model ready for use: the SDE, the network with averaged weights, and the units of the data. */
export interface Run {
  /** The folder or file that it was opened from, if it has a name. */
  readonly opened?: string;
  /** The description of the model: its data, SDE and network. */
  readonly config: ModelConfig;
  /** The forward SDE. */
  readonly sde: Sde;
  /** The network with its averaged weights, bound to the SDE. */
  readonly model: ScoreModel;
  /** The averaged weights by name. */
  readonly params: PlainParams;
  /** The losses during training; empty for an imported run. */
  readonly losses: readonly LossPoint[];
  /** The nats of the validation rows on the way, where rows were kept for it. */
  readonly validation?: ValidationCurve | undefined;
  /** The quality of samples on the way, where it was measured. */
  readonly quality?: QualityCurve | undefined;
  /** How good the model is, where training measured it at its end. */
  readonly report?: Report | undefined;
}

/** A run that was trained by langevin: its configuration describes the training. */
export interface TrainedRun extends Run {
  /** The whole description of the run, its training included. */
  readonly config: RunConfig;
}

export function runOf(
  config: RunConfig,
  sde: Sde,
  net: ScoreNet,
  layout: Layout,
  state: Pick<TrainState, 'best' | 'ema'>,
  curves: Curves,
): TrainedRun {
  const params = unflatten(state.best ?? state.ema, layout);
  return {
    config,
    sde,
    params,
    model: networkModel(net, params, sde, modelShapeOf(config), partsOf(config)),
    ...curves,
  };
}

/** What the folder of a run cannot contain. */
export interface OpenRunOptions {
  /** The SDE of a run that was trained with an SDE written as functions: configurations contain no code. */
  readonly sde?: Sde;
  /** The network of a run that was trained with a network written as functions. */
  readonly net?: NetSpec;
}

/**
 * Opens a run for sampling and scoring: from its folder, from the one file that `exportSafetensors` made of
 * it (by its path, or its bytes as `file`), or from the bytes of its `config.json` and `model.safetensors`.
 * Its training state is not needed. It reads JSON and numbers, and never runs anything
 * from them.
 * @throws failure for a folder that is not a run, and for weights that do not fit the configuration, by name;
 * usage for a run whose SDE or network was written as functions and is not passed again
 */
export async function openRun(
  source: string | RunBytes | RunFile,
  options: OpenRunOptions = {},
): Promise<Run> {
  const where = typeof source === 'string' ? source : 'the run';
  const { config, params: stored, curves } = await storedRun(source);
  const sde = await sdeOf(config, where, options.sde);
  const opened = typeof source === 'string' && { opened: source };
  if ('imported' in config) return { ...importedRun(config, sde, stored, weightsOf(source)), ...opened };
  const net = netOfRun(config, where, options.net);
  const params = matched(stored, net.init(config.seed), where);
  return {
    ...opened,
    config,
    sde,
    params,
    model: networkModel(net, params, sde, modelShapeOf(config), partsOf(config)),
    ...curves,
  };
}

/** Where the weights of a run are, for errors. */
function weightsOf(source: string | RunBytes | RunFile): string {
  if (typeof source !== 'string') return 'weights';
  return isSingle(source) ? source : join(source, 'model.safetensors');
}

async function storedRun(source: string | RunBytes | RunFile): Promise<StoredRun> {
  if (typeof source === 'string')
    return isSingle(source)
      ? readSingle(await readRunFile(source), source)
      : { ...(await readModel(source)), curves: await readCurves(source) };
  if ('file' in source) return readSingle(source.file, 'the file of the run');
  return { ...readModelBytes(source), curves: { losses: [] } };
}

/** A run with published weights. They must be those of its network by name and shape. */
export function importedRun(config: ImportedConfig, sde: Sde, stored: PlainParams, where: string): Run {
  const { net } = parseArch({ net: config.net.config, sde: config.sde }, where);
  const params = fitWeights(stored, publishedNet(net).weights, where);
  const model = publishedModel({ config: net, params, sde, levels: config.net.levels });
  return { config, sde, params, model, losses: [] };
}

/** The SDE of a stored run, or `given` if only its name could be stored. */
export async function sdeOf(config: Pick<ModelConfig, 'sde'>, where: string, given?: SdeSpec): Promise<Sde> {
  const { name } = config.sde;
  const byValue = config.sde.byValue === true || name === 'file';
  if (!byValue) return makeSde(config.sde as unknown as SdeSpec);
  if (given !== undefined) return makeSde(given);
  throw usage(`The SDE "${name}" of this run was written as functions, which are not stored`, {
    where,
    remedy: name === 'file' ? `Name its file again: --sde ${config.sde.path}` : 'Hand it over again: { sde }',
  });
}
