import { openRun, type Run, sample, samplePath } from 'langevin/browser';
import { mask } from 'langevin/given';
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
      levels: levelsOf(state.run),
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

  /** Pictures `[count, ...shape]` that agree with a picture outside its hole, `[H, W]`, 1 where it is open. */
  async inpaint(args: { picture: Float64Array; hole: Uint8Array; count: number }, { signal }: Desk) {
    const run = currentRun();
    const { shape } = run.config.data;
    const known = { data: Float32Array.from(args.hole, open => 1 - open), shape: shape.slice(-2) };
    const given = mask({ data: args.picture, shape }, known);
    // Weighted particles would take minutes for a picture.
    const options = { given, count: args.count, method: 'pigdm', engine: await engine(), signal } as const;
    return (await sample(run, options)).data;
  },

  /** The way from noise to a few samples. */
  async film({ count, frames }: { count: number; frames: number }, { signal }: Desk) {
    const options = { count, shown: count, frames, steps: 2 * (frames - 1), engine: await engine(), signal };
    const path = await samplePath(currentRun(), { ...options, grid: 'uniform' });
    return { times: path.frames.map(({ t }) => t), states: path.frames.map(({ x }) => x.data) };
  },
};

/** The values of black and white, if scaling mapped them to −1 or 0 and to 1. */
function levelsOf({ config: { transform } }: Run): readonly [number, number] | undefined {
  if (!('shift' in transform)) return undefined;
  const [shift, scale] = [transform.shift[0]!, transform.scale[0]!];
  const even = transform.shift.every(each => each === shift) && transform.scale.every(each => each === scale);
  return even && (shift === 0 || shift === scale) ? [0, shift + scale] : undefined;
}
