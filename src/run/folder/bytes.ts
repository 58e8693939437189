import { failure } from '../../errors.ts';
import { parseJson } from '../../files/index.ts';
import type { PlainParams, PlainTensor } from '../../tensor/index.ts';
import { inOrder } from '../../weights/fit.ts';
import { type ModelConfig, parseModelConfig } from './config.ts';
import { checkPlausible } from './consistency.ts';
import { readSealedBytes } from './weights-file.ts';

/** A value as the text of a file. */
export const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

/** What is needed to use a run: its configuration and its averaged weights. */
export interface StoredModel<C = ModelConfig> {
  readonly config: C;
  readonly params: PlainParams;
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

/** A run that was saved as one file, by `exportSafetensors`. */
export interface RunFile {
  /** All its bytes. */
  readonly file: Uint8Array;
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

/** A configuration and the weights that fit it. @throws failure if they cannot belong together */
export function modelFrom<C extends Parameters<typeof checkPlausible>[0]>(
  config: C,
  tensors: ReadonlyMap<string, PlainTensor>,
  where: string,
): StoredModel<C> {
  const params = Object.fromEntries(tensors);
  checkPlausible(config, params, where);
  return { config, params };
}

/** Weights with the names and shapes of `expected`. @throws failure that lists the differences */
export const matched = (params: PlainParams, expected: PlainParams, where: string): PlainParams =>
  inOrder(params, expected, ({ missing, unexpected, reshaped }) => {
    const names = [
      ...missing.map(name => `missing ${name}`),
      ...unexpected.map(name => `unexpected ${name}`),
    ];
    return failure('The weights do not fit the network of the configuration', {
      where,
      got: [...names, ...reshaped].slice(0, 5).join('; '),
    });
  });
