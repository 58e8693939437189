import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from '../../engine/index.ts';
import { usage } from '../../errors.ts';
import { imageGrid, writePicture } from '../../report/index.ts';
import type { ModelConfig } from '../folder/config.ts';
import type { Run } from '../run.ts';
import { areImages, tilesOf } from '../use/images.ts';
import { sample } from '../use/sample.ts';
import type { PreviewOptions } from './options.ts';

/**
 * Draws the preview of a step. It always decodes the same latents, which the seed determines, independently
 * of the random numbers of training.
 */
export interface Preview {
  readonly every: number;
  draw(run: Run, step: number): Promise<void>;
}

/** Samples in a preview. */
const COUNT = 16;

/** @throws usage without a folder, for impossible numbers, and for data that are not images */
export function requirePreviews(
  config: ModelConfig,
  { sampleEvery: every, sampleCount: count = COUNT, out }: PreviewOptions & { readonly out?: string },
): void {
  if (every === undefined) return;
  if (![every, count].every(value => Number.isInteger(value) && value > 0))
    throw usage('Impossible previews', {
      got: `${count} every ${every} steps`,
      expected: 'whole numbers from 1',
    });
  if (out === undefined) throw usage('Previews need a folder', { remedy: 'Give the folder of the run: out' });
  if (!areImages(config))
    throw usage('Only images are drawn while a run trains', {
      where: config.data.source,
      got: `rows of shape [${config.data.shape}]`,
      remedy: 'Leave sampleEvery (--sample-every) out, and plot the run at its end.',
    });
}

/**
 * The previews of a run; undefined if none are requested. A new run first removes the previews that an
 * earlier run left in its folder.
 */
export async function previews(
  config: ModelConfig,
  { sampleEvery: every, sampleCount: count = COUNT }: PreviewOptions,
  { out, fresh, engine, signal }: Place,
): Promise<Preview | undefined> {
  if (every === undefined || out === undefined) return undefined;
  const folder = join(out, 'samples');
  if (fresh) await clear(folder);
  const options = { count, seed: config.seed, engine, ...(signal && { signal }) };
  return {
    every,
    draw: async (run, step) => {
      const samples = await sample(run, options);
      await mkdir(folder, { recursive: true });
      await writePicture(join(folder, `step-${step}.png`), imageGrid(tilesOf(config, samples)));
    },
  };
}

interface Place {
  readonly out: string | undefined;
  /** Whether the run is new. */
  readonly fresh: boolean;
  readonly engine: Engine;
  readonly signal: AbortSignal | undefined;
}

async function clear(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) if (/^step-\d+\.png$/.test(name)) await rm(join(folder, name));
}
