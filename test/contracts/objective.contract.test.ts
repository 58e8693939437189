import { describe, expect, it } from 'vitest';
import { sdes } from '../../sdes/index.ts';
import { makeEngine } from '../../src/engine/index.ts';
import { LangevinError } from '../../src/errors.ts';
import { type Objective, objectives, weightings } from '../../src/objectives/index.ts';
import { makeObjective, type ObjectiveName } from '../../src/registry/objectives.ts';
import { makeSde, type SdeSpec } from '../../src/registry/sdes.ts';
import { gaussianModel } from '../../src/score/analytic/index.ts';
import type { ScoreModel } from '../../src/score/contract.ts';
import { networkModel } from '../../src/score/model.ts';
import type { Sde } from '../../src/sde/contract.ts';
import { fromHost, valueAndGrad } from '../../src/tensor/index.ts';
import { expected, scaledModel, spread } from '../objectives/laboratory.ts';
import { sampleNet, worn } from '../score/nets/samples.ts';
import { values } from '../support/draw.ts';

const engine = await makeEngine('wasm');
const formulas = { drift: '-0.5*(0.1 + 19.9*t)*x', diffusion: 'sqrt(0.1 + 19.9*t)' };
const made: readonly Sde[] = await Promise.all(
  Object.entries(sdes).map(([name, { kind }]) =>
    makeSde({ name, ...(kind === 'formulas' && formulas) } as SdeSpec),
  ),
);

/** The objective of that name with what it needs; undefined if it says that it does not support the SDE. */
function make(name: string, sde: Sde, model: ScoreModel, options: object = {}): Objective | undefined {
  const { options: heeded } = objectives[name as ObjectiveName];
  const mean = new Array<number>(model.shape[0]!).fill(0);
  const exact = (heeded as readonly string[]).includes('exact') && {
    exact: gaussianModel({ mean, std: spread }, sde),
  };
  const level = !(heeded as readonly string[]).includes('weighting') && { sigma: 0.5 };
  try {
    return makeObjective({ name, ...exact, ...level, ...options } as { name: 'denoising' }, sde, model);
  } catch (error) {
    if (!(error instanceof LangevinError) || error.parts.where !== `${name} with ${sde.name}`) throw error;
    expect(error.parts.remedy).toBeTruthy();
    return undefined;
  }
}

/** A network for pairs, with weights as after some training: one with an energy, where it is needed. */
const pairs = (sde: Sde, name = 'mlp'): ScoreModel => {
  const net = sampleNet(name, [2]);
  return networkModel(net, worn(net.init(4)), sde, [2]);
};

/** The loss of these rows at these times, and its gradient for every weight. */
async function lossOf(objective: Objective, model: ScoreModel, t: Float64Array, rows: readonly number[]) {
  const pick = (all: Float32Array) => Float32Array.from(rows.flatMap(i => [all[2 * i]!, all[2 * i + 1]!]));
  const shape = [rows.length, 2];
  const signs = (seed: number) => values(seed, 16).map(Math.sign);
  const program = engine.compile<null>((_w, inputs) => {
    const { value, grads } = valueAndGrad(
      weights =>
        objective.loss(
          weights,
          fromHost(pick(values(1, 16)), shape),
          fromHost(pick(values(2, 16, -2, 2)), shape),
          Float64Array.from(rows, i => t[i]!),
          k => fromHost(pick(signs(30 + k)), shape),
          fromHost(pick(values(3, 16, -2, 2)), shape),
        ),
      inputs,
    );
    return [value, ...grads];
  });
  const inputs = model.weights.map(engine.put);
  const results = await program.run(inputs, null);
  const [value, ...grads] = await Promise.all(results.map(engine.read));
  engine.free(...inputs, ...results);
  await program.dispose();
  return { value: value![0]!, grads };
}

const BATCH = 8;

