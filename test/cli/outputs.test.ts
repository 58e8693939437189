import { spawnSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeNpy } from '../../src/files/index.ts';
import { langevin, tiny, workplace } from './support.ts';

const at = workplace();
const pipe = (name: string) => spawnSync('mkfifo', [join(at, name)]).status === 0;
const PIPES = process.platform !== 'win32' && pipe('probe');

beforeAll(async () => {
  expect(await langevin(at, `train moons --steps 2 --out run ${tiny}`)).toMatchObject({ code: 0 });
  writeFileSync(join(at, 'z.npy'), writeNpy(new Float32Array(4), [2, 2]));
  for (const ending of ['csv', 'npy', 'png', 'svg', 'gif', 'onnx', 'safetensors']) {
    pipe(`pipe.${ending}`);
    symlinkSync('/dev/null', join(at, `device.${ending}`));
  }
  for (const name of ['plain-loss.png', 'plain-endpoint.png', 'folder']) pipe(name);
});

/** Every command that writes a file, with the option that names it and the name that it gets. */
const COMMANDS: readonly (readonly [line: string, name: string])[] = [
  ['sample run --count 2 --out', 'csv'],
  ['sample run --count 2 --out', 'npy'],
  ['sample run --count 2 --out', 'png'],
  ['sample run --count 2 --path', 'png'],
  ['likelihood run --data moons --count 2 --out', 'csv'],
  ['encode run --data moons --count 2 --out', 'npy'],
  ['decode run --data z.npy --out', 'csv'],
  ['plot run --count 9 --out', 'svg'],
  ['compare run --count 4 --out', 'png'],
  ['export run --out', 'onnx'],
  ['export run --to safetensors --out', 'safetensors'],
  ['import w.safetensors --out', 'safetensors'],
];

describe.skipIf(!PIPES)('a pipe or a device is refused before any work', () => {
  it.each(COMMANDS)('langevin %s FILE.%s', async (line, ending) => {
    for (const kind of ['pipe', 'device']) {
      const { code, stderr } = await langevin(at, `${line} ${kind}.${ending}`);
      expect(stderr).toContain(`${kind}.${ending}: cannot write: it is a pipe or a device, not a file`);
      expect(code).toBe(1);
    }
  });

  it.each([
    ['plot run --count 9 --out plain.png', 'plain-loss.png'],
    ['compare run --count 4 --out plain.png', 'plain-endpoint.png'],
  ])('langevin %s: also of its second picture', async (line, second) => {
    expect((await langevin(at, line)).stderr).toContain(`${second}: cannot write: it is a pipe`);
  });

  it.each(['train moons --steps 2 --out folder', 'download mnist --out folder'])(
    'langevin %s, which needs a folder',
    async line => {
      expect((await langevin(at, line)).stderr).toMatch(/^langevin: folder: /);
    },
  );
});
