import type { Engine } from '../engine/contract.ts';
import { compileCached } from '../engine/program-cache.ts';
import { fillNormal, key } from '../random/index.ts';
import type { ScoreModel } from '../score/contract.ts';
import type { Sde } from '../sde/contract.ts';
import { problemOf } from '../solve/problem.ts';
import {
  combine,
  type PlainTensor,
  sizeOf,
  square,
  sub,
  sumPerSample,
  type Tensor,
} from '../tensor/index.ts';

/** Squared errors of noises at one level, ‖·‖²/D of each noisy point. */
export interface Errors {
  /** Of the model. */
  readonly loss: Float64Array;
  /** Of the Gaussian. */
  readonly gaussian: Float64Array;
  /** Of the Parzen density. */
  readonly parzen?: Float64Array;
  /** Of the true score. */
  readonly ideal?: Float64Array;
  /** Between the model and the true score. */
  readonly gap?: Float64Array;
  /** E(x_t) of the truth, up to a constant. */
  readonly energy?: Float64Array;
}

/** The errors of models on rows at time t; the noise of point i is a function of (seed, i) alone. */
export type MeasureErrors = (rows: PlainTensor, t: number) => Promise<Errors>;

/** The models whose errors are measured together. */
export interface Compared {
  readonly sde: Sde;
  readonly model: ScoreModel;
  readonly gaussian: ScoreModel;
  readonly exact?: ScoreModel | undefined;
  /** A Parzen density, in the place of a truth that is not known. */
  readonly parzen?: ScoreModel | undefined;
}

/** Makes the measurement ready for `points` noisy points. */
export function errorsOf(engine: Engine, compared: Compared, points: number, seed: number): MeasureErrors {
  const { sde, model, gaussian, exact } = compared;
  const other = exact ?? compared.parzen;
  const models = [model, gaussian, ...(other ? [other] : [])];
  const program = compileCached<number>(
    engine,
    `errors ${models.length} ${exact !== undefined}`,
    (all, [x0, noise], t) => {
      const { scale, std } = sde.marginal(t);
      const x = combine([scale, x0!], [std, noise!]);
      const weights = partsOf(all, models);
      const noises = models.map((each, k) => problemOf(sde, each, weights[k]!).noise(x, t));
      const errors = noises.map(own => sumPerSample(square(sub(own, noise!))));
      if (!exact) return errors;
      const truth = exact.rawAndEnergy?.(weights[2]!, x, t).energy;
      return [...errors, sumPerSample(square(sub(noises[0]!, noises[2]!))), ...(truth ? [truth] : [])];
    },
    models.flatMap(({ weights }) => weights),
  );
  return async (rows, t) => {
    const [count = 0, ...shape] = rows.shape;
    const size = sizeOf(shape);
    const x0 = new Float32Array(points * size);
    for (let i = 0; i < points; i++) {
      const row = i % count;
      x0.set(rows.data.subarray(row * size, (row + 1) * size), i * size);
    }
    const noise = new Float32Array(points * size);
    fillNormal(noise, key(seed, 'diagnosis/noise'), { step: 0, first: 0, size });
    const inputs = [x0, noise].map(data => engine.put({ data, shape: [points, ...shape] }));
    try {
      const results = await program.run(inputs, t);
      const values = await Promise.all(results.map(value => engine.read(value)));
      engine.free(...results);
      const [loss, gaussian, third, gap] = values.map(each =>
        Float64Array.from(each).map(value => value / size),
      );
      const energy = values[4] && Float64Array.from(values[4]);
      return {
        loss: loss!,
        gaussian: gaussian!,
        ...(third && (exact ? { ideal: third } : { parzen: third })),
        ...(gap && { gap }),
        ...(energy && { energy }),
      };
    } finally {
      engine.free(...inputs);
    }
  };
}

/** The weights of each model in one list of all. */
function partsOf(all: readonly Tensor[], models: readonly ScoreModel[]): Tensor[][] {
  let from = 0;
  return models.map(({ weights }) => {
    from += weights.length;
    return all.slice(from - weights.length, from);
  });
}
