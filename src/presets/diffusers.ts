import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { usage } from '../errors.ts';
import { isFolder, readRegular } from '../files/disk.ts';
import { parseJson } from '../files/index.ts';
import { parseArch } from './arch.ts';
import type { Released } from './released.ts';

/** What a folder of diffusers holds: the file of weights, and the network with its SDE. */
export interface DiffusersFolder {
  readonly file: string;
  readonly arch: Released;
}

const FILES = ['diffusion_pytorch_model.safetensors', 'diffusion_pytorch_model.bin'];
const LARGEST_CONFIG = 2 ** 20;

/**
 * Reads a folder that diffusers wrote with a `UNet2DModel`, or with a pipeline that has one in `unet`. The
 * network was trained as in Ho et al. 2020: it predicts the noise at N levels, with β from `beta_start` to
 * `beta_end`. These numbers come from `scheduler_config.json` if the folder has one.
 * @throws usage for a folder without its files, and for an option that langevin does not compute, by name
 */
export async function diffusersFolder(dir: string): Promise<DiffusersFolder> {
  const unet = (await isFolder(join(dir, 'unet'))) ? join(dir, 'unet') : dir;
  const where = join(unet, 'config.json');
  const config = await readJson(where);
  if (!config)
    throw usage('This is not a folder that diffusers wrote', {
      where: dir,
      expected: 'a file config.json in it',
    });
  const { _class_name, ...options } = config;
  if (_class_name !== 'UNet2DModel')
    throw usage('The network is not known', { where, got: _class_name, expected: 'UNet2DModel' });
  const present = await Promise.all(FILES.map(name => stat(join(unet, name)).catch(() => undefined)));
  const file = FILES.find((_, i) => present[i]?.isFile());
  if (file === undefined) throw usage('There are no weights', { where: unet, expected: FILES.join(' or ') });
  const settings = Object.entries(options).filter(([name]) => !name.startsWith('_'));
  const net = { ...Object.fromEntries(settings), name: 'UNet2DModel' };
  return { file: join(unet, file), arch: parseArch({ net, ...(await processOf(dir)) }, where) };
}

/**
 * The values of the process in Ho et al. They are the defaults, and the only values that langevin computes.
 */
const SUPPORTED = { beta_schedule: 'linear', prediction_type: 'epsilon', trained_betas: null };

async function processOf(dir: string): Promise<Pick<Released, 'sde' | 'levels'>> {
  const places = [join(dir, 'scheduler_config.json'), join(dir, 'scheduler', 'scheduler_config.json')];
  const configs = await Promise.all(places.map(readJson));
  const where = places[configs.findIndex(Boolean)] ?? dir;
  const config: Record<string, unknown> = configs.find(Boolean) ?? {};
  for (const [name, value] of Object.entries(SUPPORTED)) {
    if ((config[name] ?? value) === value) continue;
    throw usage(`The process is not known: ${name}`, { where, got: config[name], expected: String(value) });
  }
  const number = (name: string, fallback: number) => {
    const value = config[name] ?? fallback;
    if (typeof value === 'number' && value > 0) return value;
    throw usage(`A number above 0 is expected: ${name}`, { where, got: value });
  };
  const levels = number('num_train_timesteps', 1000);
  const [betaMin, betaMax] = [number('beta_start', 1e-4) * levels, number('beta_end', 0.02) * levels];
  return { sde: { name: 'vp', schedule: { name: 'linear', betaMin, betaMax } }, levels };
}

async function readJson(path: string): Promise<Record<string, unknown> | undefined> {
  if ((await stat(path).catch(() => undefined)) === undefined) return undefined;
  const bytes = await readRegular(path, LARGEST_CONFIG).catch((cause: Error) => {
    throw usage('The configuration cannot be read', { where: path, got: cause.message });
  });
  const value = parseJson(bytes.toString('utf8'), path, usage);
  if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  throw usage('The configuration is not a JSON object', { where: path });
}
