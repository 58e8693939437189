import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { writeSafetensors } from '../../src/files/index.ts';
import { type ImportOptions, importWeights } from '../../src/weights/index.ts';
import { checkpointOf, element, scalar, type Tree } from './support.ts';

const home = mkdtempSync(join(tmpdir(), 'langevin-layouts-'));
afterAll(() => rmSync(home, { recursive: true }));

/** What is read from a file: the first number of each tensor by name, and the kind of weights. */
async function read(name: string, bytes: Uint8Array, options: ImportOptions = {}) {
  const path = join(home, name);
  writeFileSync(path, bytes);
  const { params, source } = await importWeights(path, options);
  return {
    ...source,
    values: Object.fromEntries(Object.entries(params).map(([key, p]) => [key, p.data[0]])),
  };
}

const model = { 'a.weight': element(1), 'b.bias': element(2) };
const average = { 'a.weight': element(3), 'b.bias': element(4) };
const plain = { 'a.weight': 1, 'b.bias': 2 };
const averaged = { 'a.weight': 3, 'b.bias': 4 };
const under = (prefix: string, tree: Readonly<Record<string, Tree>>): Record<string, Tree> =>
  Object.fromEntries(Object.entries(tree).map(([name, value]) => [prefix + name, value]));

describe('a checkpoint gives the weights from every place where trainers store them', () => {
  test.each<[string, Tree, Record<string, number>, 'model' | 'ema']>([
    ['a state_dict', model, plain, 'model'],
    ['a model beside its step as a tensor', { model, step: scalar(9) }, plain, 'model'],
    [
      'a state_dict beside tensors of loss',
      { state_dict: model, loss: element(9), epoch: 3 },
      plain,
      'model',
    ],
    ['a dict in a dict', { model: { state_dict: model, version: 2 } }, plain, 'model'],
    ['a state_dict with a number in it', { ...model, version: 2, note: 'x', none: null }, plain, 'model'],
    ['ema.shadow', { model, ema: { decay: 9, shadow: average } }, averaged, 'ema'],
    [
      'ema.module beside its counter',
      { model, ema: { module: average, n_averaged: scalar(9) } },
      averaged,
      'ema',
    ],
    ['ema.shadow_params', { model, ema: { shadow_params: [element(3), element(4)] } }, averaged, 'ema'],
    ['a list under ema', { model, ema: [element(3), element(4)] }, averaged, 'ema'],
    [
      'ema.state_dict of a wrapper',
      { model, ema: { state_dict: under('module.', average) } },
      averaged,
      'ema',
    ],
    [
      'an average of the trained tensors alone',
      { model, ema: { shadow: { 'a.weight': element(3) } } },
      { 'a.weight': 3, 'b.bias': 2 },
      'ema',
    ],
    [
      'a trainer that keeps both in one dict of names',
      {
        ema: {
          ...under('online_model.', model),
          ...under('ema_model.', average),
          initted: scalar(9),
          step: scalar(8),
        },
      },
      averaged,
      'ema',
    ],
    ['state_dict and state_dict_ema', { state_dict: model, state_dict_ema: average }, averaged, 'ema'],
    ['params_ema alone', { params_ema: average }, averaged, 'ema'],
    ['a wrapper with a counter', { ...under('module.', model), n_averaged: scalar(9) }, plain, 'model'],
  ])('%s', async (_what, tree, values, kind) => {
    expect(await read('file.pth', checkpointOf(tree))).toMatchObject({ values, kind, format: 'torch' });
  });

  test('the weights themselves, on request', async () => {
    const tree = { model, ema: { shadow: average } };
    expect((await read('both.pth', checkpointOf(tree), { weights: 'model' })).values).toEqual(plain);
    await expect(
      read('one.pth', checkpointOf({ ema: { shadow: average } }), { weights: 'model' }),
    ).rejects.toThrow('the file has no plain weights. Take the moving average: --weights ema');
  });

  test.each<[string, Tree, RegExp]>([
    [
      'averages without a model',
      { ema: { shadow_params: [element(1)] } },
      /averaged weights without their names/,
    ],
    [
      'no tensors',
      { optimizer: { state: 3 }, epoch: 4 },
      /unknown layout; got "a dict of optimizer, epoch".*state_dict/,
    ],
    ['a dict where a tensor belongs', { ...model, c: { d: element(1) } }, /entry "c": not a tensor/],
  ])('%s: refused', async (_what, tree, message) => {
    await expect(read('bad.pth', checkpointOf(tree))).rejects.toThrow(message);
  });
});

