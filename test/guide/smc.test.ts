import { describe, expect, it } from 'vitest';
import { type Engine, makeEngine } from '../../src/engine/index.ts';
import { twistedKernel } from '../../src/guide/smc/kernel.ts';
import { type PopulationRunner, populationRunner } from '../../src/guide/smc/population.ts';
import { drawParticles, smc } from '../../src/guide/smc/smc.ts';
import { effectiveSize, systematic } from '../../src/guide/smc/weights.ts';
import { logMeanExp } from '../../src/math/log-sum.ts';
import { measurementOf } from '../../src/measure/all.ts';
import { ownUnits } from '../../src/measure/chart.ts';
import { observe } from '../../src/measure/observe.ts';
import { slicedWasserstein } from '../../src/quality/sliced-wasserstein.ts';
import { makeGuidance } from '../../src/registry/guidances.ts';
import { makeSde } from '../../src/registry/sdes.ts';
import { gaussianModel, mixtureModel } from '../../src/score/analytic/index.ts';
import { logSnrUniform, timesOf } from '../../src/solve/grids.ts';
import { startEngines } from '../support/engines.ts';

const engine = await makeEngine('onnx');
const sde = await makeSde('vp');
const columns = [{ name: 'a' }, { name: 'b' }];
const observed = async (text: string) =>
  observe(await measurementOf(text).on({ shape: [2], columns }), ownUnits([2]));
const twist = makeGuidance('mmps');

describe('weights', () => {
  it('are resampled ⌊n·w⌋ or ⌈n·w⌉ times each', () => {
    const logs = [-3, 0.5, -1, -Infinity, 2, 1].map(v => v + 700);
    const total = logs.reduce((s, v) => s + Math.exp(v - 700), 0);
    for (const u of [0.01, 0.4, 0.99]) {
      const counts = new Array<number>(6).fill(0);
      for (const place of systematic(logs, 50, u)) counts[place]!++;
      counts.forEach((count, k) => {
        const wanted = (50 * Math.exp(logs[k]! - 700)) / total;
        expect(Math.abs(count - wanted)).toBeLessThan(1);
      });
    }
  });

  it('have an effective size between 1 and their number', () => {
    expect(effectiveSize([5, 5, 5, 5])).toBeCloseTo(4, 12);
    expect(effectiveSize([0, -800, -900])).toBeCloseTo(1, 12);
    expect(effectiveSize([-Infinity, -Infinity])).toBe(0);
    expect(logMeanExp([Math.log(1), Math.log(3)])).toBeCloseTo(Math.log(2), 12);
  });
});

/**
 * Eight Gaussians of width s on a circle, under a·x = y ± std: log p(y) and exact draws (Matheron's rule).
 */
function eight(s: number, angle: number, y: number, std: number) {
  const means = Array.from({ length: 8 }, (_, k) => {
    const at = (2 * Math.PI * k) / 8;
    return [Math.SQRT2 * Math.cos(at), Math.SQRT2 * Math.sin(at)] as const;
  });
  const a = [Math.cos(angle), Math.sin(angle)] as const;
  const S = s * s + std * std;
  const logs = means.map(m => {
    const r = y - a[0] * m[0] - a[1] * m[1];
    return -0.5 * (Math.log(2 * Math.PI * S) + (r * r) / S);
  });
  const prior = mixtureModel({ means, stds: s }, sde);
  const mixture = mixtureModel({ means, stds: s, weights: logs.map(Math.exp) }, sde);
  const draw = (count: number, seed: number) => {
    const x = mixture.sample(count, seed).data;
    const noise = gaussianModel({ mean: [0] }, sde).sample(count, seed + 1000).data;
    const data = new Float32Array(2 * count);
    for (let i = 0; i < count; i++) {
      const residual = y - a[0] * x[2 * i]! - a[1] * x[2 * i + 1]! - std * noise[i]!;
      for (const d of [0, 1]) data[2 * i + d] = x[2 * i + d]! + (s * s * a[d]! * residual) / S;
    }
    return { data, shape: [count, 2] };
  };
  const text = `${a[0]}*a + ${a[1]}*b = ${y} ± ${std}`;
  return { prior, text, logEvidence: logMeanExp(logs), draw };
}

