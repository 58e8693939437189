import type { Compiled, Engine, Value } from '../engine/contract.ts';
import { compileCached } from '../engine/program-cache.ts';
import {
  add,
  exp,
  fromHost,
  mul,
  type PlainTensor,
  reshape,
  sizeOf,
  sub,
  type Tensor,
} from '../tensor/index.ts';
import type { Kernel, Place, Target } from './contract.ts';
import { keyedPath } from './path.ts';

/** Weight γ of a correction of log h in move k of a stretch, and the acceptance to reach. */
export interface Adapt {
  readonly acceptance: number;
  gain(k: number): number;
}

/** No correction. */
export const frozen: Adapt = Object.freeze({ acceptance: 1, gain: () => 0 });

/** Robbins & Monro (1951): log h ← log h + γₖ(accepted − target acceptance), γₖ = (k + 1)^{−0.6}. */
export const adapting = (acceptance: number): Adapt =>
  Object.freeze({ acceptance, gain: (k: number) => (k + 1) ** -0.6 });

/** Moves at one level. */
export interface Stretch {
  readonly level: number;
  readonly moves: number;
  readonly adapt: Adapt;
}

/** What a micro-batch of chains needs to run. */
export interface Moving {
  readonly lane: number | undefined;
  readonly signal: AbortSignal;
  /** Index of the chain in the first row. */
  readonly first: number;
}

/** The values of a micro-batch of chains: the place, log h and the sum of acceptances. */
export interface ChainState {
  place: Value[];
  ends: Value[];
}

interface MoveArgs {
  readonly level: number;
  readonly unit: number;
  readonly gain: number;
  readonly acceptance: number;
  readonly step: number;
  readonly first: number;
}

/** The most values of noise in one call of the engine. */
const VALUES_PER_CALL = 1 << 20;

/** The program of a kernel on a target, prepared once for any number of chains. */
export type ChainProgram = ReturnType<typeof chainProgram>;

/** See `ChainProgram`. */
export function chainProgram(engine: Engine, target: Target, kernel: Kernel, seed: number) {
  const pathOf = keyedPath(seed);
  const enter = compileCached<number>(
    engine,
    `chain start ${target.name}`,
    (weights, [x], level) => listOf(target.look(weights, x!, level)),
    target.weights,
  );
  const move: Compiled<MoveArgs> = compileCached(
    engine,
    `chain ${kernel.name}`,
    (weights, state, { level, unit, gain, acceptance, step, first }) => {
      const [logStep, accepted] = state.slice(-2) as [Tensor, Tensor];
      const here = placeOf(state.slice(0, -2));
      const rows = here.x.shape[0]!;
      const length = reshape(mul(exp(logStep), unit), [rows, ...target.shape.map(() => 1)]);
      const look = (x: Tensor) => target.look(weights, x, level);
      const next = kernel.move({ look, here, step: length, path: pathOf(here.x.shape, step, first) });
      const accepts = next.accepted ?? fromHost(new Float32Array(rows).fill(1), [rows]);
      const logNext = add(logStep, mul(sub(accepts, acceptance), gain));
      return [...listOf(next.place), logNext, add(accepted, accepts)];
    },
    target.weights,
  );
  const row = (rows: number, value: number) =>
    engine.put({ data: new Float32Array(rows).fill(value), shape: [rows] });
  return {
    /** Chains at their starts, with steps of `step` units. */
    open(start: PlainTensor, step: number): ChainState {
      const rows = start.shape[0]!;
      return { place: [engine.put(start)], ends: [row(rows, Math.log(step)), row(rows, 0)] };
    },
    /** Evaluates the target of another level at the places of the chains. */
    async enter({ lane }: Moving, state: ChainState, level: number): Promise<void> {
      const former = state.place;
      state.place = await enter.run(former.slice(0, 1), level, lane);
      engine.free(...former);
    },
    /** Makes the moves of a stretch. The first of them is move number `start` of the chains. */
    async advance(
      { lane, signal, first }: Moving,
      state: ChainState,
      { level, moves, adapt }: Stretch,
      start: number,
    ): Promise<void> {
      const unit = target.unit(level);
      const most = Math.max(1, Math.floor(VALUES_PER_CALL / sizeOf(state.place[0]!.shape)));
      for (let from = 0; from < moves; from += most) {
        signal.throwIfAborted();
        const args = Array.from({ length: Math.min(most, moves - from) }, (_, i) => {
          const k = from + i;
          return {
            level,
            unit,
            gain: adapt.gain(k),
            acceptance: adapt.acceptance,
            step: start + k,
            first,
          };
        });
        const current = [...state.place, ...state.ends];
        [state.place, state.ends] = [[], []];
        const next = await move.iterate(current, args, lane);
        [state.place, state.ends] = [next.slice(0, -2), next.slice(-2)];
      }
    },
    /** Counts acceptances from this point on. */
    forget(state: ChainState): void {
      const [logStep, accepted] = state.ends as [Value, Value];
      state.ends = [logStep, row(accepted.shape[0]!, 0)];
      engine.free(accepted);
    },
    /** The places of the chains. */
    read: (state: ChainState): Promise<Float32Array> => engine.read(state.place[0]!),
    /** Acceptances counted, and steps in the units of x. */
    async close(state: ChainState, level: number) {
      const [logSteps, accepted] = await Promise.all(state.ends.map(value => engine.read(value)));
      const steps = Float64Array.from(logSteps!).map(value => target.unit(level) * Math.exp(value));
      return { accepted: Float64Array.from(accepted!), steps };
    },
    free: (state: ChainState): void => engine.free(...state.place, ...state.ends),
    async dispose(): Promise<void> {
      await enter.dispose();
      await move.dispose();
    },
  };
}

const listOf = ({ x, score, logDensity }: Place): Tensor[] => [x, score, ...(logDensity ? [logDensity] : [])];
const placeOf = ([x, score, logDensity]: readonly Tensor[]): Place => ({
  x: x!,
  score: score!,
  ...(logDensity && { logDensity }),
});
