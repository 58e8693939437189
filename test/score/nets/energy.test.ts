import { expect, it } from 'vitest';
import { geometric, linear } from '../../../schedules/index.ts';
import { subVp } from '../../../sdes/sub-vp.ts';
import { ve } from '../../../sdes/ve.ts';
import { vp } from '../../../sdes/vp.ts';
import { makeEngine } from '../../../src/engine/index.ts';
import { networkModel } from '../../../src/score/model.ts';
import { problemOf } from '../../../src/solve/problem.ts';
import { values } from '../../support/draw.ts';
import { sampleNet, worn } from './samples.ts';

const engine = await makeEngine();
const predictions = ['velocity', 'noise', 'data', 'score'] as const;
const sdes = [vp(linear()), subVp(linear()), ve(geometric({ sigmaMax: 10 }))];

it.each(sdes.flatMap(sde => predictions.map(predicts => ({ sde, predicts, name: sde.name }))))(
  'its score is −∇E by finite differences, under $name, predicting $predicts',
  async ({ sde, predicts }) => {
    const net = sampleNet('energy', [2], { predicts });
    const model = networkModel(net, worn(worn(net.init(3))), sde, [2]);
    const t = Float64Array.of(0.2, 0.6, 0.2, 0.6);
    const x = values(1, 8, -2, 2);
    const program = engine.compile<null>((weights, [at]) => {
      const { raw, energy } = model.rawAndEnergy!(weights, at!, t);
      return [problemOf(sde, model, weights).score(at!, t), energy, raw, model.raw(weights, at!, t)];
    }, model.weights);
    const run = async (data: Float32Array) => {
      const results = await program.run([engine.put({ data, shape: [4, 2] })], null);
      return Promise.all(results.map(engine.read));
    };
    const [score, , raw, alone] = await run(x);
    expect(raw!).toBeAllClose(alone!, 1e-6);
    for (const j of [0, 1]) {
      const h = 0.02;
      const moved = (by: number) => run(x.map((value, i) => (i % 2 === j ? value + by : value)));
      const [above, below] = [(await moved(h))[1]!, (await moved(-h))[1]!];
      const slope = above.map((value, i) => -(value - below[i]!) / (2 * h));
      const size = Math.max(...score!.map(Math.abs));
      for (let i = 0; i < 4; i++) expect(Math.abs(slope[i]! - score![2 * i + j]!)).toBeLessThan(0.005 * size);
    }
    await program.dispose();
  },
);

it('the energy at the origin is free: its constant is a weight', async () => {
  const net = sampleNet('energy', [2]);
  const model = networkModel(net, worn(worn(net.init(3))), sdes[0]!, [2]);
  const program = engine.compile<null>(
    (weights, [at]) => [model.rawAndEnergy!(weights, at!, 0.5).energy],
    model.weights,
  );
  const [energy] = await program.run([engine.put({ data: new Float32Array(2), shape: [1, 2] })], null);
  expect(Math.abs((await engine.read(energy!))[0]!)).toBeGreaterThan(0.01);
  await program.dispose();
});
