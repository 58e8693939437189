import { describe, expect, it } from 'vitest';
import { makeEngine } from '../../src/engine/index.ts';
import { providerNames } from '../../src/engine/onnx/native/providers.ts';
import { listProviders } from '../../src/engine/onnx/native/runtime.ts';
import { square } from '../../src/tensor/index.ts';

const there = (await listProviders()).map(({ name }) => name);

describe('execution providers', () => {
  it('are known by name, and the CPU is always among them', () => {
    expect(there).toContain('cpu');
    expect(there.filter(name => !(providerNames as readonly string[]).includes(name))).toEqual([]);
  });

  it('are refused at once for a misspelt name', async () => {
    await expect(makeEngine('onnx', { provider: 'cudda' })).rejects.toThrow(/Did you mean "cuda"/);
  });

  it.each(providerNames)('%s runs a program, or says at the start why it cannot', async provider => {
    const engine = await makeEngine('onnx', { provider }).catch((error: Error) => error);
    if (engine instanceof Error) {
      expect(provider).not.toBe('cpu');
      const reason = there.includes(provider) ? /did not start; got .*It needs/ : /does not exist on/;
      expect(engine.message).toMatch(reason);
      return;
    }
    const program = engine.compile<null>((_w, [x]) => [square(x!)]);
    const [y] = await program.run([engine.put({ data: Float32Array.of(1, -3), shape: [2] })], null);
    expect([...(await engine.read(y!))]).toEqual([1, 9]);
    await program.dispose();
  });
});
