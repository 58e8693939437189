import { failure } from '../errors.ts';
import { readSafetensors, type StoredTensor, sniffContent, type TensorData } from '../files/index.ts';
import type { PlainParams } from '../tensor/types.ts';
import { choose, chooseWeights } from './checkpoint.ts';
import type { WeightsKind } from './kind.ts';
import { withoutPrefixes } from './prefixes.ts';
import { type ByteSource, withFile } from './source.ts';
import { isTorch, openTorch, readTensors } from './torch/read.ts';

/** The source of weights. */
export interface WeightsSource {
  /** The file. */
  readonly path: string;
  /** The format of the file. */
  readonly format: 'safetensors' | 'torch' | 'torch-legacy';
  /** Weights as trained, or their moving average. */
  readonly kind: WeightsKind;
  /** Number of training steps, if the file has it. */
  readonly step?: number;
}

/** Which weights of a checkpoint to import. */
export interface ImportOptions {
  /** The weights as trained, or their moving average; default the average, if the file has one. */
  readonly weights?: WeightsKind;
}

/** Weights in the types and the order of the file. Written as safetensors, they give the same bytes. */
export interface ReadWeights {
  /** The tensors by name. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Their source. */
  readonly source: WeightsSource;
}

/**
 * Reads weights from a safetensors file or from a file that `torch.save` wrote (a `state_dict` or a whole
 * checkpoint). Nothing in the file is ever run: a pickle that needs more than tensors, dicts and numbers is
 * rejected by name.
 * @throws usage if the file is missing; failure, with the position, for damage and for rejected content
 */
export async function readWeights(path: string, { weights }: ImportOptions = {}): Promise<ReadWeights> {
  return withFile(path, async source =>
    (await isSafetensors(source)) ? fromSafetensors(source, weights) : fromTorch(source, weights),
  );
}

/**
 * Weights by name, in float32, for a network. Other types of the file are converted.
 * @throws as {@link readWeights}; failure for a value that float32 cannot hold
 */
export async function importWeights(
  path: string,
  options: ImportOptions = {},
): Promise<{
  /** The weights by name. */
  params: PlainParams;
  /** Their source. */
  source: WeightsSource;
}> {
  const { tensors, source } = await readWeights(path, options);
  const params = Object.fromEntries(
    [...tensors].map(([name, { data, shape }]) => [name, { data: asFloat32(data, name, path), shape }]),
  );
  return { params, source };
}

async function fromTorch(source: ByteSource, weights: WeightsKind | undefined): Promise<ReadWeights> {
  const file = await openTorch(source);
  const { refs, kind, step } = chooseWeights(file.root, weights, source.where);
  const tensors = await readTensors(file, refs, source);
  const about = { path: source.where, format: file.format, kind, ...(step !== undefined && { step }) };
  return { tensors, source: about };
}

async function fromSafetensors(source: ByteSource, weights: WeightsKind | undefined): Promise<ReadWeights> {
  const { tensors } = readSafetensors(await source.read(0, source.size), source.where);
  const parts = withoutPrefixes(tensors);
  if (weights === 'ema' && !parts.ema)
    throw failure('a safetensors file does not say which weights are averaged', {
      where: source.where,
      remedy: 'Leave --weights out.',
    });
  const { refs, kind } = choose(parts, weights, source.where);
  return { tensors: refs, source: { path: source.where, format: 'safetensors', kind } };
}

/**
 * The first bytes identify torch files, whatever their name. Safetensors begin with an 8-byte length and a
 * brace.
 */
async function isSafetensors(source: ByteSource): Promise<boolean> {
  const head = await source.read(0, Math.min(512, source.size));
  if (isTorch(head)) return false;
  return head[8] === 0x7b || (/\.safetensors$/i.test(source.where) && !sniffContent(head));
}

function asFloat32(data: TensorData, name: string, where: string): Float32Array {
  if (data instanceof Float32Array) return data;
  const out = new Float32Array(data.length);
  for (let i = 0; i < data.length; i++) {
    out[i] = Number(data[i]!);
    if (!Number.isFinite(out[i]) && Number.isFinite(Number(data[i])))
      throw failure('a number that float32 cannot hold', {
        where: `${where}, tensor "${name}", element ${i}`,
        got: data[i],
      });
  }
  return out;
}
