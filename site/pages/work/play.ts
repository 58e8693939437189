import {
  logLikelihood,
  openDataset,
  openRun,
  type Run,
  sample,
  samplePath,
  slicedWasserstein,
  train,
} from 'langevin/browser';
import { key } from 'langevin/plugin';
import type { View } from '../plots.ts';
import { currentRun, type Desk, engine, state } from './engine.ts';
import { gridOf, scoreAt, unitsOf } from './field.ts';

/** Rows of a toy density, `[count, 2]`, to be drawn and compared with. */
async function rowsOf(name: string, count: number): Promise<Float64Array> {
  const data = await openDataset(name);
  const z = new Float64Array(2 * count);
  data.read(
    z,
    key(7, 'page'),
    Uint32Array.from({ length: count }, (_, i) => i),
  );
  return data.transform.inverse(z, new Float64Array(z.length));
}

export const play = {
  /** Rows of a toy density, `[count, 2]`. */
  rows: ({ data, count }: { data: string; count: number }) => rowsOf(data, count),

  /** A few samples at once, before the whole path is computed. */
  async quick({ count }: { count: number }) {
    const options = { solver: 'dpm-solver++', steps: 8, grid: 'log-snr', engine: await engine() } as const;
    return (await sample(currentRun(), { count, ...options })).data;
  },

  /** Opens the run that comes with the pages. */
  async bundled({ bytes }: { bytes: Uint8Array }) {
    state.run = await openRun({ file: bytes });
    return { data: state.run.config.data.source, losses: state.run.losses };
  },

  /** Trains on a toy density, and shows samples and the score field on the way. */
  async train(args: { data: string; sde: string; schedule: string; steps: number; view: View }, desk: Desk) {
    const { data, sde, schedule, steps, view } = args;
    const places = gridOf(view, 18);
    const look = async (run: Run, step: number) => {
      const { data: points } = await sample(run, { count: 600, steps: 12, engine: await engine() });
      desk.report({ step, points, places, directions: await scoreAt(run, places, 0.25 * run.sde.tMax) });
    };
    state.run = await train({
      ...{ data, steps, batch: 256, net: { name: 'mlp', width: 64, depth: 3 }, runEvery: 100 },
      sde: (schedule ? { name: sde, schedule } : sde) as 'vp',
      ...{ engine: await engine(), signal: desk.signal, onRun: look, onNote: () => {} },
      onProgress: ({ step, loss }) => desk.report({ step, loss }),
    });
    return { losses: state.run.losses };
  },

  /** Samples and the states on the way to them; with the same rows of the data on their way to noise. */
  async path({ count, frames, data }: { count: number; frames: number; data: string }, { signal }: Desk) {
    const run = currentRun();
    const options = { count, shown: count, frames, steps: 2 * (frames - 1), engine: await engine(), signal };
    const back = await samplePath(run, { ...options, grid: 'uniform' });
    const rows = await rowsOf(data, count);
    const times = back.frames.map(({ t }) => t);
    return {
      times,
      reverse: back.frames.map(({ x }) => Float32Array.from(x.data)),
      forward: times.map(t => noised(run, rows, t)),
    };
  },

  /** The score field at time t. */
  async field({ view, t, n }: { view: View; t: number; n: number }) {
    const places = gridOf(view, n);
    return { places, directions: await scoreAt(currentRun(), places, t) };
  },

  /** The learned density on a grid, rows from the top. */
  async density({ view, n }: { view: View; n: number }, { signal, report }: Desk) {
    const places = gridOf(view, n);
    const options = { solver: 'rk4', steps: 15, grid: 'log-snr', engine: await engine(), signal } as const;
    const onProgress = (progress: object) => report({ ...progress });
    const scores = await logLikelihood(
      currentRun(),
      { data: places, shape: [n * n, 2] },
      { ...options, onProgress },
    );
    return scores.logProbability.map(value => (Number.isFinite(value) ? Math.exp(value) : 0));
  },

  /** One solver with a number of evaluations: its samples, and their distance to the data. */
  async solver(args: { name: string; evaluations: number; data: string; perStep: number }, { signal }: Desk) {
    const { name, evaluations, data, perStep } = args;
    const options = {
      solver: name as 'heun',
      steps: Math.max(1, Math.round(evaluations / perStep)),
      grid: 'log-snr',
    } as const;
    const begin = performance.now();
    const samples = await sample(currentRun(), { count: 1000, ...options, engine: await engine(), signal });
    const truth = { data: await rowsOf(data, 1000), shape: [1000, 2] };
    return {
      points: samples.data,
      evaluations: samples.evaluations,
      milliseconds: performance.now() - begin,
      distance: slicedWasserstein(samples, truth),
    };
  },

  /** Samples for which something is known. */
  async given({ given, count }: { given: string; count: number }, { signal }: Desk) {
    return (await sample(currentRun(), { given, count, engine: await engine(), signal })).data;
  },
};

/** Rows of the data at time t, scaled to the variance of the data. */
function noised(run: Run, rows: Float64Array, t: number): Float32Array {
  const { shift, scale } = unitsOf(run);
  const { scale: alpha, std } = run.sde.marginal(t);
  const size = t === 0 ? 1 : Math.hypot(alpha, std);
  const noise = t === 0 ? 0 : std;
  const kept = t === 0 ? 1 : alpha;
  return Float32Array.from(rows, (value, i) => {
    const z = (kept * ((value - shift[i % 2]!) / scale[i % 2]!) + noise * normal(i)) / size;
    return shift[i % 2]! + scale[i % 2]! * z;
  });
}

/** The same standard normal number for the same place, so that a point moves on a smooth path. */
function normal(i: number): number {
  const fraction = (n: number) => {
    const value = Math.sin(n * 12.9898 + 78.233) * 43758.5453;
    return value - Math.floor(value);
  };
  return Math.sqrt(-2 * Math.log(1 - fraction(i + 1))) * Math.cos(2 * Math.PI * fraction(i + 1.37));
}
