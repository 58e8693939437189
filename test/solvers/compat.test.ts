import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { geometric, linear } from '../../schedules/index.ts';
import { subVp } from '../../sdes/sub-vp.ts';
import { ve } from '../../sdes/ve.ts';
import { vp } from '../../sdes/vp.ts';
import type { Engine } from '../../src/engine/contract.ts';
import { eagerEngine } from '../../src/engine/eager.ts';
import { readSafetensors } from '../../src/files/index.ts';
import { fillNormal, key } from '../../src/random/index.ts';
import { gaussianModel } from '../../src/score/analytic/index.ts';
import type { Sde } from '../../src/sde/contract.ts';
import { type ScoreSdeOptions, scoreSdeSampler } from '../../src/solve/compat.ts';
import type { PathFactory } from '../../src/solve/contract.ts';
import { integrator } from '../../src/solve/integrate.ts';
import { fromHost, type Shape } from '../../src/tensor/index.ts';
import { deviation, type PublishedRun, published } from './published.ts';

const sdes: Readonly<Record<string, Sde>> = {
  vp: vp(linear()),
  subvp: subVp(linear()),
  ve: ve(geometric({ sigmaMin: 0.01, sigmaMax: 50 })),
};

let engine: Engine;
beforeAll(async () => {
  engine = await eagerEngine('cpu');
});

interface Data {
  readonly mu: ArrayLike<number>;
  readonly s0: ArrayLike<number>;
  /** The shape, [B, ...D]. */
  readonly shape: Shape;
  /** All draws in the order of use; the first, for the prior, has unit scale. */
  readonly draws: readonly Float64Array[];
}

/** Runs a published sampler through the driver, with given draws. */
async function run(
  sde: Sde,
  options: ScoreSdeOptions,
  { mu, s0, shape, draws }: Data,
): Promise<Float32Array> {
  const { solver, grid, steps } = scoreSdeSampler(sde, options);
  const perStep = (draws.length - 1) / steps;
  const path: PathFactory = ({ step }) => ({
    increment: () => expect.fail('a published sampler makes its own draws'),
    normal: k => fromHost(draws[1 + step * perStep + k]!, shape),
  });
  const model = gaussianModel({ mean: Array.from(mu), std: Array.from(s0), shape: shape.slice(1) }, sde);
  const solve = integrator({ engine, sde, model, solver, path }, grid(sde, steps, 1, 0));
  const start = engine.put({ data: Float32Array.from(draws[0]!, z => z * sde.prior.std), shape });
  const progress = solve.run(start, 0);
  for (;;) {
    const { done, value } = await progress.next();
    if (!done) continue;
    const result = await engine.read(value);
    engine.free(start, value);
    await solve.dispose();
    return result;
  }
}

const distance = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((worst, value, i) => Math.max(worst, Math.abs(value - b[i]!)), 0);

const folder = '../shared/fixtures/score_sde/samplers';
const recorded = ['subvp-em', 've-ald', 've-reverse_diffusion-langevin', 'vp-ancestral', 'vp-em'];

describe.runIf(existsSync(folder))('recorded runs of the published code', () => {
  const errors: string[] = [];
  afterAll(() => console.info(`largest deviation from the recorded samples: ${errors.join(', ')}`));

  it.each(recorded)('%s is reproduced', async name => {
    const { tensors, metadata } = readSafetensors(readFileSync(`${folder}/${name}.safetensors`), name);
    const values = (tensor: string) => tensors.get(tensor)!.data as Float64Array;
    const shape = tensors.get('sample')!.shape;
    const noise = tensors.get('noise')!;
    const size = noise.data.length / noise.shape[0]!;
    const draws = Array.from({ length: noise.shape[0]! }, (_, i) =>
      values('noise').subarray(i * size, (i + 1) * size),
    );
    const options = {
      predictor: metadata.predictor!,
      corrector: metadata.corrector!,
      N: Number(metadata.N),
      snr: Number(metadata.snr),
      nSteps: Number(metadata.n_steps),
      eps: Number(metadata.eps),
      denoise: metadata.denoise === 'True',
      probabilityFlow: metadata.probability_flow === 'True',
    };
    const data = { mu: values('mu'), s0: values('s0'), shape, draws };
    const error = distance(await run(sdes[metadata.sde!]!, options, data), values('sample'));
    errors.push(`${name} ${error.toExponential(1)}`);
    expect(error).toBeLessThan(1e-4);
  });
});

