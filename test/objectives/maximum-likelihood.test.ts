import { describe, expect, it } from 'vitest';
import { geometric } from '../../schedules/index.ts';
import { ve } from '../../sdes/ve.ts';
import { makeEngine } from '../../src/engine/index.ts';
import { maximumLikelihood } from '../../src/objectives/index.ts';
import { fillNormal, fillUniform, key } from '../../src/random/index.ts';
import type { ScoreModel } from '../../src/score/contract.ts';
import { networkModel } from '../../src/score/model.ts';
import { mlp } from '../../src/score/nets/mlp.ts';
import { fromHost, log, mul, sumPerSample, type Tensor, valueAndGrad } from '../../src/tensor/index.ts';
import { initialState, trainer } from '../../src/train/trainer.ts';

const engine = await makeEngine();
const sde = ve(geometric({ sigmaMin: 0.01, sigmaMax: 10 }));
const SIGMA = 0.5;
const SPREAD = 0.8;

/** E(x) = ½θx² in one dimension: p is N(0, 1/θ). */
const quadratic = (theta: number): ScoreModel => {
  const rawAndEnergy = ([w]: readonly Tensor[], x: Tensor) => {
    const raw = mul(mul(x, w!), -1);
    return { raw, energy: mul(sumPerSample(mul(mul(x, x), w!)), 0.5) };
  };
  return {
    name: 'quadratic',
    shape: [1],
    weights: [{ data: Float32Array.of(theta), shape: [1, 1] }],
    noiseForm: t => ({ a: 0, b: -sde.marginal(t).std }),
    raw: (weights, x) => rawAndEnergy(weights, x).raw,
    rawAndEnergy,
  };
};

