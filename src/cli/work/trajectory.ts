import { extname } from 'node:path';
import { usage } from '../../errors.ts';
import { animatedGif, animation, plotPath, strip, writePicture } from '../../report/index.ts';
import type { ModelConfig } from '../../run/folder/config.ts';
import type { Run } from '../../run/run.ts';
import { areImages, tilesOf } from '../../run/use/images.ts';
import type { SampleFrame } from '../../run/use/trajectory.ts';
import { checkOutput } from '../terminal/output.ts';
import { captionOf, columnsOf } from './captions.ts';

/** The number of states and samples that a picture of trajectories shows. */
export interface PathPlan {
  readonly frames: number;
  readonly shown: number;
}

const ANIMATED = ['.apng', '.gif'];

/** Checks, before any work, that a file can show how the samples of this run arise. @throws usage if not */
export async function planPath(path: string, config: ModelConfig, frames?: number): Promise<PathPlan> {
  const images = areImages(config);
  if (!images && config.data.shape.join() !== '2')
    throw usage('--path can only show images and points of the plane', {
      where: '--path',
      got: `rows of shape [${config.data.shape}]`,
    });
  await checkOutput(path, images ? ['.png', ...ANIMATED] : ['.png', '.svg'], '--path');
  const animated = ANIMATED.includes(extname(path).toLowerCase());
  if (images) return { frames: frames ?? (animated ? 40 : 9), shown: animated ? 16 : 8 };
  return { frames: frames ?? 5, shown: 512 };
}

/** Draws the states: a row for each image, an animated grid of images, or panels of points. */
export async function writePath(path: string, run: Run, frames: readonly SampleFrame[]): Promise<void> {
  const { config } = run;
  if (!areImages(config))
    return writePicture(path, await plotPath(frames, { title: captionOf(run), ...columnsOf(config) }));
  const tiles = frames.map(({ x }) => tilesOf(config, x));
  const draw = { '.apng': animation, '.gif': animatedGif }[extname(path).toLowerCase()] ?? strip;
  return writePicture(path, draw(tiles));
}
