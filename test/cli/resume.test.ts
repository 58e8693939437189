import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { langevin, start, tiny, workplace } from './support.ts';

const FILES = ['config.json', 'model.safetensors', 'state.json', 'state.safetensors'];
const train = `train eight-gaussians --steps 6000 --checkpoint-every 100 --seed 9 ${tiny}`;

it('a run that is killed at random moments and resumed ends with the bytes of a run that never stopped', async () => {
  const at = workplace();
  const moments = Array.from({ length: 3 }, () => Math.round(500 * Math.random()));
  const resumed = `${train} --out killed --resume`;
  const said: string[] = [];
  for (const [i, moment] of moments.entries()) {
    const { child, outcome } = start(at, i === 0 ? `${train} --out killed` : resumed);
    const begun = () => existsSync(join(at, 'killed/state.json'));
    while (!begun() && child.exitCode === null) await wait(10);
    await wait(i === 0 ? moment : 400 + moment);
    child.kill('SIGKILL');
    said.push((await outcome).stderr);
  }
  expect(said[0], 'the first was killed in the midst of training').not.toContain('trained');
  expect(await langevin(at, `${train} --out whole`)).toMatchObject({ code: 0 });
  expect(await langevin(at, resumed)).toMatchObject({ code: 0 });
  for (const name of FILES) {
    const [a, b] = ['whole', 'killed'].map(run => readFileSync(join(at, run, name)));
    expect(a!.equals(b!), `${name} differs after kills at ${moments} ms`).toBe(true);
  }
});
