import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { contestant } from '../../src/compare/contestant.ts';
import { openDataset } from '../../src/data/index.ts';
import { makeEngine } from '../../src/engine/index.ts';
import { onnxFeatures } from '../../src/engine/onnx/features.ts';
import { LangevinError } from '../../src/errors.ts';
import { parseJson, readSafetensors } from '../../src/files/index.ts';
import { parseArch } from '../../src/presets/arch.ts';
import { diffusersFolder } from '../../src/presets/diffusers.ts';
import { releasedOf } from '../../src/presets/released.ts';
import { makeGrid } from '../../src/registry/grids.ts';
import { makeNet } from '../../src/registry/nets.ts';
import { makeObjective } from '../../src/registry/objectives.ts';
import { presetOf } from '../../src/registry/presets.ts';
import { makeSde } from '../../src/registry/sdes.ts';
import { makeSolver } from '../../src/registry/solvers.ts';
import { matched } from '../../src/run/folder/bytes.ts';
import { parseModelConfig } from '../../src/run/folder/config.ts';
import { openRun } from '../../src/run/run.ts';
import { readWeights } from '../../src/weights/index.ts';

const home = mkdtempSync(join(tmpdir(), 'langevin-strangers-'));
afterAll(() => rmSync(home, { recursive: true }));

const deep = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));

/** Every function that looks up a name from outside, or reads a specification. */
const MAKERS: Readonly<Record<string, (word: never) => unknown>> = {
  makeSde,
  'makeSde, schedule': schedule => makeSde({ name: 'vp', schedule }),
  'makeSde, option': tMin => makeSde({ name: 'vp', tMin }),
  'makeSde, beta-table': betas => makeSde({ name: 'vp', schedule: { name: 'beta-table', betas } }),
  'makeSde, sigma-table': sigmas => makeSde({ name: 've', schedule: { name: 'sigma-table', sigmas } }),
  'makeSde, formula': drift => makeSde({ name: 'formula', drift, diffusion: '1' }),
  makeNet: spec => makeNet(spec, [2]),
  'makeNet, option': width => makeNet({ name: 'mlp', width }, [2]),
  makeSolver,
  'makeSolver, option': order => makeSolver({ name: 'dpm-solver', order } as never),
  makeGrid,
  makeObjective: spec => makeObjective(spec, {} as never, {} as never),
  presetOf,
  releasedOf,
  makeEngine,
  contestant,
  openDataset,
  parseArch: value => parseArch(value, 'arch.json'),
  'parseArch, net': net => parseArch({ net, sde: { name: 'vp' } }, 'arch.json'),
  parseModelConfig: value => parseModelConfig(value, 'config.json'),
  'parseModelConfig, imported': imported => parseModelConfig({ imported }, 'config.json'),
};
const WORDS: readonly (readonly [string, unknown])[] = [
  ...['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf'].map(name => [name, name] as const),
  ...['constructor', '__proto__', 'toString'].map(name => [`{ name: ${name} }`, { name }] as const),
  ['null', null],
  ['3', 3],
  ['true', true],
  ['[]', []],
  ['{}', {}],
  ['{ name: null }', { name: null }],
  ['{ name: {} }', { name: {} }],
  ['[{ name: vp }]', [{ name: 'vp' }]],
  ['an object without a prototype', Object.create(null)],
  ['a symbol', Symbol('x')],
  ['a text of a million letters', 'x'.repeat(1e6)],
  ['a list nested 50,000 deep', deep(50_000)],
  ['{ name: nested }', { name: deep(50_000) }],
];
/** Values that are valid in their place. */
const RIGHT = new Set(['makeSde, option: 3', 'makeNet, option: 3']);

describe('a name or value without meaning is refused in few words', () => {
  const cases = Object.keys(MAKERS).flatMap(maker => WORDS.map(([word, value]) => ({ maker, word, value })));
  test.each(cases.filter(({ maker, word }) => !RIGHT.has(`${maker}: ${word}`)))(
    '$maker of $word',
    async ({ maker, value }) => {
      const error = await attempt(() => MAKERS[maker]!(value as never));
      expect(error).toBeInstanceOf(LangevinError);
      expect((error as Error).message.length).toBeLessThan(2_000);
    },
  );
});

/** The error that it throws; undefined if it succeeds. */
async function attempt(work: () => unknown): Promise<unknown> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return error;
  }
}

