import { type Chains, modelTarget, runChains, type Target } from '../../chains/index.ts';
import type { Engine, EngineName } from '../../engine/index.ts';
import { sharedEngine } from '../../engine/shared.ts';
import { usage } from '../../errors.ts';
import { type KernelSpec, makeKernel } from '../../registry/chains.ts';
import { timeAtNoise } from '../../sde/log-snr.ts';
import type { BatchOptions } from '../../solve/batches.ts';
import { combine, type DataTensor, type PlainTensor } from '../../tensor/index.ts';
import type { Run } from '../run.ts';
import { type LabelOptions, levelOf, modelAtLevels, noiseOf } from './labels.ts';
import { isTable, toData } from './units.ts';

/** How chains draw from a run. */
export interface SampleChainsOptions extends BatchOptions, LabelOptions {
  /** The transition, by name, with options or by value. Default `mala`. */
  readonly kernel?: KernelSpec;
  /**
   * Noise of the law drawn from, σ/α in model units, where data have a standard deviation of 1. Default 0.05;
   * of a run trained at one noise level, that level.
   */
  readonly noise?: number;
  /** Number of chains, independent of one another. Default 64. */
  readonly chains?: number;
  /** Draws kept of each chain. Default 500. */
  readonly draws?: number;
  /** Moves from one draw to the next. Default 1. */
  readonly thin?: number;
  /** Moves before the first draw. Default 500. */
  readonly burnIn?: number;
  /** Of `annealed-langevin`: number of noise levels. Default 20. */
  readonly levels?: number;
  /**
   * A name in `engines`, `auto` or an engine of your own. Default `auto`: `onnx` where it loads, else `wasm`.
   */
  readonly engine?: EngineName | 'auto' | Engine;
  /**
   * Whether each draw x_t is replaced by its expected clean value E[x₀ | x_t] = (x_t + σ²·score)/α. Draws are
   * then of no law that is known: they show what the run has learned. Default false.
   */
  readonly denoise?: boolean;
  /**
   * Whether dequantised columns are rounded down to the steps of the data, as `sample` does. Default true for
   * tables, false for pictures.
   */
  readonly floor?: boolean;
  /** Seed of starts and moves, a whole number from 0 to 2⁵³ − 1. Default 0. */
  readonly seed?: number;
}

/** Draws in data units, `[draws·chains, ...D]`, all chains of one draw together, and how well they mix. */
export interface ChainSamples extends DataTensor {
  /** The part of proposals that was accepted after burn-in, of each chain. */
  readonly acceptance: Chains['acceptance'];
  /** For each coordinate, in model units: mean, effective sample size, split-R̂. */
  readonly coordinates: Chains['coordinates'];
  /** Evaluations of the network by each chain. */
  readonly evaluations: number;
}

/**
 * Draws from a trained run by Markov chains at one noise level, in the units of its data: x_t/α, data with
 * noise of `noise` standard deviations. Chain i depends on (seed, i) alone.
 * @throws usage for a kernel that is unknown, for a noise level that the run does not have, and for a kernel
 *   that anneals on a run that was trained at one noise level
 */
export async function sampleChains(run: Run, options: SampleChainsOptions = {}): Promise<ChainSamples> {
  const { label: _, noise, engine, denoise = false, floor = isTable(run.config), ...rest } = options;
  const kernel = makeKernel(options.kernel ?? 'mala');
  if (kernel.anneals && levelOf(run) !== undefined)
    throw usage('The run was trained at one noise level, and this kernel visits others', {
      where: kernel.name,
      mend: { says: 'Take a kernel that stays at one level:', options: { kernel: 'mala' } },
    });
  const at = timeAtNoise(run.sde, noiseOf(run, noise), 'noise', run.sde.tMin);
  const target = modelTarget(modelAtLevels(run, options), run.sde, at);
  const parts = { engine: await sharedEngine(engine), target };
  const result = await runChains({ ...rest, ...parts, kernel });
  const { scale, std } = run.sde.marginal(at);
  const means = denoise ? await expectedClean(parts, result, at, std) : result.data;
  const [draws = 0, chains = 0] = result.shape;
  return {
    data: toData(
      run.config,
      means.map(value => value / scale),
      floor,
    ),
    shape: [draws * chains, ...run.config.data.shape],
    acceptance: result.acceptance,
    coordinates: result.coordinates,
    evaluations: result.evaluations,
  };
}

/** x + σ²·score of every draw. */
async function expectedClean(
  { engine, target }: { readonly engine: Engine; readonly target: Target },
  { data, shape: [draws = 0, chains = 0, ...shape] }: PlainTensor,
  at: number,
  std: number,
): Promise<Float32Array> {
  const program = engine.compile<null>(
    (weights, [x]) => [combine([1, x!], [std ** 2, target.look(weights, x!, at).score])],
    target.weights,
  );
  const out = new Float32Array(data.length);
  const size = data.length / draws;
  try {
    for (let k = 0; k < draws; k++) {
      const input = engine.put({ data: data.slice(k * size, (k + 1) * size), shape: [chains, ...shape] });
      const [means] = await program.run([input], null);
      out.set(await engine.read(means!), k * size);
      engine.free(input, means!);
    }
    return out;
  } finally {
    await program.dispose();
  }
}
