import { type LogNormaliser, logNormaliser, modelTarget } from '../../chains/index.ts';
import type { Engine, EngineName } from '../../engine/index.ts';
import { sharedEngine } from '../../engine/shared.ts';
import { usage } from '../../errors.ts';
import { timeAtNoise } from '../../sde/log-snr.ts';
import { type HostTensor, sizeOf } from '../../tensor/index.ts';
import type { Run } from '../run.ts';
import { type LabelOptions, modelAtLevels, noiseOf } from './labels.ts';
import { inModelUnits, requireWidth } from './units.ts';

/** How energies become log-densities. */
export interface EnergyScoresOptions extends LabelOptions {
  /**
   * Noise of the law, σ/α in model units. Default 0.05, or the level of a run that was trained at one.
   */
  readonly noise?: number;
  /** Whether log Z is estimated, by chains. Default true; without it the log-densities miss a constant. */
  readonly normalise?: boolean;
  /**
   * A name in `engines`, `auto` or an engine of your own. Default `auto`: `onnx` where it loads, else `wasm`.
   */
  readonly engine?: EngineName | 'auto' | Engine;
  /** Seed of the chains, a whole number from 0 to 2⁵³ − 1. Default 0. */
  readonly seed?: number;
  /** Stops the work. */
  readonly signal?: AbortSignal;
}

/** Log-densities of rows under the energy of a run, of data with noise at one level. */
export interface EnergyScores {
  /** log p(x) of each row in nats, in the units of the data; up to one constant where `logZ` is absent. */
  readonly logProbability: Float64Array;
  /** log Z of the energy in model units. */
  readonly logZ?: LogNormaliser;
  /** The noise level, σ/α in model units. */
  readonly noise: number;
}

/**
 * log p(x) = −E(x) − log Z of rows `[N, ...D]` under an energy-based run (`--net energy`), where p is the law
 * of data with noise. One evaluation a row; log Z by thermodynamic integration, once.
 * @throws usage for a run without an energy, for rows that do not fit, and for a noise level it does not have
 */
export async function scoreEnergies(
  run: Run,
  x: HostTensor,
  options: EnergyScoresOptions = {},
): Promise<EnergyScores> {
  const { config, sde } = run;
  requireWidth(config, x);
  const { normalise = true, seed = 0, signal } = options;
  const noise = noiseOf(run, options.noise);
  const [engine, at] = [await sharedEngine(options.engine), timeAtNoise(sde, noise, 'noise', sde.tMin)];
  const target = modelTarget(modelAtLevels(run, options), sde, at);
  if (!target.normed)
    throw usage('The run has a score and no energy', {
      where: config.data.source,
      remedy: 'Train one with an energy: langevin train DATA --net energy',
    });
  const { scale } = sde.marginal(at);
  const rows = inModelUnits(config, x);
  const points = rows.x.data.map(value => scale * value);
  const program = engine.compile<null>(
    (weights, [x]) => [target.look(weights, x!, at).logDensity!],
    target.weights,
  );
  const input = engine.put({ data: points, shape: rows.x.shape });
  const [density] = await program.run([input], null);
  const values = await engine.read(density!);
  engine.free(input, density!);
  await program.dispose();
  const logZ = normalise
    ? await logNormaliser({ engine, target, seed, ...(signal && { signal }) })
    : undefined;
  const constant = sizeOf(rows.x.shape.slice(1)) * Math.log(scale) - (logZ?.value ?? 0);
  return {
    logProbability: Float64Array.from(values).map((value, i) => rows.inDataUnits(value + constant, i)),
    ...(logZ && { logZ }),
    noise,
  };
}
