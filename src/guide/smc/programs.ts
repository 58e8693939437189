import type { Engine, Program } from '../../engine/contract.ts';
import { compileCached } from '../../engine/program-cache.ts';
import { fillNormal, fillUniform, key } from '../../random/index.ts';
import type { ScoreModel } from '../../score/contract.ts';
import type { Sde } from '../../sde/contract.ts';
import { add, concat, fromHost, type PlainTensor, reshape, sizeOf, slice } from '../../tensor/index.ts';
import type { Kernel } from './kernel.ts';
import { REPORT, resampler } from './resampling.ts';

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
  /** P, the populations of one call. */
  readonly together: number;
  readonly seed: number;
}

/** One step of a grid, of populations `first` … */
export interface StepArgs {
  readonly t: number;
  readonly s: number;
  readonly step: number;
  readonly first: number;
}

/** Reports that the state keeps: the most steps of one call. */
export const KEPT = 64;

/**
 * The state is the last reports [KEPT, P·3], the log-weights [P·K], the first ancestors [P·K] and the parts
 * of the particles. A step looks at the weights, resamples where they say so, and moves.
 */
export function programsOf({ engine, model, kernel, particles, together, seed }: PopulationOptions) {
  const [noise, resampling] = [key(seed, 'particle'), key(seed, 'resampling')];
  const [rows, size] = [together * particles, sizeOf(model.shape)];
  const { constants, resample } = resampler(together, particles);
  const width = together * REPORT;
  const ancestors = Float32Array.from({ length: rows }, (_, i) => i);
  const own = kernel.weights.length;
  const compiled = <A>(kind: string, program: Program<A>, weights: readonly PlainTensor[] = []) =>
    compileCached<A>(engine, `smc ${kind}`, program, weights);
  return {
    begin: compiled<number>(
      'begin',
      (w, [x], t) => {
        const { parts, change } = kernel.begin(w, x!, t);
        return [
          fromHost(new Float32Array(KEPT * width), [KEPT, width]),
          change,
          fromHost(ancestors, [rows]),
          ...parts,
        ];
      },
      kernel.weights,
    ),
    step: compiled<StepArgs>(
      'step',
      (w, [reports, logWeights, ...others], { t, s, step, first }) => {
        const u = new Float64Array(together);
        fillUniform(u, resampling, { step: step - 1, first, size: 1 });
        const z = new Float32Array(rows * size);
        fillNormal(z, noise, { step, first: first * particles, size });
        const looked = resample(w.slice(own), logWeights!, u, others);
        const [origins, ...parts] = looked.parts;
        const moved = kernel.step(w.slice(0, own), parts, fromHost(z, [rows, size]), t, s);
        const kept = slice(reports!, [1, 0], [KEPT - 1, width]);
        return [
          concat([kept, reshape(looked.report, [1, width])], 0),
          add(looked.logWeights, moved.change),
          origins!,
          ...moved.parts,
        ];
      },
      [...kernel.weights, ...constants],
    ),
    finish: compiled<number>('finish', (_w, [, , , ...parts], t) => [kernel.finish(parts, t)]),
  };
}
