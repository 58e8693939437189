import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { notLoaded } from '../../src/errors.ts';
import { fixture, root, start, tiny, workplace } from './support.ts';

const without = (...packages: string[]) => ({
  NODE_OPTIONS: `--import=${fixture('without.mjs')}`,
  LANGEVIN_WITHOUT: packages.join(','),
});
const command = 'npm install --ignore-scripts';

it('doctor and the first warning name the command that installs the native engine', async () => {
  const at = workplace();
  const env = without('onnxruntime-node');
  const doctor = JSON.parse((await start(at, 'doctor --json', env).outcome).stdout) as object[];
  expect(doctor).toContainEqual({
    kind: 'engine',
    name: 'onnx',
    works: false,
    what: 'no package onnxruntime-node',
    mend: `Run \`${command}\` in your project, or choose --engine onnx-web`,
  });
  const train = await start(at, `train moons --steps 2 ${tiny} --out m`, env).outcome;
  expect(train.code).toBe(0);
  expect(train.stderr).toContain(`Run \`${command}\` in your project`);
  expect(train.stderr).toContain('"onnx-web" takes its place, several times slower');
  expect(JSON.parse(readFileSync(join(at, 'm/config.json'), 'utf8'))).toMatchObject({ engine: 'onnx-web' });
});

it('without any onnxruntime the eager engine remains', async () => {
  const env = without('onnxruntime-node', 'onnxruntime-web');
  const train = await start(workplace(), `train moons --steps 2 ${tiny} --out m`, env).outcome;
  expect(train.code).toBe(0);
  expect(train.stderr).toContain('"wasm" takes its place, many times slower');
});

it('the error of a picture names the command that installs its rasteriser', async () => {
  const { stdout } = await start(workplace(), 'doctor --json', without('@resvg/resvg-js')).outcome;
  expect(JSON.parse(stdout)).toContainEqual(
    expect.objectContaining({ kind: 'pictures', works: false, mend: expect.stringContaining(command) }),
  );
});

it('the README and the page on engines name the same command', () => {
  for (const page of ['README.md', 'docs/engines.md']) {
    expect(readFileSync(join(root, page), 'utf8')).toMatch(/npm install (langevin )?--ignore-scripts/);
  }
});

it.each([
  [`Cannot find package 'onnxruntime-node' imported from /a/b.js`, command],
  [`Cannot find module '@resvg/resvg-js-linux-x64-gnu'\nRequire stack:\n- /a/b.js`, command],
  // Installed, but not for this system: installing again would not help.
  [`Cannot find module '../bin/napi-v6/darwin/x64/onnxruntime_binding.node'`, '. Choose --engine wasm'],
  [`Cannot find module '/a/node_modules/onnxruntime-node/dist/x.js'`, '. Choose --engine wasm'],
  [`/lib/libc.so.6: version 'GLIBC_2.28' not found`, '. Choose --engine wasm'],
])('%s', (message, says) => {
  const told = notLoaded('It did not start', 'onnxruntime-node', new Error(message), 'choose --engine wasm');
  expect(told.message).toContain(says);
});
