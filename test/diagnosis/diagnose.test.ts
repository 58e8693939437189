import { describe, expect, it } from 'vitest';
import { geometric, linear } from '../../schedules/index.ts';
import { ve } from '../../sdes/ve.ts';
import { vp } from '../../sdes/vp.ts';
import { affine, toys } from '../../src/data/index.ts';
import { type Finding, measure } from '../../src/diagnosis/index.ts';
import { makeEngine } from '../../src/engine/index.ts';
import { diagnose } from '../../src/run/diagnose.ts';
import type { Run } from '../../src/run/run.ts';
import { empiricalModel, gaussianModel, mixtureModel } from '../../src/score/analytic/index.ts';
import type { ScoreModel } from '../../src/score/contract.ts';
import type { Sde } from '../../src/sde/contract.ts';
import { combine, fromHost, matmul, mul, type Tensor } from '../../src/tensor/index.ts';

const engine = await makeEngine();
const { mean, std, mixture } = toys['eight-gaussians'];
const transform = affine(mean, std);
const wide = vp(linear());

/** The law of eight-gaussians in model units. */
const truth = (sde: Sde) => {
  const { weights, means, stds } = mixture!;
  const unit = (row: readonly number[], shift: boolean) =>
    row.map((value, j) => (value - (shift ? mean[j]! : 0)) / std[j]!);
  return mixtureModel(
    { weights, means: means.map(row => unit(row, true)), stds: stds.map(row => unit(row, false)) },
    sde,
  );
};
/** Rows of it, in data units. */
const rows = (count: number, seed: number) => {
  const { data, shape } = truth(wide).sample(count, seed);
  return { data: Float64Array.from(data, (z, i) => mean[i % 2]! + std[i % 2]! * z), shape };
};

/** A run of a model, as after training. */
const runOf = (sde: Sde, model: ScoreModel): Run =>
  ({
    config: {
      data: { source: 'eight-gaussians', shape: [2] },
      transform: transform.toJSON(),
      objective: { name: 'denoising' },
    },
    sde,
    model,
    params: {},
    losses: [],
  }) as unknown as Run;

const dataset = { mixture: mixture!, transform };
async function kinds(run: Run, more: object = {}): Promise<Finding['kind'][]> {
  const options = { engine, fresh: rows(500, 5), dataset, points: 1024, ...more };
  return (await diagnose(run, options)).findings.map(({ kind }) => kind);
}

/** The model with its noise changed by `change` of the noise, the point and σ/α. */
const changed = (
  sde: Sde,
  change: (noise: Tensor, x: Tensor, level: number) => Tensor,
  of: ScoreModel = truth(sde),
): ScoreModel => {
  const { rawAndEnergy: _, ...model } = of;
  return {
    ...model,
    raw: (weights, x, t) => {
      const { scale, std: sigma } = sde.marginal(t as number);
      return change(model.raw(weights, x, t), x, sigma / scale);
    },
  };
};
const quarterTurn = () => fromHost(Float32Array.of(0, 1, -1, 0), [2, 2]);

