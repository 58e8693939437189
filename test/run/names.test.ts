import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fillNormal, key } from '../../src/random/index.ts';
import type { TrainedRun } from '../../src/run/run.ts';
import { train } from '../../src/run/train/train.ts';
import { evidence } from '../../src/run/use/given/evidence.ts';
import { logLikelihood } from '../../src/run/use/likelihood.ts';
import { sample } from '../../src/run/use/sample.ts';

const names = ['never', 'no', 'yes'];
let folder: string;
let run: TrainedRun;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'langevin-names-'));
  const file = join(folder, 'rows.csv');
  const z = new Float32Array(800);
  fillNormal(z, key(1, 'rows'), { step: 0, first: 0, size: 2 });
  // Three names of unlike shares, which tell of a.
  const rows = Array.from({ length: 400 }, (_, i) => {
    const [a, c] = [z[2 * i]!, 0.8 * z[2 * i]! + z[2 * i + 1]!];
    return [a, names[c > 0.8 ? 2 : c > -0.3 ? 1 : 0]].join();
  });
  writeFileSync(file, `a,word\n${rows.join('\n')}\n`);
  run = await train({ data: file, steps: 30, batch: 64, net: { name: 'mlp', width: 8, depth: 1 } });
});
afterAll(() => rmSync(folder, { recursive: true }));

const logNames = async (a: number, given?: readonly string[]) => {
  const x = { data: Float64Array.from(names.flatMap((_, k) => [a, k])), shape: [names.length, 2] };
  const { logProbability } = await logLikelihood(run, x, { of: ['word'], ...(given && { given }) });
  return [...logProbability];
};
const sumOf = (logs: readonly number[]) => logs.reduce((sum, log) => sum + Math.exp(log), 0);

test('probabilities of names are the shares of samples, and sum to 1', async () => {
  const logs = await logNames(0);
  expect(sumOf(logs)).toBeCloseTo(1, 9);
  const count = 20_000;
  const { data } = await sample(run, { count });
  for (const [k, log] of logs.entries()) {
    const share =
      Array.from({ length: count }, (_, i) => data[2 * i + 1]).filter(v => v === k).length / count;
    expect(Math.abs(Math.exp(log) - share)).toBeLessThan(
      4 * Math.sqrt((share * (1 - share)) / count) + 0.002,
    );
    const { logEvidence } = await evidence(run, { given: `word=${names[k]}` });
    expect(Math.abs(Math.exp(logEvidence!) - share)).toBeLessThan(4 * Math.sqrt(share / count) + 0.002);
  }
});

test('probabilities of names given a value are those of two questions', async () => {
  const logs = await logNames(1.5, ['a']);
  expect(sumOf(logs)).toBeCloseTo(1, 9);
  const known = (await evidence(run, { given: 'a=1.5' })).logEvidence!;
  for (const [k, log] of logs.entries()) {
    const both = (await evidence(run, { given: `a=1.5, word=${names[k]}` })).logEvidence!;
    expect(Math.abs(Math.exp(log) - Math.exp(both - known))).toBeLessThan(0.01);
  }
});

test('equal rows have equal answers', async () => {
  const x = { data: Float64Array.from([0.3, 1, 0.3, 1, 0.3, 1]), shape: [3, 2] };
  const { logProbability } = await logLikelihood(run, x, { of: ['word'], given: ['a'] });
  expect(new Set(logProbability).size).toBe(1);
});
