import { BLOCKED } from '../compile/emitter.ts';
import { type PackedModel, packInMemory } from '../compile/packed.ts';
import type { Session } from '../sessions/runtime.ts';

/**
 * Block size of channels in the kernels of this machine (16 with AVX-512, 8 with AVX2). The probe reorders
 * two pixels with channels 0, 1, 2, … and finds where the second pixel begins. Undefined if there is no such
 * layout.
 */
export async function findBlock(open: (model: PackedModel) => Promise<Session>): Promise<number | undefined> {
  const shape = [1, 64, 1, 2];
  const edge = (name: string) => ({ name, dtype: 'float32', shape }) as const;
  const model = packInMemory({
    nodes: [{ op: 'ReorderInput', domain: BLOCKED, inputs: ['x'], outputs: ['y'] }],
    initializers: [],
    inputs: [edge('x')],
    outputs: [edge('y')],
  });
  try {
    const session = await open(model);
    const [y] = await session.run([{ data: Float32Array.from({ length: 128 }, (_, i) => i), shape }]);
    await session.release();
    const at = y!.data.indexOf(1);
    return at > 1 ? at : undefined;
  } catch {
    return undefined;
  }
}