it.skipIf(existsSync(folder))(
  'recorded runs are missing: ../shared/fixtures/score_sde/samplers does not exist',
  () => {},
);

const pairs = (['vp', 've', 'sub-vp'] as const).flatMap(sde =>
  (['euler_maruyama', 'reverse_diffusion', 'ancestral_sampling', 'none'] as const).flatMap(predictor =>
    (['langevin', 'ald', 'none'] as const).map(corrector => ({ sde, predictor, corrector })),
  ),
);
const known = pairs.filter(
  ({ sde, predictor, corrector }) =>
    (predictor !== 'none' || corrector !== 'none') &&
    (sde !== 'sub-vp' || (corrector === 'none' && predictor !== 'ancestral_sampling')),
);

describe('the published samplers with other settings', () => {
  const shape = [3, 2, 2];
  const mu = [0.5, -0.3, 0.1, 0.8];
  const s0 = [0.2, 0.5, 1, 0.1];

  it.each(
    known.flatMap(pair => [
      { ...pair, N: 40, nSteps: 1, snr: 0.16, denoise: true },
      { ...pair, N: 101, nSteps: 2, snr: 0.05, denoise: false },
    ]),
  )('$sde $predictor + $corrector, N = $N, $nSteps steps', async settings => {
    const { sde: name, predictor, corrector, N, nSteps } = settings;
    const sde = sdes[name === 'sub-vp' ? 'subvp' : name]!;
    const eps = name === 've' ? 1e-5 : 1e-3;
    const perStep = (corrector === 'none' ? 0 : nSteps) + (predictor === 'none' ? 0 : 1);
    const draws = Array.from({ length: 1 + N * perStep }, (_, step) => {
      const draw = new Float32Array(12);
      fillNormal(draw, key(5, 'test'), { step, size: 12 });
      return Float64Array.from(draw);
    });
    const score = (x: Float64Array, t: number) => {
      const std = deviation(name, t);
      const scale = name === 've' ? 1 : Math.exp(-0.25 * t * t * 19.9 - 0.05 * t);
      return x.map((v, n) => -(v - scale * mu[n % 4]!) / (scale ** 2 * s0[n % 4]! ** 2 + std ** 2));
    };
    const pending = draws.slice(1);
    const start = draws[0]!.map(z => z * sde.prior.std);
    const reference: PublishedRun = { ...settings, eps, batch: 3 };
    const wanted = published(reference, score, start, () => pending.shift()!);
    expect(pending).toHaveLength(0);
    const got = await run(sde, { ...settings, eps }, { mu, s0, shape, draws });
    const size = Math.max(1, ...wanted.map(Math.abs));
    expect(distance(got, wanted) / size).toBeLessThan(1e-4);
  });

  it('refuses what the published code cannot do', () => {
    const { vp, subvp, ve } = sdes as Record<'vp' | 'subvp' | 've', Sde>;
    expect(() => scoreSdeSampler(subvp, { predictor: 'ancestral' })).toThrow(
      /neither ancestral sampling nor corr/,
    );
    expect(() => scoreSdeSampler(subvp, { predictor: 'euler_maruyama' })).toThrow(/neither ancestral/);
    expect(() => scoreSdeSampler(vp, { N: 10 })).toThrow(/β_k reaches 2/);
    expect(() => scoreSdeSampler(ve, { corrector: 'langvin' })).toThrow(/Did you mean "langevin"/);
    expect(() => scoreSdeSampler(ve, { predictor: 'ancestral', probabilityFlow: true })).toThrow(
      /no probability flow/,
    );
  });

  it('reads the tables at the same index as the published code', () => {
    const times = scoreSdeSampler(sdes.vp!, { N: 1000 }).grid(sdes.vp!, 1000, 1, 0);
    for (let i = 0; i < 1000; i++) expect(Math.trunc(times[i]! * 999)).toBe(999 - i);
    expect(times[999]).toBe(1e-3);
  });
});
