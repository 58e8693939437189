import { describe, expect, it } from 'vitest';
import { geometric, linear } from '../../schedules/index.ts';
import { ve } from '../../sdes/ve.ts';
import { vp } from '../../sdes/vp.ts';
import { gaussianModel, mixtureModel } from '../../src/score/analytic/index.ts';
import { exactTensor, inFloat64, valuesOf } from '../solvers/float64.ts';

const means = [
  [1, 0, 1],
  [-1, 2, 0],
];
const covariance = [2, 0.9, -0.2, 0.9, 1, 0.3, -0.2, 0.3, 0.5];
const laws = [vp(linear()), ve(geometric({ sigmaMax: 20 }))].flatMap(sde => [
  { sde, name: 'gaussian', model: gaussianModel({ mean: means[0]!, std: [0.3, 1, 2] }, sde) },
  { sde, name: 'turned gaussian', model: gaussianModel({ mean: means[0]!, covariance }, sde) },
  { sde, name: 'mixture', model: mixtureModel({ weights: [3, 1], means, stds: 0.2 }, sde) },
  { sde, name: 'mixture of widths', model: mixtureModel({ weights: [9, 1], means, stds: [0.2, 0.5] }, sde) },
]);

describe.each(laws)('the energy of a $name under $sde.name', ({ model }) => {
  const points = [
    [0.4, -0.3, 1.2],
    [-1.1, 1.7, 0.2],
    [3, -2, 1],
  ];
  const at = (t: number | Float64Array) =>
    inFloat64(() => {
      const weights = model.weights.map(({ data, shape }) => exactTensor(data, shape));
      const { raw, energy } = model.rawAndEnergy!(weights, exactTensor(points.flat(), [3, 3]), t);
      return { raw: valuesOf(raw), energy: valuesOf(energy) };
    });

  it('is −log p_t up to a constant, and comes with the same score', () => {
    const { raw, energy } = at(0.3);
    const offset = energy[0]! + model.logDensity(points[0]!, 0.3);
    for (const [i, point] of points.entries())
      expect(energy[i]! + model.logDensity(point, 0.3) - offset).toBeCloseTo(0, 5);
    const alone = inFloat64(() => {
      const weights = model.weights.map(({ data, shape }) => exactTensor(data, shape));
      return valuesOf(model.raw(weights, exactTensor(points.flat(), [3, 3]), 0.3));
    });
    expect(raw).toEqual(alone);
  });

  it('is that of each row at its own time', () => {
    const together = at(Float64Array.of(0.2, 0.5, 0.9)).energy;
    for (const [i, t] of [0.2, 0.5, 0.9].entries()) expect(together[i]).toBeCloseTo(at(t).energy[i]!, 12);
  });
});
