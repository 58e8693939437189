import { padded, sharesFor } from '../solve/batches.ts';
import { deal } from '../solve/lanes.ts';
import { type PlainTensor, sizeOf } from '../tensor/index.ts';
import { type Diagnosis, diagnose } from './diagnostics.ts';
import type { ChainOptions } from './options.ts';
import { type Plan, planOf } from './plan.ts';
import { type ChainProgram, chainProgram, frozen, type Moving } from './program.ts';

/** Draws of chains, with their diagnostics. */
export interface Chains extends PlainTensor {
  /**
   * The part of proposals that was accepted after burn-in, for each chain; 1 for a kernel that accepts all.
   */
  readonly acceptance: Float64Array;
  /** Length of the step of each chain after burn-in, in the units of x. */
  readonly steps: Float64Array;
  /** For each of the D coordinates: mean, effective sample size, split-R̂. */
  readonly coordinates: readonly Diagnosis[];
  /** Evaluations of the target by each chain. */
  readonly evaluations: number;
}

/**
 * Runs Markov chains on a target and keeps `[draws, chains, ...D]`. Chain i depends only on the seed and i.
 * Its step is adapted only by its own moves, and only in burn-in, so that the target stays stationary
 * afterwards.
 * @throws usage for impossible numbers, and for starts that do not fit; AbortError if `signal` is aborted
 */
export async function runChains(options: ChainOptions): Promise<Chains> {
  const plan = planOf(options);
  const { engine, target, kernel, batch, signal, onProgress } = options;
  const { chains, draws, thin, stretches, seed } = plan;
  const size = sizeOf(target.shape);
  const moves = stretches.reduce((sum, { moves }) => sum + moves, 0) + draws * thin;
  const evaluations = moves * kernel.evaluations(target.normed) + stretches.length;
  const task = { engine, model: target, count: chains, size, evaluations };
  const { rows, lanes } = sharesFor(task, batch);
  const program = chainProgram(engine, target, kernel, seed);
  const data = new Float32Array(draws * chains * size);
  const [acceptance, steps] = [new Float64Array(chains), new Float64Array(chains)];
  let done = 0;
  try {
    await deal(Math.ceil(chains / rows), lanes, signal, async (job, lane, stop) => {
      const first = job * rows;
      const own = Math.min(rows, chains - first);
      const start = options.start ? padded(options.start, first, rows) : plan.start(first, rows);
      await alongChain(program, { lane, signal: stop, first }, start, plan, {
        draw: (k, x) => data.set(x.subarray(0, own * size), (k * chains + first) * size),
        end: (shares, lengths) => {
          acceptance.set(shares.subarray(0, own), first);
          steps.set(lengths.subarray(0, own), first);
        },
      });
      done += own;
      onProgress?.({ done, count: chains, fraction: done / chains, evaluations });
    });
  } finally {
    await program.dispose();
  }
  const coordinates = Array.from({ length: size }, (_, j) =>
    diagnose(
      Float64Array.from({ length: draws * chains }, (_, i) => data[i * size + j]!),
      chains,
    ),
  );
  const shape = [draws, chains, ...target.shape];
  return { data, shape, acceptance, steps, coordinates, evaluations };
}

interface Listener {
  /** Receives draw k, [rows, ...D]. */
  draw(k: number, x: Float32Array): void;
  /** Receives the acceptance and the step of each row. */
  end(acceptance: Float64Array, steps: Float64Array): void;
}

/** One micro-batch of chains, from their starts to the last draw. */
async function alongChain(
  program: ChainProgram,
  moving: Moving,
  start: PlainTensor,
  plan: Plan,
  to: Listener,
): Promise<void> {
  const { draws, thin, level, stretches, step } = plan;
  const state = program.open(start, step);
  try {
    let count = 0;
    for (const stretch of stretches) {
      await program.enter(moving, state, stretch.level);
      await program.advance(moving, state, stretch, count);
      count += stretch.moves;
    }
    program.forget(state);
    const keeping = { level, moves: thin, adapt: frozen };
    for (let k = 0; k < draws; k++) {
      await program.advance(moving, state, keeping, count);
      count += thin;
      to.draw(k, await program.read(state));
    }
    const { accepted, steps } = await program.close(state, level);
    to.end(
      accepted.map(sum => sum / (draws * thin)),
      steps,
    );
  } finally {
    program.free(state);
  }
}
