import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkOnnx } from '../../src/export/check.ts';
import { exportOnnx } from '../../src/export/onnx.ts';
import { exportSafetensors } from '../../src/export/safetensors.ts';
import { readSafetensors } from '../../src/files/index.ts';
import { importRun, logLikelihood, makeEngine, openRun, sample, train } from '../../src/index.ts';
import { parseArch } from '../../src/presets/arch.ts';
import type { Released } from '../../src/presets/released.ts';
import { publishedNet } from '../../src/score/nets/published-net.ts';
import { exportSafetensors as weightsFile } from '../../src/weights/index.ts';
import { scalesOfConfig } from '../support/affine.ts';
import { values } from '../support/draw.ts';

const folder = mkdtempSync(join(tmpdir(), 'langevin-import-'));
const net = {
  name: 'ncsnpp',
  image_size: 4,
  num_channels: 1,
  nf: 8,
  ch_mult: [1],
  num_res_blocks: 1,
  attn_resolutions: [],
  init_scale: 1,
};
const ve = { name: 've', schedule: { name: 'geometric', sigmaMin: 0.01, sigmaMax: 50 } };
const ARCHS: Record<string, Released> = {
  'VE, in [0, 1]': parseArch({ net: { ...net, centered: false, scale_by_sigma: true }, sde: ve }, 've'),
  'VP, in [-1, 1]': parseArch(
    { net: { ...net, centered: true, embedding_type: 'positional' }, sde: { name: 'vp' } },
    'vp',
  ),
  NCSNv2: parseArch({ net: { name: 'ncsnv2_64', image_size: 4, nf: 4, centered: false }, sde: ve }, 'v2'),
};

function weightsOf(arch: Released, name: string): string {
  const file = join(folder, `${name.replaceAll(/\W/g, '')}.safetensors`);
  writeFileSync(file, weightsFile(publishedNet(arch.net).init(3)));
  return file;
}

describe.each(Object.entries(ARCHS))('an imported run, %s', (name, arch) => {
  const file = weightsOf(arch, name);
  const out = join(folder, name.replaceAll(/\W/g, ''));

  it('samples from its folder as from memory, in levels of 0 to 256', async () => {
    const run = await importRun({ file, arch, out });
    const opened = await openRun(out);
    expect(opened.config).toEqual(run.config);
    const drawn = await sample(run, { count: 2, steps: 3, solver: 'euler' });
    expect(await sample(opened, { count: 2, steps: 3, solver: 'euler' })).toEqual(drawn);
    const { shift, scale } = scalesOfConfig(opened.config);
    const seen = [0, 256].map(x => (x - shift[0]!) / scale[0]!);
    expect(seen).toEqual(name.startsWith('VP') ? [-1, 1] : [0, 1]);
    expect(shift.length).toBe(run.model.shape.reduce((a, b) => a * b));
  });

  it('has likelihoods in bits of its levels', async () => {
    const run = await openRun(out);
    const shape = [2, ...run.model.shape];
    const rows = {
      shape,
      data: values(
        4,
        shape.reduce((a, b) => a * b),
        0,
        256,
      ),
    };
    const options = { solver: 'euler', steps: 3, probes: 1 };
    const { mean, bitsPerDim } = await logLikelihood(run, rows, options as never);
    expect(bitsPerDim).toBeCloseTo(-mean / (shape[1]! * shape[2]! * shape[3]!) / Math.LN2, 10);
  });

  it('can be exported: its weights by name, its score as ONNX', async () => {
    const run = await openRun(out);
    const { tensors } = readSafetensors(exportSafetensors(run), 'exported');
    const original = readSafetensors(readFileSync(file), file).tensors;
    expect(new Map([...tensors].sort())).toEqual(new Map([...original].sort()));
    const options = { batch: 2 };
    expect(await checkOnnx(run, exportOnnx(run, options), options, await makeEngine('onnx'))).toBeLessThan(
      1e-4,
    );
  });
});

const DDPM = {
  _class_name: 'UNet2DModel',
  sample_size: 4,
  in_channels: 1,
  out_channels: 1,
  attention_head_dim: null,
  block_out_channels: [8, 16],
  down_block_types: ['DownBlock2D', 'AttnDownBlock2D'],
  up_block_types: ['AttnUpBlock2D', 'UpBlock2D'],
  layers_per_block: 1,
  downsample_padding: 0,
  flip_sin_to_cos: false,
  freq_shift: 1,
  norm_eps: 1e-6,
  norm_num_groups: 4,
};

/** A folder as diffusers writes it. Old files used other names for the attention weights. */
function folderOf(name: string, asked: object = {}, process: object = {}, old = false): string {
  const dir = join(folder, name);
  mkdirSync(dir);
  writeFileSync(join(dir, 'config.json'), JSON.stringify({ ...DDPM, ...asked }));
  writeFileSync(join(dir, 'scheduler_config.json'), JSON.stringify(process));
  const { _class_name, ...options } = DDPM;
  const attention_names = old ? 'query' : 'to_q';
  const config = { ...options, attention_names, name: 'UNet2DModel' } as const;
  writeFileSync(join(dir, 'diffusion_pytorch_model.safetensors'), weightsFile(publishedNet(config).init(5)));
  return dir;
}

