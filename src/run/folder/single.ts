import * as z from 'zod';
import { failure } from '../../errors.ts';
import { digestOf, parseJson, readSafetensors, writeSafetensors } from '../../files/index.ts';
import type { PlainParams, PlainTensor } from '../../tensor/index.ts';
import { modelFrom, type StoredModel } from './bytes.ts';
import { type ModelConfig, parseModelConfig } from './config.ts';
import { type Curves, curveFields } from './curves.ts';
import { checkTensors, float32 } from './weights-file.ts';

/** A run as read from one file. */
export type StoredRun = StoredModel & { readonly curves: Curves };

const curvesSchema = z.strictObject(curveFields);

/** Whether the name of a run is that of one file, not of a folder. */
export const isSingle = (name: string): boolean => /\.safetensors$/i.test(name);

/**
 * A run as one file: safetensors with the averaged weights by name, in float32, and with the configuration
 * and the curves as JSON in its metadata. Other programs read the weights as they read those of any file.
 */
export function singleFile(config: ModelConfig, params: PlainParams, curves: Curves): Uint8Array {
  const tensors = float32(params);
  const texts = { config: JSON.stringify(config), curves: JSON.stringify(curves) };
  return writeSafetensors({ tensors, metadata: { format: 'langevin', sha256: digestOf(tensors), ...texts } });
}

/** @throws failure for a file that holds no run, or a damaged one */
export function readSingle(bytes: Uint8Array, where: string): StoredRun {
  const { tensors, metadata } = readSafetensors(bytes, where);
  if (metadata.config === undefined)
    throw failure('The file holds weights, but no run', {
      where,
      expected: 'a file of `langevin export RUN --to safetensors`, or the folder of the run',
    });
  checkTensors(tensors, metadata, where);
  const config = parseModelConfig(parseJson(metadata.config, where), where);
  const model = modelFrom(config, tensors as ReadonlyMap<string, PlainTensor>, where);
  const curves = curvesSchema.safeParse(parseJson(metadata.curves ?? '{"losses":[]}', where));
  if (curves.success) return { ...model, curves: curves.data };
  throw failure('The curves of the run are damaged', { where, got: curves.error.issues[0]!.message });
}
