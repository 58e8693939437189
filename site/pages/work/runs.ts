import { openRun, sample, samplePath } from 'langevin/browser';
import { currentRun, type Desk, engine, state } from './engine.ts';

/** The files of a run: one file, or its two. */
export interface RunFiles {
  readonly file?: Uint8Array;
  readonly config?: Uint8Array;
  readonly weights?: Uint8Array;
}

export const runs = {
  /** Opens a run from its files. */
  async open({ file, config, weights }: RunFiles) {
    state.run = await openRun(file ? { file } : { config: config!, weights: weights! });
    const { config: described, losses, validation, quality, params } = state.run;
    return {
      shape: described.data.shape,
      columns: described.data.columns,
      source: described.data.source,
      numbers: Object.values(params).reduce((sum, { data }) => sum + data.length, 0),
      config: JSON.stringify(described),
      ...{ losses, validation, quality },
    };
  },

  /** Samples in data units; of a table also as text. */
  async samples({ count }: { count: number }, { signal, report }: Desk) {
    const run = currentRun();
    const onProgress = (progress: object) => report({ ...progress });
    const { data, shape } = await sample(run, { count, engine: await engine(), signal, onProgress });
    return { data, shape };
  },

  /** The way from noise to a few samples. */
  async film({ count, frames }: { count: number; frames: number }, { signal }: Desk) {
    const options = { count, shown: count, frames, steps: 2 * (frames - 1), engine: await engine(), signal };
    const path = await samplePath(currentRun(), { ...options, grid: 'uniform' });
    return { times: path.frames.map(({ t }) => t), states: path.frames.map(({ x }) => x.data) };
  },
};
