import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { readNpy, writeNpy } from '../../src/files/index.ts';
import { runModel } from '../export/support.ts';
import { langevin, tiny, workplace } from './support.ts';

const at = workplace();

beforeAll(async () => {
  expect(await langevin(at, `train moons --steps 50 --out toy ${tiny}`)).toMatchObject({ code: 0 });
});

it('an exported sampler gives the same result as `decode`', async () => {
  const out = await langevin(
    at,
    'export toy --what sampler --solver ddim --steps 8 --no-denoise --out s.onnx',
  );
  expect(out).toMatchObject({ code: 0, stdout: '' });
  expect(out.stderr).toMatch(/start \[batch,2\] → samples \[batch,2\], opset 18; checked/);
  const start = { data: Float32Array.of(0.3, -1, 1.5, 0.2, 0, 2), shape: [3, 2] };
  writeFileSync(join(at, 'z.npy'), writeNpy(start.data, start.shape));
  await langevin(at, 'decode toy --data z.npy --solver ddim --steps 8 --out x.npy');
  const { samples } = await runModel(readFileSync(join(at, 's.onnx')), { start });
  expect(samples!.data).toBeAllClose(readNpy(readFileSync(join(at, 'x.npy')), 'x.npy').data, 1e-4);
});

it('an impossible export is refused before anything is written', async () => {
  const cases = [
    ['--out e.txt', /\.onnx/],
    ['--to onxx --out e.onnx', /Did you mean "onnx"/],
    ['', /--out/],
    ['--steps 10 --out e.onnx', /--what sampler/],
    ['--what sampler --solver nobody --out e.onnx', /Unknown solver/],
    ['--batch 0 --out e.onnx', /--batch/],
  ] as const;
  for (const [line, message] of cases) {
    const { code, stdout, stderr } = await langevin(at, `export toy ${line}`.trim());
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  }
  expect(existsSync(join(at, 'e.onnx'))).toBe(false);
  const weights = await langevin(at, 'export toy --to safetensors --out w.safetensors');
  expect(weights).toMatchObject({ code: 0, stdout: '' });
});
