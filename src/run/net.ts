import { usage } from '../errors.ts';
import { makeNet, type NetSpec } from '../registry/nets.ts';
import type { ScoreNet } from '../score/contract.ts';
import type { RunConfig } from './folder/config.ts';

/** The network of a stored run, or `given` if only its name could be stored. */
export function netOfRun({ net, data }: RunConfig, where: string, given?: NetSpec): ScoreNet {
  const byValue = net.byValue === true || net.name === 'file';
  if (!byValue) return makeNet(net as unknown as NetSpec, data.shape);
  const { name: _name, path: _path, byValue: _byValue, classes: _classes, ...options } = net;
  if (typeof given === 'function') return given(data.shape, options);
  if (given !== undefined) return makeNet(given, data.shape);
  throw usage(`The network "${net.name}" of this run was written as functions, which are not stored`, {
    where,
    remedy: net.name === 'file' ? `Name its file again: --net ${net.path}` : 'Hand it over again: { net }',
  });
}