describe('JSON from others', () => {
  const opened = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
  const header = (text: string) => {
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(Buffer.byteLength(text)));
    return Buffer.concat([length, Buffer.from(text)]);
  };
  const readers: Readonly<Record<string, (text: string) => unknown>> = {
    'any file': text => parseJson(text, 'a.json'),
    'the header of safetensors': text => readSafetensors(header(text), 'a.safetensors'),
    'a run': text => {
      writeFileSync(join(home, 'config.json'), text);
      return openRun(home);
    },
    'a folder of diffusers': text => {
      writeFileSync(join(home, 'config.json'), text);
      return diffusersFolder(home);
    },
  };
  const texts: Readonly<Record<string, () => string>> = {
    'lists nested 200,000 deep': () => '['.repeat(200_000) + ']'.repeat(200_000),
    'objects nested 100,000 deep': () => opened(100_000),
    'brackets that never close': () => '['.repeat(1_000_000),
    'a network that is nested': () => `{"net": ${opened(1_000)}, "format": 1}`,
    'ten million values': () => `[${'0,'.repeat(10_000_000)}0]`,
    'one text of 70 million letters': () => `"${'a'.repeat(70_000_000)}"`,
    'a name of a million escapes': () => `{"${'\\\\'.repeat(1_000_000)}": 1}`,
    'a text that never ends': () => `{"${'\\"'.repeat(1_000_000)}`,
  };
  const cases = Object.keys(readers).flatMap(reader => Object.keys(texts).map(text => ({ reader, text })));
  test.each(cases.filter(({ reader, text }) => reader !== 'any file' || !text.startsWith('a name')))(
    '$text, in $reader',
    async ({ reader, text }) => {
      const error = await attempt(() => readers[reader]!(texts[text]!()));
      expect(error).toBeInstanceOf(LangevinError);
      expect((error as Error).message.length).toBeLessThan(2_000);
    },
  );

  test('looking for two long names takes a time that their length bounds', () => {
    const name = '\\\\'.repeat(500_000);
    expect(() => readSafetensors(header(`{"${name}": 1, "${name}": 1}`), 'a')).toThrow('a name twice');
    expect(parseJson(`{"${name}": [1, {"b": "]]]]"}]}`, 'a')).toBeTypeOf('object');
  });
});

test('a tensor with the name of an object method is not mistaken for a tensor of the network', () => {
  const tensor = { data: new Float32Array(1), shape: [1] };
  for (const name of ['constructor', 'toString', '__proto__'])
    expect(() =>
      matched(
        Object.fromEntries([
          ['w', tensor],
          [name, tensor],
        ]),
        { w: tensor },
        'run',
      ),
    ).toThrow(`unexpected ${name}`);
  expect(() => matched({}, Object.fromEntries([['constructor', tensor]]), 'run')).toThrow(
    'missing constructor',
  );
});

describe.skipIf(process.platform === 'win32')('only regular files are opened', () => {
  const folder = join(home, 'pipes');
  mkdirSync(folder);
  const pipe = (name: string) => {
    const path = join(folder, name);
    spawnSync('mkfifo', [path]);
    return path;
  };
  const openers: Readonly<Record<string, () => unknown>> = {
    'a run': () => {
      pipe('config.json');
      return openRun(folder);
    },
    'a folder of diffusers': () => diffusersFolder(folder),
    'a table': () => openDataset(pipe('a.csv')),
    'a packed table': () => openDataset(pipe('a.csv.gz')),
    'an array': () => openDataset(pipe('a.npy')),
    'an array left in its file': () => openDataset(pipe('b.npy'), { stream: true }),
    'a folder of images': () => {
      const images = join(folder, 'images');
      mkdirSync(images);
      spawnSync('mkfifo', [join(images, 'a.png')]);
      return openDataset(images);
    },
    weights: () => readWeights(pipe('a.pth')),
    safetensors: () => readWeights(pipe('a.safetensors')),
    'a network for features': () => onnxFeatures(pipe('a.onnx')),
    'a device': () => readWeights('/dev/zero'),
  };
  test.each(Object.keys(openers))('%s', async name => {
    const error = await attempt(openers[name]!);
    expect(error).toBeInstanceOf(LangevinError);
    expect((error as Error).message).toMatch(/not a regular file|not a file/);
  });
});

describe('a noise rate that leaves nothing of the data is refused by name', () => {
  const value = { kind: 'beta', name: 'mine', beta: () => 1, integral: (t: number) => t / (1 - t) } as const;
  test.each([
    [
      'infinite between the times of a grid',
      'exp(-t/(t-0.5))',
      /integral of β\(t\) = exp\(-t\/\(t-0\.5\)\) is infinite/,
    ],
    ['a pole', '1/abs(t-0.3137)', /integral of β\(t\) = 1\/abs\(t-0\.3137\) is infinite/],
    ['a rate of 10^300', '10^300', /∫β over \[0, 1\] is 1\.000e\+300; got "10\^300"/],
    ['linear', { name: 'linear', betaMax: 1e308 }, /schedule "linear": ∫β over \[0, 1\] is 5\.000e\+307/],
    ['functions', value, /schedule "mine": ∫β over \[0, 1\] is infinite/],
  ])('%s', async (_, schedule, message) => {
    for (const name of ['vp', 'sub-vp'] as const)
      await expect(makeSde({ name, schedule } as never)).rejects.toThrow(message);
  });

  test('a rate that leaves a part in 10^300 of the data is accepted', async () => {
    expect((await makeSde({ name: 'vp', schedule: '1380 + 0*t' })).marginal(1).scale).toBeGreaterThan(0);
  });
});
