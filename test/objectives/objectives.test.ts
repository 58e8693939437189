import { describe, expect, it } from 'vitest';
import { betaTable, geometric, linear, sigmaTable } from '../../schedules/index.ts';
import { subVp } from '../../sdes/sub-vp.ts';
import { ve } from '../../sdes/ve.ts';
import { vp } from '../../sdes/vp.ts';
import { makeEngine } from '../../src/engine/index.ts';
import {
  ddpm,
  denoising,
  explicit,
  implicit,
  objectives,
  sliced,
  smld,
  timeLaws,
  type Weighting,
  weightings,
} from '../../src/objectives/index.ts';
import { gaussianModel } from '../../src/score/analytic/index.ts';
import { networkModel } from '../../src/score/model.ts';
import { mlp } from '../../src/score/nets/mlp.ts';
import { logSnr } from '../../src/sde/log-snr.ts';
import { fromHost, valueAndGrad } from '../../src/tensor/index.ts';
import { expected, scaledModel, spread } from './laboratory.ts';

const engine = await makeEngine('onnx');
const sdes = [vp(linear()), subVp(linear()), ve(geometric({ sigmaMax: 10 }))];
const some = Float64Array.of(0.1, 0.35, 0.6, 0.9);
const thetas = [0, 0.6, 1, 1.3];

describe.each(sdes.map(sde => [sde.name, sde] as const))('on Gaussian data, under %s', (_name, sde) => {
  it.each(['noise', 'likelihood'] as const)(
    'denoising, implicit and sliced differ from explicit by constants (weighting %s)',
    async weighting => {
      const exact = gaussianModel({ mean: [0], std: spread }, sde);
      const losses = await Promise.all(
        [explicit, denoising, implicit, sliced].map(make => {
          const objective = make(sde, scaledModel(sde), { weighting, exact });
          return Promise.all(thetas.map(theta => expected(engine, objective, some, theta)));
        }),
      );
      const [truth, ...others] = losses;
      const scale = Math.max(...truth!.map(({ value }) => value));
      for (const other of others) {
        const gap = other.map(({ value }, i) => (value - truth![i]!.value) / scale);
        expect(gap).toBeAllClose(
          gap.map(() => gap[0]!),
          1e-5,
        );
        expect(other.map(({ slope }) => slope / scale)).toBeAllClose(
          truth!.map(({ slope }) => slope / scale),
          1e-5,
        );
      }
    },
  );

  it('denoising is smallest where only the noise of the posterior is left', async () => {
    const { value } = await expected(
      engine,
      denoising(sde, scaledModel(sde), { weighting: 'noise' }),
      some,
      1,
    );
    const left = some.map(t => {
      const { scale, std } = sde.marginal(t);
      return (scale * spread) ** 2 / ((scale * spread) ** 2 + std ** 2);
    });
    expect(value).toBeCloseTo(left.reduce((sum, v) => sum + v) / left.length, 5);
  });

  it('importance sampling does not change the loss', async () => {
    const uniform = denoising(sde, scaledModel(sde), { weighting: 'likelihood', epsilon: 1e-2 });
    const other = denoising(sde, scaledModel(sde), {
      weighting: 'likelihood',
      times: 'importance',
      epsilon: 1e-2,
    });
    const [wanted, got] = await Promise.all([
      expected(engine, uniform, uniform.times(0, 0, 20_000), 0.5),
      expected(engine, other, other.times(0, 0, 20_000), 0.5),
    ]);
    expect(Math.abs(got.value / wanted.value - 1)).toBeLessThan(2e-3);
  });
});

describe('weightings', () => {
  it.each(weightings.map(name => [name]))(
    '%s does not depend on what the model predicts, if it says so',
    async name => {
      const sde = sdes[0]!;
      const loss = (predicts: 'noise' | 'score') =>
        expected(
          engine,
          denoising(sde, scaledModel(sde, predicts), { weighting: name as Weighting }),
          some,
          0.5,
        );
      const [noise, score] = await Promise.all([loss('noise'), loss('score')]);
      expect(score.value).toBeCloseTo(noise.value, 4);
    },
  );

  it('an unknown one is refused with the nearest one', () => {
    expect(() => denoising(sdes[0]!, scaledModel(sdes[0]!), { weighting: 'simpel' as never })).toThrow(
      /Did you mean "simple"/,
    );
  });
});

describe('the discrete objectives', () => {
  const N = 10;
  it('ddpm uses the times of its table, all equally often', () => {
    const table = vp(betaTable({ betas: Array.from({ length: N }, (_, k) => 0.01 * (k + 1)) }));
    const objective = ddpm(table, scaledModel(table));
    const times = Float64Array.from([0, 1, 2, 3].flatMap(step => [...objective.times(7, step, 5 * N)]));
    for (let k = 1; k <= N; k++)
      expect(times.filter(t => Math.abs(t - k / N) < 1e-12).length).toBe((4 * 5 * N) / N);
  });

  it('smld uses the levels of its table', () => {
    const sigmas = Array.from({ length: N }, (_, k) => 10 ** (-k / 5));
    const table = ve(sigmaTable({ sigmas }));
    const seen = new Set(
      Array.from(smld(table, scaledModel(table)).times(7, 0, 5 * N), t => table.marginal(t).std.toFixed(9)),
    );
    expect([...seen].sort()).toEqual(sigmas.map(sigma => sigma.toFixed(9)).sort());
  });

  it('smld refuses an SDE without noise at t = 0', () => {
    expect(() => smld(sdes[0]!, scaledModel(sdes[0]!))).toThrow(/no noise/);
  });

  it.each([
    ['ddpm', sdes[0]!, ddpm],
    ['smld', sdes[2]!, smld],
  ] as const)(
    '%s tends to the continuous loss as N grows, with an error of order 1/N',
    async (_n, sde, make) => {
      const options = { weighting: 'noise' as const, epsilon: 1e-9 };
      const continuous = denoising(sde, scaledModel(sde), options);
      const fine = Float64Array.from({ length: 4000 }, (_, i) => (i + 0.5) / 4000);
      const { value: limit } = await expected(engine, continuous, fine, 0.5);
      const gap = async (levels: number) => {
        const objective = make(sde, scaledModel(sde), { levels });
        const times = objective.times(0, 0, 2 * levels);
        return (await expected(engine, objective, times, 0.5)).value - limit;
      };
      const [coarse, middle, last] = [await gap(25), await gap(100), await gap(400)];
      expect(Math.abs(last)).toBeLessThan(5e-3 * limit);
      expect(coarse / middle).toBeGreaterThan(3);
      expect(coarse / middle).toBeLessThan(5.5);
      expect(middle / last).toBeGreaterThan(3);
      expect(middle / last).toBeLessThan(5.5);
    },
  );
});