describe('diagnose', () => {
  it('finds nothing in a good run, known to the truth or only by its rows', async () => {
    // Its data are off by 5 % of x/c, at every level.
    const slightly = changed(wide, (noise, x, level) => combine([1, noise], [0.05 / (1 + level ** 2), x]));
    const good = runOf(wide, slightly);
    expect(await kinds(good, { trained: rows(500, 6) })).toEqual([]);
    expect(await kinds(good, { trained: rows(500, 6), dataset: undefined })).toEqual([]);
  });

  it('finds what is not learned at high noise, and says where', async () => {
    const model = changed(wide, (noise, _x, level) => mul(noise, level > 3 ? 0.4 : 1));
    const { findings } = await diagnose(runOf(wide, model), { engine, fresh: rows(500, 5), dataset });
    expect(findings.map(({ kind }) => kind)).toEqual(['undertrained']);
    expect(findings[0]!.what).toMatch(/^At high noise \(σ\/α from/);
    expect(findings[0]!.remedy).toMatch(/--steps/);
    expect(await kinds(runOf(wide, model), { dataset: undefined })).toEqual(['undertrained']);
  });

  it('judges the error at a level by what it costs in nats, not by the loss that is left there', async () => {
    // At much noise the irreducible loss is tiny, and so is an error of its size.
    const tiny = changed(wide, (noise, _x, level) => mul(noise, level > 10 ? 0.99 : 1));
    expect(await kinds(runOf(wide, tiny))).toEqual([]);
    const large = changed(wide, (noise, _x, level) => mul(noise, level < 0.3 ? 0.6 : 1));
    const { findings } = await diagnose(runOf(wide, large), { engine, fresh: rows(500, 5), dataset });
    expect(findings.map(({ kind }) => kind)).toEqual(['undertrained']);
    expect(findings[0]!.what).toMatch(/^At low noise .* most of [\d.]+ nats/);
  });

  it('finds sixteen rows that are memorised', async () => {
    const few = rows(16, 9);
    const own = empiricalModel(
      { data: transform.forward(few.data, new Float32Array(32)), shape: [16, 2] },
      wide,
    );
    const names = await kinds(runOf(wide, own), { trained: few, dataset: undefined });
    expect(names).toContain('memorised');
    expect(await kinds(runOf(wide, truth(wide)), { trained: few, dataset: undefined })).toEqual([]);
  });

  it('finds a curl that was added to the field', async () => {
    const model = changed(wide, (noise, x, level) =>
      combine([1, noise], [0.35 / Math.hypot(1, level), matmul(x, quarterTurn())]),
    );
    expect(await kinds(runOf(wide, model))).toContain('curl');
  });

  it('finds noise that ends too soon', async () => {
    const narrow = ve(geometric({ sigmaMin: 0.01, sigmaMax: 1.2 }));
    const { findings } = await diagnose(runOf(narrow, truth(narrow)), {
      engine,
      fresh: rows(500, 5),
      dataset,
    });
    expect(findings.map(({ kind }) => kind)).toEqual(['prior']);
    expect(findings[0]!.remedy).toMatch(/sigmaMax/);
  });
});

describe('what is measured', () => {
  const sde = wide;
  const data = gaussianModel({ mean: [0, 0], std: 1 }, sde);
  const fresh = data.sample(8000, 3);

  it('the loss is irreducible part and Fisher divergence together, the irreducible part in closed form', async () => {
    const model = gaussianModel({ mean: [0, 0], std: 0.8 }, sde);
    const { levels } = await measure({ engine, sde, model, fresh, exact: data, levels: 5, points: 8000 });
    for (const { t, loss, ideal, fisher, gaussian } of levels) {
      const { scale, std } = sde.marginal(t);
      expect(Math.abs(ideal!.value - scale ** 2)).toBeLessThan(4 * ideal!.error + 0.01);
      expect(Math.abs(loss.value - ideal!.value - fisher!.value)).toBeLessThan(0.04);
      expect(Math.abs(gaussian.value - ideal!.value)).toBeLessThan(0.02);
      const gain = std / ((0.8 * scale) ** 2 + std ** 2) - std;
      expect(fisher!.value).toBeCloseTo(gain ** 2, 1);
    }
  });

  it('½∫ of the Fisher divergence bounds KL(data ‖ model)', async () => {
    const model = gaussianModel({ mean: [0, 0], std: 0.8 }, sde);
    const options = { engine, sde, model, fresh, exact: data, levels: 30, points: 8000 };
    const { divergenceBound } = await measure(options);
    // Of two Gaussians of variance 1 and 0.64 in the plane. The model's score is that of a diffused law, so
    // the bound is the divergence itself.
    const kl = 1 / 0.64 - 1 + Math.log(0.64);
    expect(Math.abs(divergenceBound! / kl - 1)).toBeLessThan(0.04);
  });

  it('curl is 0 of a gradient and 1 of a rotation', async () => {
    const of = async (model: ScoreModel) =>
      (await measure({ engine, sde, model, fresh, levels: 2, points: 64 })).levels[0]!.curl!;
    expect(await of(data)).toBeLessThan(1e-8);
    expect(await of(changed(sde, (_noise, x) => matmul(x, quarterTurn()), data))).toBeGreaterThan(0.95);
  });

  it('errors are larger where the density is low, if the model knows one mode alone', async () => {
    const both = mixtureModel(
      {
        weights: [0.95, 0.05],
        means: [
          [-1.5, 0],
          [1.5, 0],
        ],
        stds: 0.2,
      },
      sde,
    );
    const model = gaussianModel({ mean: [-1.5, 0], std: 0.2 }, sde);
    const { levels } = await measure({
      engine,
      sde,
      model,
      fresh: both.sample(2000, 1),
      exact: both,
      levels: 6,
    });
    const [low, , high] = levels[2]!.regions!;
    expect(low).toBeGreaterThan(5 * high);
  });
});
