import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { failure } from '../errors.ts';
import type { Engine } from './contract.ts';
import { eagerEngine } from './eager.ts';

/** The packages that contain the native library: one of them is enough. */
export const tensorflowPackages = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'] as const;

/**
 * The environment variable with the folder whose `node_modules` contains tfjs-node, if it is not installed
 * next to langevin (docs/engines.md).
 */
const ELSEWHERE = 'LANGEVIN_TFJS_NODE';

/** The engine of @tensorflow/tfjs-node-gpu or @tensorflow/tfjs-node: the first whose native library loads. */
export async function tensorflowEngine(): Promise<Engine> {
  const folder = process.env[ELSEWHERE];
  const require = createRequire(folder ? join(resolve(folder), 'langevin.js') : import.meta.url);
  const reasons: string[] = [];
  restoreUtil(require);
  for (const name of tensorflowPackages) {
    try {
      require(name);
      return await eagerEngine('tensorflow');
    } catch (cause) {
      reasons.push(`${name}: ${(cause as Error).message.split('\n')[0]}`);
    }
  }
  throw failure('The engine "tensorflow" did not start', {
    ...(folder && { where: `${ELSEWHERE}=${folder}` }),
    got: reasons.join('; '),
    expected: 'the native library of tfjs-node-gpu or tfjs-node',
    remedy: `Install it by one of the ways of docs/engines.md (${ELSEWHERE} names a folder that has it), or choose --engine onnx or wasm`,
  });
}

/** tfjs-node 4.22 calls two functions of `util` that Node 23 removed; without them no operation runs. */
function restoreUtil(require: NodeJS.Require): void {
  const util = require('node:util') as Record<string, unknown>;
  util.isArray ??= Array.isArray;
  util.isNullOrUndefined ??= (x: unknown) => x === null || x === undefined;
}