describe('training times', () => {
  const at = (sde: (typeof sdes)[number], options: object) =>
    denoising(sde, scaledModel(sde), options).times(3, 5, 4000);

  it.each(timeLaws.map(times => [times]))(
    'of the law %s stay in range and depend on seed and step alone',
    times => {
      for (const sde of sdes) {
        const drawn = at(sde, { times });
        expect(drawn).toEqual(at(sde, { times }));
        expect(Math.min(...drawn)).toBeGreaterThanOrEqual(1e-5);
        expect(Math.max(...drawn)).toBeLessThanOrEqual(1);
      }
    },
  );

  it('importance is uniform in the log signal-to-noise ratio', () => {
    for (const sde of sdes) {
      const drawn = Array.from(at(sde, { times: 'importance' }), t => logSnr(sde, t)).sort((a, b) => a - b);
      const [bottom, top] = [logSnr(sde, 1), logSnr(sde, 1e-5)];
      const even = drawn.map((_, i) => bottom + ((i + 0.5) / drawn.length) * (top - bottom));
      expect(drawn.map(v => v / (top - bottom))).toBeAllClose(
        even.map(v => v / (top - bottom)),
        3e-4,
      );
    }
  });

  it('log-normal has the requested mean and spread', () => {
    const levels = Array.from(at(sdes[2]!, { times: 'log-normal', logMean: -0.5, logStd: 1.2 }), t =>
      Math.log(sdes[2]!.marginal(t).std),
    );
    const mean = levels.reduce((sum, v) => sum + v) / levels.length;
    const spreadOf = Math.sqrt(levels.reduce((sum, v) => sum + (v - mean) ** 2, 0) / levels.length);
    expect(Math.abs(mean + 0.5)).toBeLessThan(5 * (1.2 / Math.sqrt(4000)));
    expect(Math.abs(spreadOf / 1.2 - 1)).toBeLessThan(0.06);
  });

  it('refuses a smallest time that is out of range', () => {
    expect(() => at(sdes[0]!, { epsilon: 2 })).toThrow(/smallest training time/);
  });
});

describe('on a network', () => {
  it.each(['implicit', 'sliced'] as const)(
    'the gradient of %s is the difference quotient of its value',
    async name => {
      const sde = sdes[0]!;
      const net = mlp([2], { width: 8, depth: 1 });
      // Layers that start at zero would hide the curvature of the network.
      const params = Object.fromEntries(
        Object.entries(net.init(4)).map(([part, { data, shape }], k) => [
          part,
          { data: data.map((value, i) => value + 0.3 * Math.sin(3 * i + k)), shape },
        ]),
      );
      const model = networkModel(net, params, sde, [2]);
      const objective = objectives[name](sde, model);
      const values = [0.3, -0.8, 1.1, 0.4, -0.5, 0.9];
      const along = model.weights.map(({ data, shape }, k) => ({
        data: data.map((_, i) => Math.cos(i + k)),
        shape,
      }));
      const cpu = await makeEngine('cpu');
      const slope = async (step: number) => {
        const program = cpu.compile<undefined>((_w, inputs) => {
          const { value, grads } = valueAndGrad(
            weights =>
              objective.loss(
                weights,
                fromHost(Float32Array.from(values), [3, 2]),
                fromHost(Float32Array.from(values.map(v => -v)), [3, 2]),
                Float64Array.of(0.2, 0.5, 0.8),
                () => fromHost(Float32Array.of(1, -1, 1, 1, -1, -1), [3, 2]),
              ),
            inputs,
          );
          return [value, ...grads];
        });
        const inputs = model.weights.map(({ data, shape }, k) =>
          cpu.put({ data: data.map((v, i) => v + step * along[k]!.data[i]!), shape }),
        );
        const [value, ...grads] = await program.run(inputs, undefined);
        const read = await Promise.all(grads.map(g => cpu.read(g)));
        const inner = read.reduce(
          (sum, g, k) => sum + g.reduce((part, v, i) => part + v * along[k]!.data[i]!, 0),
          0,
        );
        return { value: (await cpu.read(value!))[0]!, inner };
      };
      const h = 5e-3;
      const [plus, minus, here] = [await slope(h), await slope(-h), await slope(0)];
      const quotient = (plus.value - minus.value) / (2 * h);
      expect(Math.abs(here.inner - quotient)).toBeLessThan(5e-3 * (1 + Math.abs(quotient)));
    },
  );
});