describe('twisted particles', () => {
  it('draw from the posterior of eight Gaussians and know its evidence', async () => {
    const { prior, text, logEvidence, draw } = eight(0.1, 0.3, 0.9, 0.25);
    const found = await smc({
      engine,
      sde,
      model: prior,
      observation: await observed(text),
      twist,
      halved: false,
    });
    expect(Math.abs(found.evidence.logEvidence - logEvidence)).toBeLessThan(0.1);
    const places = drawParticles(found.logWeights, 1000, 1);
    const data = Float32Array.from([...places].flatMap(p => [found.data[2 * p]!, found.data[2 * p + 1]!]));
    const reference = draw(4000, 1);
    const distance = slicedWasserstein({ data, shape: [1000, 2] }, reference);
    const floors = [2, 3, 4, 5].map(seed => slicedWasserstein(draw(1000, seed), reference));
    expect(distance).toBeLessThan(1.3 * Math.max(...floors));
  });

  it('know the probability of bounds', async () => {
    const model = gaussianModel({ mean: [0.5, 0], std: [1, 0.5] }, sde);
    const options = { engine, sde, model, twist, particles: 128, populations: 2, steps: 25, halved: false };
    // P(a > 1) with a ~ N(0.5, 1), and P(|b| < 0.5) with b ~ N(0, 0.25), independent.
    const { evidence, data, logWeights } = await smc({
      ...options,
      observation: await observed('a > 1, -0.5 < b < 0.5'),
    });
    expect(Math.abs(evidence.logEvidence - Math.log(0.3085375 * 0.6826895))).toBeLessThan(0.2);
    for (const place of drawParticles(logWeights, 50, 0)) {
      expect(data[2 * place]!).toBeGreaterThan(0.98);
      expect(Math.abs(data[2 * place + 1]!)).toBeLessThan(0.52);
    }
  });

  it('of a population depend on the seed and its number alone', async () => {
    const { prior, text } = eight(0.2, 1, 0.5, 0.3);
    const observation = await observed(text);
    const kernel = twistedKernel(sde, prior, observation, twist);
    const times = timesOf(sde, logSnrUniform(), 6, sde.tMax, sde.tMin);
    const runner = (seed: number, together: number) =>
      populationRunner({ engine, sde, model: prior, kernel, times, particles: 32, together, seed });
    const { signal } = new AbortController();
    const [one, other, pairs] = [runner(3, 1), runner(4, 1), runner(3, 2)];
    const of = async (from: PopulationRunner, first: number, count = 1) => {
      const run = from.run(first, count, undefined, signal);
      let turn = await run.next();
      while (!turn.done) turn = await run.next();
      return turn.value;
    };
    const [third] = await of(one, 2);
    await of(one, 0);
    expect(await of(one, 2)).toEqual([third]);
    expect((await of(other, 2))[0]!.data).not.toEqual(third!.data);
    expect((await of(one, 1))[0]!.data).not.toEqual(third!.data);
    const [second, same] = await of(pairs, 1, 2);
    expect((await of(pairs, 2))[0]).toEqual(same);
    for (const [got, expected] of [
      [second, (await of(one, 1))[0]],
      [same, third],
    ]) {
      expect(got!.data).toBeAllClose(expected!.data, 1e-4);
      expect(got!.logEvidence).toBeCloseTo(expected!.logEvidence, 4);
      expect(got!.origins).toBe(expected!.origins);
    }
    for (const each of [one, other, pairs]) await each.dispose();
  });

  it('are the same on every engine, which keeps nothing of them', async () => {
    const { prior, text } = eight(0.2, 1, 0.5, 0.3);
    const observation = await observed(text);
    const run = (on: Engine) =>
      smc({ engine: on, sde, model: prior, observation, twist, particles: 20, populations: 3, steps: 5 });
    const expected = await run(engine);
    for (const other of Object.values(await startEngines())) {
      await run(other);
      const live = other.live();
      const found = await run(other);
      expect(other.live(), other.name).toBe(live);
      expect(found.data, other.name).toBeAllClose(expected.data, 1e-3);
      expect(found.evidence.populations, other.name).toBeAllClose(expected.evidence.populations, 1e-4);
      await other.dispose();
    }
  });

  it('take many steps in one call, two populations side by side', async () => {
    const { prior, text } = eight(0.2, 1, 0.5, 0.3);
    await using fresh = await makeEngine('onnx', { threads: 1 });
    const calls: { readonly steps: number; readonly rows: number }[] = [];
    const counted: Engine = {
      ...fresh,
      compile(program, weights) {
        const compiled = fresh.compile(program, weights);
        return {
          ...compiled,
          iterate(state, args, lane) {
            calls.push({ steps: args.length, rows: state.at(-1)!.shape[0]! });
            return compiled.iterate(state, args, lane);
          },
        };
      },
    };
    const observation = await observed(text);
    const sizes = { particles: 256, populations: 4, steps: 8, halved: false };
    await smc({ engine: counted, sde, model: prior, observation, twist, ...sizes });
    expect(calls[0]).toEqual({ steps: 8, rows: 512 });
    expect(calls.every(({ rows }) => rows === 512)).toBe(true);
  });

  it('are stopped by whoever stops at their progress', async () => {
    const { prior, text } = eight(0.2, 1, 0.5, 0.3);
    const observation = await observed(text);
    await using fresh = await makeEngine('onnx', { threads: 1 });
    const stop = new AbortController();
    const fractions: number[] = [];
    const options = { engine: fresh, sde, model: prior, observation, twist, particles: 8, populations: 1 };
    const onProgress = ({ fraction }: { readonly fraction: number }) => {
      fractions.push(fraction);
      stop.abort();
    };
    await expect(
      smc({ ...options, steps: 40, halved: false, signal: stop.signal, onProgress }),
    ).rejects.toThrow(/abort/i);
    expect(fractions).toEqual([8 / 40]);
  });

  it('refuse a twist without a density, and numbers that cannot be', async () => {
    const { prior, text } = eight(0.2, 1, 0.5, 0.3);
    const options = { engine, sde, model: prior, observation: await observed(text), twist };
    await expect(smc({ ...options, twist: makeGuidance('dps') })).rejects.toThrow(/no density/);
    await expect(smc({ ...options, particles: 1 })).rejects.toThrow(/number of particles/);
  });

  it('say so if all of them are dead', async () => {
    const { prior } = eight(0.05, 1, 0.5, 0.3);
    const observation = await observed('a > 1e30');
    const options = {
      engine,
      sde,
      model: prior,
      observation,
      twist,
      particles: 16,
      populations: 1,
      steps: 4,
    };
    await expect(smc(options)).rejects.toThrow(/No particle agrees/);
  });
});
