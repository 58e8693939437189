import type { Value } from '../../engine/contract.ts';
import { learnedPace, stepsOfNoise } from '../../solve/pace.ts';
import { priorDraw } from '../../solve/sample.ts';
import { sizeOf } from '../../tensor/index.ts';
import { type Ledger, ledgerOf } from './ledger.ts';
import { KEPT, type PopulationOptions, programsOf, type StepArgs } from './programs.ts';
import { REPORT } from './resampling.ts';

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

/** Runs populations of one kernel. */
export interface PopulationRunner {
  /**
   * Populations `first` to first + count − 1, at most `together` of them. The draws of each depend on (seed,
   * population, particle, step) alone. Yields the steps done; returns the outcomes.
   */
  run(
    first: number,
    count: number,
    lane: number | undefined,
    stop: AbortSignal,
  ): AsyncGenerator<number, Population[]>;
  dispose(): Promise<void>;
}

/** The programs of populations: K particles each, their weights and resampling in the state. */
export function populationRunner(options: PopulationOptions): PopulationRunner {
  const { engine, sde, model, times, particles, together, seed } = options;
  const rows = together * particles;
  const most = Math.min(KEPT, stepsOfNoise(rows * sizeOf(model.shape)));
  const programs = programsOf(options);
  const steps = times.length - 1;

  async function* run(first: number, count: number, lane: number | undefined, stop: AbortSignal) {
    const start = engine.put(priorDraw(sde, model.shape, seed, first * particles, rows));
    const current = { state: await programs.begin.run([start], times[0]!, lane) };
    engine.free(start);
    const pace = learnedPace(programs.step.memory(current.state));
    const ledgers = Array.from({ length: count }, () => ledgerOf(particles));
    try {
      for (let from = 0, to = 0; from < steps; from = to) {
        stop.throwIfAborted();
        to = Math.min(steps, from + Math.min(most, pace.steps()));
        const { state } = current;
        current.state = [];
        const began = performance.now();
        current.state = await programs.step.iterate(state, argsOf(times, from, to, first), lane);
        pace.took(to - from, performance.now() - began);
        const reports = await engine.read(current.state[0]!);
        for (let row = KEPT - (to - from); row < KEPT; row++)
          ledgers.forEach((ledger, p) => void ledger.add(reports, (row * together + p) * REPORT));
        yield to;
      }
      return await outcomes(current.state, ledgers, lane);
    } finally {
      engine.free(...current.state);
    }
  }
  async function outcomes(state: readonly Value[], ledgers: readonly Ledger[], lane: number | undefined) {
    const ends = await programs.finish.run(state, times.at(-1)!, lane);
    const all = [ends[0]!, state[1]!, state[2]!];
    const [data, logWeights, ancestors] = await Promise.all(all.map(engine.read));
    engine.free(...ends);
    const own = (values: Float32Array, p: number) =>
      values.slice((p * values.length) / together, ((p + 1) * values.length) / together);
    return ledgers.map((ledger, p) => ({
      data: own(data!, p),
      ...ledger.close(own(logWeights!, p)),
      origins: new Set(own(ancestors!, p)).size,
    }));
  }
  return Object.freeze({
    run,
    dispose: async () => {
      for (const program of Object.values(programs)) await program.dispose();
    },
  });
}

function argsOf(times: Float64Array, from: number, to: number, first: number): StepArgs[] {
  const args: StepArgs[] = [];
  for (let i = from; i < to; i++) args.push({ t: times[i]!, s: times[i + 1]!, step: i + 1, first });
  return args;
}
