import type { Engine, Program, Value } from '../../engine/contract.ts';
import { compileCached } from '../../engine/program-cache.ts';
import { failure } from '../../errors.ts';
import { logMeanExp } from '../../math/log-sum.ts';
import { fillNormal, fillUniform, key } from '../../random/index.ts';
import type { ScoreModel } from '../../score/contract.ts';
import type { Sde } from '../../sde/contract.ts';
import { priorDraw } from '../../solve/sample.ts';
import { fromHost, sizeOf } from '../../tensor/index.ts';
import type { Kernel } from './kernel.ts';
import { effectiveSize, systematic } from './weights.ts';

/** The outcome of one population. */
export interface Population {
  /** The particles, E[x₀ | x_t, y] at the last time, [K, ...D] in model units. */
  readonly data: Float32Array;
  /** Their log-weights, [K]. */
  readonly logWeights: Float64Array;
  /** Log of its estimate of p(y), in model units. */
  readonly logEvidence: number;
  /** Effective sample size after each step, before resampling; the first entry is that of x_T. */
  readonly sizes: Float64Array;
  /** Number of particles of x_T from which the last ones descend. */
  readonly origins: number;
}

/** How populations run. */
export interface PopulationOptions {
  readonly engine: Engine;
  readonly sde: Sde;
  readonly model: ScoreModel;
  readonly kernel: Kernel;
  /** Times, from tMax down. */
  readonly times: Float64Array;
  /** K */
  readonly particles: number;
  readonly seed: number;
}

/** Runs populations of one kernel. */
export interface PopulationRunner {
  /** Population `index`. Its draws depend on (seed, index, particle, step) alone. */
  run(index: number, lane: number | undefined, stop: AbortSignal): Promise<Population>;
  dispose(): Promise<void>;
}

interface StepArgs {
  readonly t: number;
  readonly s: number;
  readonly step: number;
  readonly first: number;
}

export function populationRunner(options: PopulationOptions): PopulationRunner {
  const { engine, sde, model, times, particles, seed } = options;
  const size = sizeOf(model.shape);
  const { width } = options.kernel;
  const programs = programsOf(options, size);

  /** One population between its prior draw and its weights. `current` has the particles as one value. */
  async function run(index: number, lane: number | undefined, stop: AbortSignal): Promise<Population> {
    const first = index * particles;
    const start = engine.put(priorDraw(sde, model.shape, seed, first, particles));
    const current = { state: (await programs.begin.run([start], times[0]!, lane))[0]! };
    engine.free(start);
    const swap = (next: Value) => {
      engine.free(current.state);
      current.state = next;
    };
    const tally = tallyOf(particles, times);
    try {
      for (let i = 0; i < times.length; i++) {
        stop.throwIfAborted();
        const args = { t: times[Math.max(0, i - 1)]!, s: times[i]!, step: i, first };
        if (i > 0) swap((await programs.step.run([current.state], args, lane))[0]!);
        const values = await engine.read(current.state);
        tally.add(i, k => values[k * width + width - 1]!);
        if (i === times.length - 1 || tally.sizes[i]! >= particles / 2) continue;
        const places = tally.resample(uniformOf(seed, index, i));
        swap(engine.put({ data: gather(values, places, width), shape: [particles, width] }));
      }
      swap((await programs.finish.run([current.state], times.at(-1)!, lane))[0]!);
      return { data: await engine.read(current.state), ...tally.result() };
    } finally {
      engine.free(current.state);
    }
  }
  return Object.freeze({
    run,
    dispose: async () => {
      for (const program of Object.values(programs)) await program.dispose();
    },
  });
}

function programsOf({ engine, kernel, particles, seed }: PopulationOptions, size: number) {
  const noise = key(seed, 'particle');
  const compiled = <A>(kind: string, program: Program<A>) =>
    compileCached<A>(engine, `smc ${kind}`, program, kernel.weights);
  return {
    begin: compiled<number>('begin', (w, [x], t) => [kernel.begin(w, x!, t)]),
    step: compiled<StepArgs>('step', (w, [state], { t, s, step, first }) => {
      const z = new Float32Array(particles * size);
      fillNormal(z, noise, { step, first, size });
      return [kernel.step(w, state!, fromHost(z, [particles, size]), t, s)];
    }),
    finish: compiled<number>('finish', (_w, [state], t) => [kernel.finish(state!, t)]),
  };
}

/** The weights of a population on its way. */
function tallyOf(particles: number, times: Float64Array) {
  const logWeights = new Float64Array(particles);
  const sizes = new Float64Array(times.length);
  let ancestors = Uint32Array.from({ length: particles }, (_, i) => i);
  let logEvidence = 0;
  return {
    sizes,
    /** Adds what step i did to the log-weights. */
    add(i: number, change: (k: number) => number): void {
      for (let k = 0; k < particles; k++) {
        const value = logWeights[k]! + change(k);
        logWeights[k] = Number.isNaN(value) ? -Infinity : value;
      }
      sizes[i] = effectiveSize(logWeights);
      if (sizes[i] === 0) throw dead();
    },
    /** Moves the weights into the evidence; the places of the particles that go on. */
    resample(u: number): Uint32Array {
      logEvidence += logMeanExp(logWeights);
      const places = systematic(logWeights, particles, u);
      logWeights.fill(0);
      ancestors = places.map(place => ancestors[place]!);
      return places;
    },
    result: () => ({
      logWeights,
      sizes,
      logEvidence: logEvidence + logMeanExp(logWeights),
      origins: new Set(ancestors).size,
    }),
  };
}

const dead = () =>
  failure('No particle agrees with the measurement: the model gives it probability 0', {
    where: 'given',
    remedy:
      'Look for values that no row of the data is near to, give numbers errors (a=1.5±0.1), ' +
      'or take more particles',
  });

function uniformOf(seed: number, population: number, step: number): number {
  const u = new Float64Array(1);
  fillUniform(u, key(seed, 'resampling'), { step, first: population, size: 1 });
  return u[0]!;
}

function gather(values: Float32Array, places: Uint32Array, width: number): Float32Array {
  const out = new Float32Array(places.length * width);
  places.forEach((place, i) => {
    out.set(values.subarray(place * width, (place + 1) * width), i * width);
  });
  return out;
}