describe('a folder that diffusers wrote', () => {
  it.each([
    ['new', 'mid_block.attentions.0.to_out.0.weight'],
    ['old', 'mid_block.attentions.0.proj_attn.weight'],
  ])('with %s names becomes a run, and gives its weights back bit for bit', async (kind, name) => {
    const dir = folderOf(
      kind,
      {},
      { num_train_timesteps: 500, beta_start: 2e-4, beta_end: 0.04 },
      kind === 'old',
    );
    const out = join(folder, `${kind}-run`);
    const { config } = await importRun({ file: dir, out });
    expect(config.sde.schedule).toEqual({ name: 'linear', betaMin: 0.1, betaMax: 20 });
    expect(config.net.levels).toBe(500);
    const run = await openRun(out);
    const { shape } = await sample(run, { count: 2, steps: 2, solver: 'euler' });
    expect(shape).toEqual([2, 1, 4, 4]);
    const file = join(dir, 'diffusion_pytorch_model.safetensors');
    const original = readSafetensors(readFileSync(file), file).tensors;
    const { tensors } = readSafetensors(exportSafetensors(run), 'exported');
    expect(original.has(name)).toBe(true);
    expect(new Map([...tensors].sort())).toEqual(new Map([...original].sort()));
  });

  it.each([
    [{ flip_sin_to_cos: true }, {}, /flip_sin_to_cos/],
    [{ attention_head_dim: 8 }, {}, /attention_head_dim/],
    [{ norm_eps: undefined }, {}, /norm_eps.*default of diffusers/],
    [{ down_block_types: ['DownBlock2D', 'AttnSkipDownBlock2D'] }, {}, /AttnSkipDownBlock2D/],
    [{ up_block_types: ['UpBlock2D', 'UpBlock2D'] }, {}, /up_block_types/],
    [{ block_out_channels: [8, 12] }, {}, /block_out_channels/],
    [{ out_channels: 2 }, {}, /out_channels/],
    [{ _class_name: 'UNet2DConditionModel' }, {}, /UNet2DConditionModel/],
    [{ layers_per_block: 'two' }, {}, /layers_per_block/],
    [{}, { prediction_type: 'v_prediction' }, /prediction_type/],
    [{}, { beta_schedule: 'squaredcos_cap_v2' }, /beta_schedule/],
    [{}, { num_train_timesteps: 'all' }, /num_train_timesteps/],
  ])('that needs %j, %j is refused by name', async (asked, process, message) => {
    const dir = folderOf(`refused-${JSON.stringify([asked, process]).replaceAll(/\W/g, '')}`, asked, process);
    await expect(importRun({ file: dir })).rejects.toThrow(message);
  });
});

describe('options of the published code without an SDE', () => {
  const numbers = { beta_min: 0.2, beta_max: 10, sigma_min: 0.02, sigma_max: 30, num_scales: 7 };
  const { name: _, ...rest } = net;
  const linear = { name: 'vp', schedule: { name: 'linear', betaMin: 0.2, betaMax: 10 } };
  const geometric = { name: 've', schedule: { name: 'geometric', sigmaMin: 0.02, sigmaMax: 30 } };
  it.each([
    [{ name: 'ncsnpp', embedding_type: 'positional' }, linear, 'continuous'],
    [{ name: 'ddpm' }, linear, 'continuous'],
    [{ name: 'ncsnpp', scale_by_sigma: true, embedding_type: 'fourier' }, geometric, 'continuous'],
    [{ name: 'ncsnpp', scale_by_sigma: true, embedding_type: 'positional' }, geometric, 7],
    [{ name: 'ddpm', scale_by_sigma: true }, geometric, 7],
    [{ name: 'ncsnv2_64', scale_by_sigma: true }, geometric, 'continuous'],
  ])('%j determine the SDE and its levels', (asked, sde, levels) => {
    const arch = parseArch({ ...rest, centered: true, ...numbers, ...asked }, 'config.json');
    expect([arch.sde, arch.levels]).toEqual([sde, levels]);
    expect(arch.net.name).toBe(asked.name);
  });
});

describe('an imported run', () => {
  const arch = ARCHS['VE, in [0, 1]']!;

  it('cannot be trained further, and does not replace a run by default', async () => {
    const [file, out] = [weightsOf(arch, 'again'), join(folder, 'once')];
    await importRun({ file, arch, out });
    await expect(train({ data: 'moons', out, resume: true })).rejects.toThrow('cannot be trained further');
    await expect(importRun({ file, arch, out })).rejects.toThrow('A run is there already');
    await expect(importRun({ file, arch, out, overwrite: true })).resolves.toBeDefined();
  });

  it.each([
    [{ net }, /sde: /],
    [{ net: { ...net, centered: true, nf: 1e9 }, sde: ve }, /nf: .*4096/],
    [{ net: { ...net, centered: true, ch_mult: [] }, sde: ve }, /ch_mult/],
    [{ net: { ...net, centered: true }, sde: ve, levels: 0 }, /levels/],
    ['ncsnpp', /the whole/],
  ])('cannot have a description such as %j', (value, message) => {
    expect(() => parseArch(value, 'arch.json')).toThrow(message);
  });

  it('cannot have an unknown option; the error names the known ones', async () => {
    const asked = { net: { ...net, centered: true, progressive: 'sideways' }, sde: ve };
    const options = { file: weightsOf(arch, 'sideways'), arch: parseArch(asked, 'arch.json') };
    await expect(importRun(options)).rejects.toThrow(/progressive "sideways".*output_skip/);
  });
});
