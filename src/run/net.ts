import { usage } from '../errors.ts';
import { makeNet, type NetSpec } from '../registry/nets.ts';
import type { ScoreNet } from '../score/contract.ts';
import type { RunConfig } from './folder/config.ts';
import { modelShapeOf } from './shape.ts';

/** The network of a stored run, or the one handed over where only its name could be stored. */
export function netOfRun(config: RunConfig, where: string, given?: NetSpec): ScoreNet {
  const { net } = config;
  const shape = modelShapeOf(config);
  const byValue = net.byValue === true || net.name === 'file';
  if (!byValue) return makeNet(net as unknown as NetSpec, shape);
  const { name: _name, path: _path, byValue: _byValue, classes: _classes, ...options } = net;
  if (typeof given === 'function') return given(shape, options);
  if (given !== undefined) return makeNet(given, shape);
  throw usage(`The network "${net.name}" of this run was written as functions, which are not stored`, {
    where,
    remedy: net.name === 'file' ? `Name its file again: --net ${net.path}` : 'Hand it over again: { net }',
  });
}
