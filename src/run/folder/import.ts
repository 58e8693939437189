import { usage } from '../../errors.ts';
import { checkFolder, holdsFile, isFolder } from '../../files/disk.ts';
import { packageVersion } from '../../files/index.ts';
import { diffusersFolder } from '../../presets/diffusers.ts';
import { type Released, releasedOf } from '../../presets/released.ts';
import { makeSde, type SdeSpec } from '../../registry/sdes.ts';
import { isCentred, namedAsIn, publishedNet } from '../../score/nets/published-net.ts';
import { fitWeights, importWeights, type WeightsSource } from '../../weights/index.ts';
import type { WeightsKind } from '../../weights/kind.ts';
import { importedRun, type Run } from '../run.ts';
import { writeImported } from './checkpoint.ts';
import { type ImportedConfig, parseModelConfig } from './config.ts';
import { checkpointFiles } from './files.ts';

/** The options of `importRun`. */
export interface ImportRunOptions {
  /** A file of `torch.save` or safetensors, or a folder that diffusers wrote with a `UNet2DModel`. */
  readonly file: string;
  /** A name in `released`, or a description of the same form. A folder contains its own description. */
  readonly arch?: string | Released;
  /** The weights as trained, or their moving average. Default: the average, if the file has one. */
  readonly weights?: WeightsKind;
  /** The folder of the run. Without it nothing is written. */
  readonly out?: string;
  /** Whether an existing run is replaced; default false. */
  readonly overwrite?: boolean;
}

/**
 * Makes a run from published weights. It can be used like any other run: for sampling, likelihoods and
 * exports. Its data are images of 256 levels, x = k + u with u ~ U[0, 1). The network sees x/128 − 1 if it
 * was trained on data in [−1, 1], and x/256 otherwise.
 * @throws usage for an unknown `arch`, for a folder with other content, and if a run exists already; failure
 * with a list of the weights that do not fit
 */
export async function importRun(options: ImportRunOptions): Promise<Run> {
  const { arch, weights, out } = options;
  const { file, description } = await descriptionOf(options);
  const sde = await makeSde(description.sde as SdeSpec);
  // A network that langevin cannot compute is rejected before a large file is read.
  publishedNet(description.net);
  if (out) await checkFolder(out, checkpointFiles);
  if (out && !options.overwrite && (await holdsFile(out, 'config.json'))) {
    throw usage('A run is there already', { where: out, remedy: 'Choose another folder, or overwrite it' });
  }
  const { params, source } = await importWeights(file, weights ? { weights } : {});
  const released = { ...description, net: namedAsIn(description.net, Object.keys(params)) };
  const tensors = fitWeights(params, publishedNet(released.net).weights, file);
  const config = configOf(released, source, typeof arch === 'string' ? arch : undefined);
  const run = importedRun(parseModelConfig(config, file) as ImportedConfig, sde, tensors, file);
  if (out) await writeImported(out, config, tensors);
  return run;
}

async function descriptionOf({
  file,
  arch,
}: ImportRunOptions): Promise<{ file: string; description: Released }> {
  if (arch !== undefined) return { file, description: typeof arch === 'string' ? releasedOf(arch) : arch };
  if (await isFolder(file)) {
    const folder = await diffusersFolder(file);
    return { file: folder.file, description: folder.arch };
  }
  throw usage('A run needs to know its network', {
    where: file,
    expected: 'a released configuration, a description like one, or a folder of diffusers',
  });
}

/** The description of the run. In its transform, one number applies to every value of a sample. */
function configOf({ net, sde, levels }: Released, source: WeightsSource, arch?: string): ImportedConfig {
  const { channels, side } = publishedNet(net).config;
  return {
    format: 1,
    version: packageVersion(),
    seed: 0,
    data: { source: source.path, shape: [channels, side, side], testFraction: 0 },
    transform: isCentred(net)
      ? { shift: [128], scale: [128], bins: true }
      : { shift: [0], scale: [256], bins: true },
    sde: sde as ImportedConfig['sde'],
    net: { name: 'published', predicts: sde.name === 've' ? 'score' : 'noise', levels, config: { ...net } },
    imported: {
      format: source.format,
      weights: source.kind,
      ...(source.step !== undefined && { step: source.step }),
      ...(arch !== undefined && { arch }),
    },
  };
}
