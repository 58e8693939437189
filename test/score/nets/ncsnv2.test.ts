import { beforeAll, describe, expect, it } from 'vitest';
import { type Engine, makeEngine } from '../../../src/engine/index.ts';
import { makeNet } from '../../../src/registry/nets.ts';
import * as T from '../../../src/tensor/index.ts';
import { values } from '../../support/draw.ts';

const engines: Record<string, Engine> = {};
beforeAll(async () => {
  for (const name of ['wasm', 'onnx'] as const) engines[name] = await makeEngine(name);
});
const draw = (seed: number, ...shape: number[]): T.PlainTensor => ({
  shape,
  data: values(seed, T.sizeOf(shape)),
});
const largest = (v: Float32Array) => Math.max(...v.map(Math.abs));

describe('NCSNv2 satisfies the contract of all networks', () => {
  const net = makeNet({ name: 'ncsnv2', width: 4 }, [6, 8]);
  const params = net.init(3);
  const names = Object.keys(params);
  const read = async (engine: Engine, level: number) => {
    const program = engine.compile<null>((ws, [x, condition, probe]) => {
      const { value, grads } = T.valueAndGrad(
        ([y, ...weights]) =>
          T.sum(
            T.mul(
              net.apply(Object.fromEntries(names.map((name, i) => [name, weights[i]!])), y!, condition!),
              probe!,
            ),
          ),
        [x!, ...ws],
      );
      return [value, ...grads];
    }, Object.values(params));
    const told: T.PlainTensor = { shape: [1], data: Float32Array.of(level) };
    const inputs = [draw(1, 2, 6, 8), told, draw(2, 2, 6, 8)];
    const results = await program.run(inputs.map(engine.put), null);
    const parts = await Promise.all(results.map(engine.read));
    engine.free(...results);
    await program.dispose();
    return parts;
  };

  it('has gradients for its input and for every weight, the same on two engines', async () => {
    const [expected, got] = [await read(engines.wasm!, 0.3), await read(engines.onnx!, 0.3)];
    expect(got.length).toBe(2 + names.length);
    expected.forEach((part, i) => {
      const unit = Math.max(largest(part), 1e-3);
      expect(largest(got[i]!.map((v, j) => (v - part[j]!) / unit)), `part ${i}`).toBeLessThan(2e-4);
    });
    const still = names.filter((_, i) => largest(expected[i + 2]!) === 0);
    expect(still).toEqual([]);
  });

  it('does not use the noise level', async () => {
    const [[one], [other]] = [await read(engines.wasm!, -2), await read(engines.wasm!, 2)];
    expect(one).toEqual(other);
    expect(net.predicts).toBe('noise');
  });

  it.each([
    [{ name: 'ncsnv2' }, [2], /for images/],
    [{ name: 'ncsnv2', size: '128' }, [1, 8, 6], /halve its images 2 times/],
    [{ name: 'ncsnv2', size: 128 }, [1, 6, 8], /halves its images 2 times/],
    [{ name: 'ncsnv2', size: '512' }, [1, 8, 8], /size of ncsnv2/],
    [{ name: 'ncsnv2', widht: 8 }, [1, 8, 8], /widht/],
  ])('%j for samples of %j is refused', (spec, shape, message) => {
    expect(() => makeNet(spec as never, shape)).toThrow(message);
  });
});
