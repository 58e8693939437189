import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readSafetensors } from '../../src/files/index.ts';
import { parseArch } from '../../src/presets/arch.ts';
import { publishedNet } from '../../src/score/nets/published-net.ts';
import { exportSafetensors } from '../../src/weights/index.ts';
import { langevin, root, workplace } from './support.ts';

const at = workplace();
const torch = (name: string) => join(root, 'test/fixtures/torch', name);

it('a checkpoint becomes safetensors with its averaged weights, and its names go to stdout', async () => {
  const { code, stdout, stderr } = await langevin(
    at,
    `import ${torch('checkpoint.pth')} --out w.safetensors`,
  );
  expect([code, stderr]).toEqual([0, expect.stringContaining('14 tensors: w.safetensors')]);
  expect(JSON.parse(stdout)).toMatchObject({ format: 'torch', kind: 'ema', step: 1200 });
  const { tensors } = readSafetensors(readFileSync(join(at, 'w.safetensors')), 'w');
  const wanted = readSafetensors(readFileSync(torch('checkpoint.safetensors')), 'wanted').tensors;
  expect([...tensors.keys()].sort()).toEqual([...wanted.keys()].sort());
  expect(tensors.get('all_modules.1.weight')).toEqual(wanted.get('all_modules.1.weight'));
});

it('a file that cannot be imported is refused with a clear error, and nothing is written', async () => {
  const cases = [
    [`${torch('whole-module.pth')}`, 1, /refused: the pickle asks for the name "__main__\.Net"/],
    [
      `${torch('checkpoint.pth')} --arch ve/cifar10_ncsnpp_continuous`,
      1,
      /all_modules\.2\.weight is missing/,
    ],
    [`${torch('checkpoint.pth')} --arch cifar11`, 2, /Unknown released configuration/],
    [`${torch('checkpoint.pth')} --weights emu`, 2, /Did you mean "ema"/],
    ['none.pth', 2, /none\.pth: no such file/],
  ] as const;
  for (const [line, status, message] of cases) {
    const { code, stdout, stderr } = await langevin(at, `import ${line} --out no.safetensors`);
    expect([code, stdout, stderr]).toEqual([status, '', expect.stringMatching(message)]);
  }
  expect(existsSync(join(at, 'no.safetensors'))).toBe(false);
});

it('a file that fits its network becomes a run for sampling, scoring and exporting', async () => {
  const options = { image_size: 4, num_channels: 1, centered: true, nf: 8, ch_mult: [1], num_res_blocks: 1 };
  const net = { name: 'ncsnpp', embedding_type: 'positional', attn_resolutions: [], ...options };
  const arch = { net, sde: { name: 'vp' } };
  writeFileSync(join(at, 'arch.json'), JSON.stringify(arch));
  const params = publishedNet(parseArch(arch, 'arch.json').net).init(1);
  writeFileSync(join(at, 'net.safetensors'), exportSafetensors(params));
  const lines = [
    'import net.safetensors --arch arch.json --out run',
    'sample run --count 2 --steps 2 --solver euler --out drawn.npy',
    'sample run --count 2 --steps 2 --solver euler --out drawn.png',
    'export run --what sampler --steps 2 --solver euler --out sampler.onnx',
    'export run --to safetensors --out again.safetensors',
    'plot run --count 2 --steps 2 --solver euler',
  ];
  for (const line of lines) expect((await langevin(at, line)).code, line).toBe(0);
  const again = readSafetensors(readFileSync(join(at, 'again.safetensors')), 'again').tensors;
  expect(Object.fromEntries([...again].map(([name, { data }]) => [name, data]))).toEqual(
    Object.fromEntries(Object.entries(params).map(([name, { data }]) => [name, data])),
  );
  const refused = [
    ['import net.safetensors --arch arch.json --out run', /A run is there already/],
    ['import net.safetensors --out elsewhere', /needs to know its network/],
    ['train moons --out run --resume', /cannot be trained further/],
  ] as const;
  for (const [line, message] of refused) {
    expect(await langevin(at, line)).toMatchObject({ code: 2, stderr: expect.stringMatching(message) });
  }
});

it('a failed download says where it failed, and leaves no file that could be mistaken for data', async () => {
  const server = createServer((_request, response) => response.end('not the digits'));
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  const mirror = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { code, stdout, stderr } = await langevin(at, `download mnist --mirror ${mirror} --out d`);
  server.close();
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(
    /train-images-idx3-ubyte\.gz: what was fetched has a wrong checksum, and was removed/,
  );
  expect(existsSync(join(at, 'd/train-images-idx3-ubyte.gz'))).toBe(false);
  expect((await langevin(at, 'download mnits')).stderr).toMatch(/Did you mean "mnist"/);
});
