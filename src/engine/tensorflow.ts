import { createRequire } from 'node:module';
import { failure } from '../errors.ts';
import type { Engine } from './contract.ts';
import { eagerEngine } from './eager.ts';

const PACKAGES = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'] as const;

/** The engine of @tensorflow/tfjs-node-gpu or @tensorflow/tfjs-node: whichever has its native library here. */
export async function tensorflowEngine(): Promise<Engine> {
  const require = createRequire(import.meta.url);
  const reasons: string[] = [];
  for (const name of PACKAGES) {
    try {
      require(name);
      return await eagerEngine('tensorflow');
    } catch (cause) {
      reasons.push(`${name}: ${(cause as Error).message.split('\n')[0]}`);
    }
  }
  throw failure('The engine "tensorflow" did not start', {
    got: reasons.join('; '),
    expected: 'the native library of tfjs-node-gpu or tfjs-node',
    remedy: 'See docs/engines.md for the two ways to install it, or choose --engine onnx or wasm',
  });
}