describe('maximum likelihood of ½θx²', () => {
  it('has the gradient ½(E_data x² − E_model x²): its sign makes the energy of data fall', async () => {
    const count = 20_000;
    const z = new Float32Array(3 * count);
    fillNormal(z, key(1, 'test'), { step: 0, first: 0, size: z.length });
    const [x0, noise, model] = [0, 1, 2].map(k => z.subarray(k * count, (k + 1) * count));
    const objective = maximumLikelihood(sde, quadratic(2), { sigma: SIGMA, regular: 0 });
    const t = objective.times(0, 0, count);
    const host = (data: Float32Array) => fromHost(data, [count, 1]);
    const program = engine.compile<null>((_w, inputs) => {
      const loss = (weights: Tensor[]) =>
        objective.loss(
          weights,
          host(x0!.map(v => SPREAD * v)),
          host(noise!),
          t,
          () => host(noise!),
          host(model!.map(v => v / Math.SQRT2)),
        );
      return valueAndGrad(loss, inputs).grads;
    });
    const [slope] = await program.run([engine.put({ data: Float32Array.of(2), shape: [1, 1] })], null);
    const wanted = 0.5 * (SPREAD ** 2 + SIGMA ** 2 - 0.5);
    expect(Math.abs((await engine.read(slope!))[0]! - wanted)).toBeLessThan(0.02);
  });

  it('the gradient penalty adds penalty·σ²·E_model[θ²x²] to the loss', async () => {
    const [count, theta, penalty] = [1000, 2, 0.3];
    const z = new Float32Array(count);
    fillNormal(z, key(7, 'test'), { step: 0, first: 0, size: count });
    const host = () => fromHost(z, [count, 1]);
    const lossOf = async (options: object) => {
      const objective = maximumLikelihood(sde, quadratic(theta), { sigma: SIGMA, ...options });
      const program = engine.compile<null>(
        weights => [
          objective.loss(weights, host(), host(), objective.times(0, 0, count), () => host(), host()),
        ],
        quadratic(theta).weights,
      );
      return (await engine.read((await program.run([], null))[0]!))[0]!;
    };
    const meanSquare = z.reduce((sum, x) => sum + x * x, 0) / count;
    const wanted = penalty * SIGMA ** 2 * theta ** 2 * meanSquare;
    expect(Math.abs((await lossOf({ penalty })) - (await lossOf({})) - wanted)).toBeLessThan(1e-5);
  });

  it.each([true, false])(
    'comes to the precision of the data with noise (persistent: %s)',
    async persistent => {
      const model = quadratic(1);
      const objective = maximumLikelihood(sde, model, { sigma: SIGMA, regular: 0, persistent, moves: 5 });
      const layout = { names: ['w'], shapes: [[1, 1]], sizes: [1], total: 1 };
      const batches = (out: Float32Array, step: number) => {
        fillNormal(out, key(2, 'data'), { step, first: 0, size: 1 });
        for (let i = 0; i < out.length; i++) out[i]! *= SPREAD;
      };
      const options = {
        steps: 300,
        batch: 256,
        seed: 3,
        learningRate: 0.05,
        warmup: 0,
        decay: 'cosine',
        clip: 10,
        ema: 0.9,
        beta1: 0.9,
        beta2: 0.999,
        epsilon: 1e-8,
        reportEvery: 300,
      } as const;
      const steps = trainer(
        engine,
        objective,
        layout,
        [1],
        batches,
        initialState(Float32Array.of(1)),
        options,
      );
      let turn = await steps.next();
      while (!turn.done) turn = await steps.next();
      const { theta, chains } = turn.value;
      const precision = 1 / (SPREAD ** 2 + SIGMA ** 2);
      expect(Math.abs(theta[0]! / precision - 1)).toBeLessThan(0.08);
      const variance = chains!.reduce((sum, x) => sum + x * x, 0) / 256;
      expect(Math.abs(variance * precision - 1)).toBeLessThan(0.35);
    },
  );

  /** θ·E x² of 512 chains after 20 steps of training from x = 1, in the energy ½θx². */
  const restOf = async (theta: number, options: object) => {
    const count = 512;
    const { chains } = maximumLikelihood(sde, quadratic(theta), { sigma: SIGMA, renew: 0, ...options });
    const host = (stream: string, fill: typeof fillNormal | typeof fillUniform, shape: number[]) => {
      const data = new Float64Array(count);
      fill(data as never, key(4, stream), { step: 0, first: 0, size: 1 });
      return fromHost(Float32Array.from(data), shape);
    };
    const program = engine.compile<number>((weights, [x], step) => {
      const normal = (k: number) => host(`normal-${step}-${k}`, fillNormal, [count, 1]);
      const uniform = (k: number) => host(`uniform-${step}-${k}`, fillUniform, [count]);
      const exponential = (k: number) => mul(log(uniform(100 + k)), -1);
      return [chains!.advance(weights, x!, { x0: x!, noise: x!, normal, exponential, uniform })];
    }, quadratic(theta).weights);
    const start = { data: new Float32Array(count).fill(1), shape: [count, 1] };
    const [end] = await program.iterate([engine.put(start)], [...Array(20).keys()]);
    return (theta * (await engine.read(end!)).reduce((sum, x) => sum + x * x, 0)) / count;
  };

  it('its chains come to rest in an energy that is steep for their longest move', async () => {
    expect(Math.abs((await restOf(1000, {})) - 1)).toBeLessThan(3 * Math.sqrt(2 / 512));
  });

  it('moves of one length leave the model as it is, but stand still where it is steep', async () => {
    const plain = { leap: false, range: 1 };
    expect(Math.abs((await restOf(4, plain)) - 1)).toBeLessThan(3 * Math.sqrt(2 / 512));
    expect(await restOf(1000, plain)).toBe(1000);
  });

  it('says what it needs', () => {
    const net = mlp([1], { width: 8 });
    const scoreOnly = networkModel(net, net.init(0), sde, [1]);
    expect(() => maximumLikelihood(sde, scoreOnly, { sigma: 0.1 })).toThrow(/Take one: --net energy/);
    expect(() => maximumLikelihood(sde, quadratic(1))).toThrow(/--sigma/);
    expect(() => maximumLikelihood(sde, quadratic(1), { sigma: 0.1, renew: 2 })).toThrow(/renew/);
    expect(() => maximumLikelihood(sde, quadratic(1), { sigma: 0.1, range: 0.5 })).toThrow(/range/);
  });
});
