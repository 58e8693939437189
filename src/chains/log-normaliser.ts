import type { Engine } from '../engine/contract.ts';
import { usage } from '../errors.ts';
import { legendre } from '../math/legendre.ts';
import { meanAndError } from '../math/mean.ts';
import { add, combine, mul, type PlainTensor, square, sumPerSample, type Tensor } from '../tensor/index.ts';
import type { Kernel, Target } from './contract.ts';
import { mala } from './kernels/index.ts';
import { runChains } from './run.ts';

/** How log Z is estimated. */
export interface NormaliserOptions {
  /** Where the program runs. */
  readonly engine: Engine;
  /** A target with a density, such as `energyTarget` or `modelTarget` of an energy-based model. */
  readonly target: Target;
  /** The transition. Default `mala`. */
  readonly kernel?: Kernel;
  /** Points β of the rule, 1 or more. Default 12. */
  readonly nodes?: number;
  /** Chains, 2 or more. Default 256. */
  readonly chains?: number;
  /** Draws kept of each chain at each β, 4 or more. Default 50. */
  readonly draws?: number;
  /** Moves from one draw to the next. Default 5. */
  readonly thin?: number;
  /** Moves of burn-in at each β. Default 200. */
  readonly burnIn?: number;
  /** Seed of the chains, a whole number from 0 to 2⁵³ − 1. Default 0. */
  readonly seed?: number;
  /** Stops the work. */
  readonly signal?: AbortSignal;
}

/** An estimate of log Z. */
export interface LogNormaliser {
  /** log ∫ exp(−E(x)) dx, in nats. */
  readonly value: number;
  /** Its standard error, from the scatter of the chains; the error of the rule in β is not in it. */
  readonly standardError: number;
  /** value ± 1.96 standard errors. */
  readonly interval: readonly [low: number, high: number];
}

/**
 * log Z of exp(log-density) by thermodynamic integration (Gelman & Meng 1998) from the Gaussian N(0, s²I), s
 * the spread of the target: with U = E − ‖x‖²/2s² and p_β ∝ exp(−‖x‖²/2s² − βU),
 *
 *     log Z = (D/2)·log 2πs² − ∫₀¹ E_β U dβ,
 *
 * by Gauss-Legendre's rule in β, each mean from chains that begin where those at the β before ended.
 * @throws usage for a target of which only the score is known
 */
export async function logNormaliser(options: NormaliserOptions): Promise<LogNormaliser> {
  const { engine, target, kernel = mala(), nodes = 12, chains = 256, draws = 50, ...rest } = options;
  if (!target.normed)
    throw usage('log Z needs a density, and this target has a score alone', {
      where: target.name,
      remedy: 'Take an energy-based network: --net energy',
    });
  if (!(Number.isInteger(chains) && chains > 1))
    throw usage('The number is out of range', {
      where: 'chains',
      got: chains,
      expected: 'a whole number, 2 or more',
    });
  const level = target.levels(1).at(-1)!;
  const spread = target.spread(level);
  const bridge = bridgeTo(target, level, spread);
  const size = target.shape.reduce((product, side) => product * side, 1);
  let start: PlainTensor | undefined;
  // One integral for each chain: chains are independent, whatever one of them carries from β to β.
  const integrals = new Float64Array(chains);
  for (const { place, weight } of legendre(nodes).sort((a, b) => a.place - b.place)) {
    const at: Target = Object.freeze({ ...bridge, levels: () => Float64Array.of(place) });
    const run = await runChains({
      ...{ thin: 5, burnIn: 200, ...rest },
      ...(start && { start }),
      engine,
      target: at,
      kernel,
      chains,
      draws,
    });
    const gaps = await gapsOf(engine, bridge, { data: run.data, shape: [draws * chains, ...target.shape] });
    gaps.forEach((gap, i) => {
      integrals[i % chains]! += (weight * gap) / draws;
    });
    start = { data: run.data.slice(-chains * size), shape: [chains, ...target.shape] };
  }
  const { mean, standardError: scatter } = meanAndError(integrals);
  const standardError = scatter!;
  const value = (size / 2) * Math.log(2 * Math.PI * spread ** 2) - mean;
  const interval = [value - 1.96 * standardError, value + 1.96 * standardError] as const;
  return { value, standardError, interval };
}

/** The targets p_β between N(0, spread²I) and a target, their levels the β. */
function bridgeTo(target: Target, level: number, spread: number): Target {
  const pull = 1 / spread ** 2;
  return Object.freeze({
    ...target,
    name: `bridge to ${target.name}`,
    look(weights: readonly Tensor[], x: Tensor, beta: number) {
      const { score, logDensity } = target.look(weights, x, level);
      const bowl = mul(sumPerSample(square(x)), 0.5 * pull);
      return {
        x,
        score: combine([beta, score], [(beta - 1) * pull, x]),
        logDensity: combine([beta, logDensity!], [beta - 1, bowl]),
      };
    },
    unit: () => target.unit(level),
    spread: () => spread,
  });
}

/** U at every draw: the log-density at β = 0 less that at β = 1. */
async function gapsOf(engine: Engine, bridge: Target, draws: PlainTensor): Promise<Float32Array> {
  const program = engine.compile<null>((weights, [x]) => {
    const [cold, hot] = [0, 1].map(beta => bridge.look(weights, x!, beta).logDensity!);
    return [add(cold!, mul(hot!, -1))];
  }, bridge.weights);
  const input = engine.put(draws);
  try {
    const [gaps] = await program.run([input], null);
    const values = await engine.read(gaps!);
    engine.free(gaps!);
    return values;
  } finally {
    engine.free(input);
    await program.dispose();
  }
}