describe.each(Object.entries(objectives))('objective %s', (name, traits) => {
  const usable = made.filter(sde => make(name, sde, scaledModel(sde)));

  it('supports some SDE, and says what it needs if it does not support all', () => {
    expect(usable.length).toBeGreaterThan(0);
    if (usable.length < made.length) expect(traits.needs).not.toBe('nothing');
  });

  describe.each(usable)('under $name', sde => {
    const model = pairs(sde, traits.times === 'one level' ? 'energy' : 'mlp');
    const objective = make(name, sde, model)!;

    it('has the name of its row and is frozen', () => {
      expect(objective.name).toBe(name);
      expect(Object.isFrozen(objective)).toBe(true);
    });

    it('draws times with noise, from the seed and the step alone', () => {
      const times = objective.times(3, 5, 100);
      expect(times).toHaveLength(100);
      expect(times.every(t => t >= 0 && t <= sde.tMax && sde.marginal(t).std > 0)).toBe(true);
      expect(make(name, sde, model)!.times(3, 5, 100)).toEqual(times);
      if (traits.times === 'one level') {
        expect(new Set(times).size).toBe(1);
        return;
      }
      expect(objective.times(3, 6, 100)).not.toEqual(times);
      expect(objective.times(4, 5, 100)).not.toEqual(times);
    });

    it.skipIf(traits.times === 'one level')(`spreads them over the batch: ${traits.times}`, () => {
      const batch = 2000;
      const sorted = objective.times(3, 5, batch).sort();
      if (traits.times === 'discrete') {
        const counts = new Map<number, number>();
        for (const t of sorted) counts.set(t, (counts.get(t) ?? 0) + 1);
        expect(counts.size).toBe(1000);
        expect([...counts.values()].every(count => Math.abs(count - 2) <= 1)).toBe(true);
      } else {
        const gaps = Array.from(sorted.subarray(1), (t, i) => (t - sorted[i]!) * batch);
        expect(gaps).toBeAllClose(
          gaps.map(() => sde.tMax - 1e-5),
          1e-8,
        );
      }
    });

    it('has a finite loss and gradient at the times that it draws, including the first and the last', async () => {
      const many = objective.times(1, 0, 4000).sort();
      const t = Float64Array.from({ length: BATCH }, (_, i) => many[Math.round((i * 3999) / (BATCH - 1))]!);
      const { value, grads } = await lossOf(objective, model, t, [0, 1, 2, 3, 4, 5, 6, 7]);
      expect(Number.isFinite(value)).toBe(true);
      expect(grads.every(grad => grad.every(Number.isFinite))).toBe(true);
      expect(grads.some(grad => grad.some(each => each !== 0))).toBe(true);
    });

    it('is the mean of the losses of the rows', async () => {
      const t = Float64Array.from({ length: BATCH }, (_, i) => sde.tMax * (0.2 + 0.09 * i));
      const { value } = await lossOf(objective, model, t, [0, 1, 2]);
      const alone = await Promise.all([0, 1, 2].map(i => lossOf(objective, model, t, [i])));
      expect([value]).toBeAllClose([alone.reduce((sum, each) => sum + each.value, 0) / 3], 1e-5);
    });

    const weighs = (traits.options as readonly string[]).includes('weighting');
    it.runIf(weighs)(
      `has the default weighting ${traits.weighting}, and accepts every weighting`,
      async () => {
        const t = Float64Array.from({ length: BATCH }, (_, i) => sde.tMax * (0.2 + 0.09 * i));
        const of = (options: object) => lossOf(make(name, sde, model, options)!, model, t, [0, 1]);
        expect((await of({ weighting: traits.weighting })).value).toBe((await of({})).value);
        for (const weighting of weightings) expect((await of({ weighting })).value).not.toBeNaN();
        expect(() => make(name, sde, model, { weighting: 'simpel' })).toThrow(/Did you mean "simple"/);
      },
    );

    // The loss of maximum likelihood is linear in E: its slope vanishes instead, where draws and data agree.
    it.runIf(weighs)('is smallest at the score of the data', async () => {
      const own = make(name, sde, scaledModel(sde))!;
      const some = Float64Array.of(0.1, 0.35, 0.6, 0.9);
      const [below, least, above] = await Promise.all([0.9, 1, 1.1].map(w => expected(engine, own, some, w)));
      expect(Math.abs(least!.slope)).toBeLessThan(1e-5);
      expect(below!.value).toBeGreaterThan(least!.value);
      expect(above!.value).toBeGreaterThan(least!.value);
    });

    it('refuses an option that it does not use, with the nearest one that it uses', () => {
      expect(() => make(name, sde, model, { wobble: 1 })).toThrow(`Unknown option of ${name} "wobble"`);
      const [first] = traits.options;
      expect(() => make(name, sde, model, { [first.slice(0, -1)]: 1 })).toThrow(`Did you mean "${first}"`);
      const strange = ['epsilon', 'times', 'levels', 'probes', 'exact'].filter(
        option => !(traits.options as readonly string[]).includes(option),
      );
      for (const option of strange)
        expect(() => make(name, sde, model, { [option]: 1 })).toThrow(
          `Unknown option of ${name} "${option}"`,
        );
    });
  });
});
