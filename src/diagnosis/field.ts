import type { Engine } from '../engine/contract.ts';
import { compileCached } from '../engine/program-cache.ts';
import { fillNormal, fillRademacher, key } from '../random/index.ts';
import type { ScoreModel } from '../score/contract.ts';
import type { Sde } from '../sde/contract.ts';
import { problemOf } from '../solve/problem.ts';
import { combine, mul, type PlainTensor, sizeOf, sumPerSample, type Tensor, vjp } from '../tensor/index.ts';

/** The curl of a field and the scatter of its divergence, at one level. */
export interface FieldMeasures {
  /** E(uᵀJv − vᵀJu)²/2E((uᵀJv)² + (vᵀJu)²). */
  readonly curl: number;
  /** Standard deviation of uᵀJu about its mean over probes, over D. */
  readonly divergence: number;
}

/**
 * Measures the Jacobian J of ε̂ at noisy points along two directions of signs each: uᵀJ and vᵀJ are two
 * products with the Jacobian.
 */
export async function fieldMeasures(
  engine: Engine,
  sde: Sde,
  model: ScoreModel,
  rows: PlainTensor,
  t: number,
  seed: number,
): Promise<FieldMeasures> {
  const size = sizeOf(rows.shape.slice(1));
  const at = { step: 0, first: 0, size };
  const noise = new Float32Array(rows.data.length);
  fillNormal(noise, key(seed, 'diagnosis/field'), at);
  const [u, v] = ['u', 'v'].map(name => {
    const signs = new Float32Array(rows.data.length);
    fillRademacher(signs, key(seed, `diagnosis/${name}`), at);
    return signs;
  });
  const program = compileCached<number>(
    engine,
    'field',
    (weights, [x0, z, a, b], time) => {
      const { scale, std } = sde.marginal(time);
      const x = combine([scale, x0!], [std, z!]);
      const field = (y: Tensor) => problemOf(sde, model, weights).noise(y, time);
      const [first, second] = [a!, b!].map(direction => vjp(field, x, direction).product);
      const along = (product: Tensor, direction: Tensor) => sumPerSample(mul(product, direction));
      return [along(first!, b!), along(second!, a!), along(first!, a!), along(second!, b!)];
    },
    model.weights,
  );
  const inputs = [rows.data, noise, u!, v!].map(data => engine.put({ data, shape: rows.shape }));
  try {
    const results = await program.run(inputs, t);
    const [uv, vu, uu, vv] = await Promise.all(results.map(value => engine.read(value)));
    engine.free(...results);
    let [twist, total, scatter] = [0, 0, 0];
    for (let i = 0; i < uv!.length; i++) {
      twist += (uv![i]! - vu![i]!) ** 2;
      total += uv![i]! ** 2 + vu![i]! ** 2;
      scatter += (uu![i]! - vv![i]!) ** 2 / 2;
    }
    return { curl: total > 0 ? twist / (2 * total) : 0, divergence: Math.sqrt(scatter / uv!.length) / size };
  } finally {
    engine.free(...inputs);
    await program.dispose();
  }
}
