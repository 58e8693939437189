import type { NetOptions, NetSpec } from '../../../registry/nets.ts';
import type { ObjectiveSpec } from '../../../registry/objectives.ts';
import type { PresetName } from '../../../registry/presets.ts';
import { isModule, loadNet } from '../modules.ts';
import { given, pairs, positive, real, text, whole } from '../values.ts';
import type { TrainArgs } from './options.ts';

/** The objective with its options; without a name that of the preset. */
export async function objectiveOf(args: TrainArgs): Promise<ObjectiveSpec | undefined> {
  const name = text(args, 'objective');
  const options = { ...pairs(args, 'objective-options'), ...given({ sigma: positive(args, 'sigma') }) };
  if (name !== undefined) return { name, ...options } as ObjectiveSpec;
  if (Object.keys(options).length === 0) return undefined;
  const preset = text(args, 'preset');
  if (preset === undefined) return { name: 'denoising', ...options };
  const { presetOf } = await import('../../../registry/presets.ts');
  return { ...presetOf(preset as PresetName).objective, ...options } as ObjectiveSpec;
}

/**
 * The network with its options. The name and the prediction come first, as in a configuration that is read
 * back. So a resumed run writes the same bytes.
 */
export async function netOf(args: TrainArgs): Promise<NetSpec> {
  const name = text(args, 'net') ?? 'mlp';
  const options = {
    ...given({ width: whole(args, 'width'), depth: whole(args, 'depth'), dropout: real(args, 'dropout', 0) }),
    ...pairs(args, 'net-options'),
  };
  const predicts = text(args, 'predicts');
  if (isModule(name)) return loadNet(name, { ...given({ predicts }), ...options });
  return { name, predicts, ...options } as NetOptions;
}
