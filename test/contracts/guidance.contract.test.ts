import { describe, expect, it } from 'vitest';
import { makeEngine } from '../../src/engine/index.ts';
import { measuredModel } from '../../src/guide/guided.ts';
import { guidances } from '../../src/guide/methods/index.ts';
import { measurementOf } from '../../src/measure/all.ts';
import { ownUnits } from '../../src/measure/chart.ts';
import { observe } from '../../src/measure/observe.ts';
import { type GuidanceName, makeGuidance } from '../../src/registry/guidances.ts';
import { makeSde } from '../../src/registry/sdes.ts';
import { makeSolver } from '../../src/registry/solvers.ts';
import { mixtureModel } from '../../src/score/analytic/index.ts';
import { sample } from '../../src/solve/sample.ts';

const engine = await makeEngine('wasm');
const sde = await makeSde('vp');
const model = mixtureModel(
  {
    means: [
      [-1, 0.5],
      [1, -0.5],
    ],
    stds: 0.3,
  },
  sde,
);
const columns = [{ name: 'a' }, { name: 'b' }];
const observed = async (text: string) =>
  observe(await measurementOf(text).on({ shape: [2], columns }), ownUnits([2]));
const names = Object.keys(guidances) as GuidanceName[];
const draw = async (name: GuidanceName, text: string, options: object = {}) => {
  const guidance = makeGuidance(name);
  const observation = await observed(text);
  const solver = makeSolver(guidance.around ? 'ancestral' : 'ddim');
  return sample({
    engine,
    sde,
    model: measuredModel(sde, model, observation, guidance),
    solver: guidance.around?.(solver, observation) ?? solver,
    steps: 12,
    count: 8,
    seed: 1,
    ...options,
  });
};

const some = await observed('a = 1');
const takesValues = (name: GuidanceName) => makeGuidance(name).refuses?.(some) === undefined;

describe.each(names)('guidance %s', name => {
  it('is a frozen value that says what it does', () => {
    const guidance = makeGuidance(name);
    expect(Object.isFrozen(guidance)).toBe(true);
    expect(guidance.name).toBe(name);
    expect([guidance.look, guidance.around].filter(Boolean)).toHaveLength(1);
    expect(() => makeGuidance({ name, zzz: 1 } as never)).toThrow(/zzz/);
  });

  it.skipIf(!takesValues(name))('brings samples to an exact value', async () => {
    const guided = await draw(name, 'a = 1', { steps: 40, count: 32 });
    const miss = (data: Float32Array) => {
      let sum = 0;
      for (let i = 0; i < 32; i++) sum += Math.abs(data[2 * i]! - 1) / 32;
      return sum;
    };
    const free = await sample({
      engine,
      sde,
      model,
      solver: makeSolver('ddim'),
      steps: 12,
      count: 32,
      seed: 1,
    });
    expect(miss(guided.data)).toBeLessThan(0.5 * miss(free.data));
  });

  it.skipIf(!takesValues(name))('gives sample i the same bits in any batch', async () => {
    const all = await draw(name, 'a = 0.5 ± 0.2', { batch: 4 });
    const some = await draw(name, 'a = 0.5 ± 0.2', { batch: 4, count: 2, first: 5 });
    expect(some.data).toEqual(all.data.slice(10, 14));
  });

  const isUnaware = name === 'dps' || !takesValues(name) || makeGuidance(name).around;
  it.skipIf(isUnaware)('without information changes nothing', async () => {
    const guided = await draw(name, 'a = 3 ± 1e5');
    const free = await sample({
      engine,
      sde,
      model,
      solver: makeSolver('ddim'),
      steps: 12,
      count: 8,
      seed: 1,
    });
    const apart = guided.data.reduce((most, value, i) => Math.max(most, Math.abs(value - free.data[i]!)), 0);
    expect(apart).toBeLessThan(1e-4);
  });
});

it('an unknown guidance is refused with the nearest', () => {
  expect(() => makeGuidance('mmp' as never)).toThrow(/Did you mean "mmps"/);
});

it('all but classifier guidance take values', () => {
  expect(names.filter(name => !takesValues(name))).toEqual(['classifier']);
});

it('replacement refuses bounds in words', async () => {
  const observation = await observed('a > 1');
  expect(() => measuredModel(sde, model, observation, makeGuidance('replacement'))).toThrow(
    /none of them bounds/,
  );
});
