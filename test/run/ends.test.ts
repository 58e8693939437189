import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeEngine } from '../../src/engine/index.ts';
import { fillNormal, fillUniform, key } from '../../src/random/index.ts';
import type { TrainedRun } from '../../src/run/run.ts';
import type { TrainOptions } from '../../src/run/train/options.ts';
import { train } from '../../src/run/train/train.ts';
import { evidence } from '../../src/run/use/given/evidence.ts';
import { logLikelihood } from '../../src/run/use/likelihood.ts';
import { sample } from '../../src/run/use/sample.ts';

const engine = await makeEngine('wasm');
const count = 400;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'langevin-ends-'));
  const [z, u] = [new Float32Array(2 * count), new Float64Array(count)];
  fillNormal(z, key(1, 'rows'), { step: 0, first: 0, size: 2 });
  fillUniform(u, key(2, 'rows'), { step: 0, first: 0, size: 1 });
  const rows = Array.from({ length: count }, (_, i) => {
    // Two groups, one with more rain. On half of the days there is none. The words tell a little of it.
    const [a, wet] = [(i % 2 ? 4 : -4) + z[2 * i]!, z[2 * i + 1]! > (i % 2 ? -0.3 : 0.3)];
    const rain = wet ? (0.1 + Math.abs(z[2 * i + 1]!) * 3 + u[i]!).toFixed(1) : 0;
    return [a, rain, u[i]! < (wet ? 0.6 : 0.2) ? 'wet' : u[i]! > 0.7 ? 'fair' : 'cold'].join();
  });
  writeFileSync(join(folder, 'rows.csv'), `a,rain,word\n${rows.join('\n')}\n`);
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await engine.dispose();
});

const trained = (columns: readonly string[], more: Partial<TrainOptions>) =>
  train({
    ...{ data: join(folder, 'rows.csv'), columns, steps: 30, batch: 64, engine, onNote: () => {} },
    net: { name: 'mlp', width: 16, depth: 1 },
    ...more,
  } as TrainOptions);

/** Scores of six equal rows in different places of a file. */
async function scoresOf(run: TrainedRun, row: readonly number[], question: object = {}) {
  const x = { data: Float64Array.from(Array(6).fill(row).flat()), shape: [6, row.length] };
  const { logProbability } = await logLikelihood(run, x, { ...question, engine });
  return [...logProbability];
}
const spanOf = (values: readonly number[]) => Math.max(...values) - Math.min(...values);
const nats = async (run: TrainedRun, given: string) => (await evidence(run, { given, engine })).logEvidence!;

describe('a row at an end that many rows share, by a mixture', () => {
  let run: TrainedRun;
  beforeAll(async () => {
    run = await trained(['a', 'rain'], {});
  });
  const unit = Math.log(0.1);

  test('has the logarithm of its probability, wherever it stands', async () => {
    const scores = await scoresOf(run, [3.5, 0]);
    expect(spanOf(scores)).toBe(0);
    expect(scores[0]! + unit).toBeCloseTo(await nats(run, 'a=3.5, rain=0'), 3);
    const alone = await scoresOf(run, [3.5, 0], { of: ['rain'] });
    expect(alone[0]! + unit).toBeCloseTo(await nats(run, 'rain=0'), 3);
  });

  test('is answered and known as a whole', async () => {
    const [both, a, rain] = [
      await nats(run, 'a=3.5, rain=0'),
      await nats(run, 'a=3.5'),
      await nats(run, 'rain=0'),
    ];
    const ofRain = await scoresOf(run, [3.5, 0], { of: ['rain'], given: ['a'] });
    expect(ofRain[0]! + unit).toBeCloseTo(both - a, 3);
    const ofA = await scoresOf(run, [3.5, 0], { of: ['a'], given: ['rain'] });
    expect(spanOf(ofA)).toBe(0);
    expect(ofA[0]).toBeCloseTo(both - rain, 3);
  });
});

describe('names and ends together, by a mixture', () => {
  let run: TrainedRun;
  beforeAll(async () => {
    run = await trained(['a', 'rain', 'word'], {});
  });
  const names = ['cold', 'fair', 'wet'];
  const unit = Math.log(0.1);
  const row = [3.5, 0, 1];
  const of = async (question: object) => {
    const scores = await scoresOf(run, row, question);
    expect(spanOf(scores)).toBeLessThan(1e-9);
    return scores[0]!;
  };

  test('have the logarithm of their probability, as evidence has it', async () => {
    expect('mixture' in run.config.transform).toBe(true);
    const { kinds } = run.config.data;
    expect(Object(kinds![2]).names).toEqual(names);
    const word = 'word=fair';
    expect(await of({})).toBeCloseTo((await nats(run, `a=3.5, rain=0, ${word}`)) - unit, 2);
    expect(await of({ of: ['a', 'word'] })).toBeCloseTo(await nats(run, `a=3.5, ${word}`), 2);
    expect(await of({ of: ['rain', 'word'] })).toBeCloseTo((await nats(run, `rain=0, ${word}`)) - unit, 2);
  });

  test('follow the chain rule in every order', async () => {
    const all = ['a', 'rain', 'word'];
    const whole = await of({});
    for (const one of all) {
      const others = all.filter(name => name !== one);
      const parts = (await of({ of: others })) + (await of({ of: [one], given: others }));
      expect(parts, one).toBeCloseTo(whole, 2);
      const back = (await of({ of: [one] })) + (await of({ of: others, given: [one] }));
      expect(back, one).toBeCloseTo(whole, 2);
    }
  });
});

test('a conditional run that keeps a mixture answers as this mixture, without a solve', async () => {
  const run = await trained(['a', 'rain'], { conditional: true });
  const x = { data: Float64Array.of(3.5, 0), shape: [1, 2] };
  const { evaluations, logProbability } = await logLikelihood(run, x, { of: ['rain'], given: ['a'], engine });
  expect(evaluations).toBe(0);
  const exact = (await nats(run, 'a=3.5, rain=0')) - (await nats(run, 'a=3.5'));
  expect(logProbability[0]! + Math.log(0.1)).toBeCloseTo(exact, 3);
});

describe('scores by a network', () => {
  let run: TrainedRun;
  beforeAll(async () => {
    const network = { conditional: true, scaling: 'gaussian', validationFraction: 0, steps: 700 } as const;
    run = await trained(['a', 'rain', 'word'], network);
  });
  const word = { of: ['word'], given: ['a', 'rain'] };

  test('of equal rows at such ends, and of names, differ little by their draws', async () => {
    expect(spanOf(await scoresOf(run, [3.5, 0, 0], { of: ['rain'], given: ['a'] }))).toBeLessThan(0.2);
    // A single draw differs by 1.2 or more here, where the network hardly knows the words.
    expect(spanOf(await scoresOf(run, [3.5, 4.2, 1], word))).toBeLessThan(0.85);
    expect(spanOf(await scoresOf(run, [3.5, 0, 1], { of: ['word'] }))).toBeLessThan(0.85);
  });

  test('of the names of a row sum to 1, and are the shares of samples', async () => {
    const P: number[] = [];
    for (const k of [0, 1, 2]) P.push(Math.exp((await scoresOf(run, [3.5, 0, k], word))[0]!));
    expect(P.reduce((sum, p) => sum + p)).toBeCloseTo(1, 9);
    const { data } = await sample(run, { given: 'a=3.5, rain=0', count: 1000, seed: 1, engine });
    const names = [...data].filter((_, i) => i % 3 === 2);
    for (const [k, p] of P.entries())
      expect(Math.abs(names.filter(name => name === k).length / 1000 - p)).toBeLessThan(0.08);
  });
});