describe('prefixes of wrappers are removed, in either format', () => {
  const stored = (names: Readonly<Record<string, Tree>>) =>
    writeSafetensors({
      tensors: new Map(
        Object.entries(names).map(([name, tree]) => {
          const { tensorAt, scalar: single } = tree as ReturnType<typeof element>;
          return [name, { dtype: 'F32', shape: single ? [] : [1], data: Float32Array.of(tensorAt) }];
        }),
      ),
    });
  const formats = [
    ['torch', (tree: Record<string, Tree>) => checkpointOf(tree)],
    ['safetensors', stored],
  ] as const;
  const cases: readonly (readonly [string, Record<string, Tree>, Record<string, number>, string])[] = [
    ...['_orig_mod.', 'module.', 'model.', 'module._orig_mod.', '_orig_mod.module.model.'].map(
      prefix => [prefix, under(prefix, model), plain, 'model'] as const,
    ),
    ...['ema_model.', 'model_ema.', 'ema_model.module.', 'ema.'].map(
      prefix => [prefix, under(prefix, average), averaged, 'ema'] as const,
    ),
    [
      'ema_model. beside model.',
      { ...under('model.', model), ...under('ema_model.', average) },
      averaged,
      'ema',
    ],
    [
      'model_ema. with names that lost their dots, and counters',
      {
        ...under('model.', model),
        ...under('model_ema.', { aweight: element(3), bbias: element(4), decay: scalar(9) }),
      },
      averaged,
      'ema',
    ],
    [
      'model_ema. without dots, of the trained tensors alone',
      { ...under('model.', model), 'model_ema.aweight': element(3) },
      { 'a.weight': 3, 'b.bias': 2 },
      'ema',
    ],
    [
      'model_ema. without dots, where two names would be one',
      {
        'model.a.b': element(1),
        'model.ab': element(2),
        'model_ema.a.b': element(3),
        'model_ema.ab': element(4),
      },
      { 'a.b': 3, ab: 4 },
      'ema',
    ],
    ['model. with a counter', { ...under('model.', model), step: scalar(9) }, plain, 'model'],
    ['model. on one of two', { 'model.a': element(1), b: element(2) }, { 'model.a': 1, b: 2 }, 'model'],
    [
      'a module called model',
      { 'model.0': element(1), 'models.1': element(2) },
      { 'model.0': 1, 'models.1': 2 },
      'model',
    ],
  ];
  test.each(formats.flatMap(([format, write]) => cases.map(one => [format, ...one, write] as const)))(
    '%s: %s',
    async (format, _what, names, values, kind, write) => {
      expect(await read(`file.${format}`, write(names))).toMatchObject({ values, kind, format });
    },
  );

  test('a file with an average also gives its weights on request', async () => {
    const bytes = stored({ ...under('model.', model), ...under('ema_model.', average) });
    expect((await read('w.safetensors', bytes, { weights: 'model' })).values).toEqual(plain);
    await expect(read('w.safetensors', stored(model), { weights: 'ema' })).rejects.toThrow(
      'does not say which',
    );
  });
});

describe('the content decides, not the ending', () => {
  test('a torch file with the name .safetensors, and the other way round', async () => {
    expect(await read('a.safetensors', checkpointOf(model))).toMatchObject({
      format: 'torch',
      values: plain,
    });
    const tensors = new Map([['a', { dtype: 'F32', shape: [1], data: Float32Array.of(1) }]]);
    expect((await read('a.pth', writeSafetensors({ tensors }))).format).toBe('safetensors');
  });

  test.each([
    ['a web page', '<!DOCTYPE html><html>', /got "a web page.*Download the file itself/],
    [
      'a pointer',
      'version https://git-lfs.github.com/spec/v1\noid sha256:1',
      /got "a Git LFS pointer.*git lfs pull/,
    ],
    ['a bare pickle', '\x80\x04K\x01.', /got "a Python pickle.*save them again with torch/],
    ['a packed file', '\x1f\x8b\x08\0\0\0', /got "a gzip file.*Unpack it/],
  ])('%s with the name .safetensors is named', async (_what, content, message) => {
    await expect(read('b.safetensors', Buffer.from(content, 'latin1'))).rejects.toThrow(message);
  });
});
