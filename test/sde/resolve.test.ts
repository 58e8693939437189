import { describe, expect, it } from 'vitest';
import { cosine, geometric, linear } from '../../schedules/index.ts';
import { vp } from '../../sdes/vp.ts';
import { makeSchedule } from '../../src/registry/schedules.ts';
import { makeSde } from '../../src/registry/sdes.ts';
import { defineSde } from '../../src/sde/index.ts';

describe('makeSde', () => {
  it('fills in the defaults: linear for vp and sub-vp, geometric for ve', async () => {
    expect((await makeSde('vp')).spec).toEqual({ name: 'vp', schedule: linear().spec, tMin: 1e-3 });
    expect((await makeSde('sub-vp')).spec).toEqual({ name: 'sub-vp', schedule: linear().spec, tMin: 1e-3 });
    const ve = { name: 've', schedule: geometric().spec, tMin: 1e-5, exactVariance: false };
    expect((await makeSde('ve')).spec).toEqual(ve);
  });

  it('accepts a schedule by name, by options, by formula and by value', async () => {
    const wanted = linear({ betaMax: 10 });
    const schedules = [
      { name: 'linear', betaMax: 10 },
      '0.1 + 9.9*t',
      { name: 'formula', formula: '0.1 + 9.9*t' },
      wanted,
    ];
    for (const schedule of schedules) {
      const sde = await makeSde({ name: 'vp', schedule: schedule as never, tMin: 0.01 });
      expect(sde.tMin).toBe(0.01);
      expect(sde.marginal(0.4).std).toBeCloseTo(vp(wanted).marginal(0.4).std, 14);
    }
    expect((await makeSde({ name: 'vp', schedule: 'cosine' })).rate(0.3)).toBe(-0.5 * cosine().beta(0.3));
  });

  it('returns an SDE unchanged, and one written as functions has no spec to store', async () => {
    const mine = defineSde({ name: 'mine', drift: x => -x, diffusion: () => 1 });
    expect(await makeSde(mine)).toBe(mine);
    expect(mine.spec).toBeUndefined();
    const handmade = { kind: 'beta', name: 'flat', beta: () => 8, integral: (t: number) => 8 * t } as const;
    expect(vp(handmade).spec).toBeUndefined();
  });

  it.each([
    ['vpp', /Unknown sde "vpp"\. Did you mean "vp"\?/],
    ['__proto__', /Unknown sde "__proto__"/],
    [
      { name: 'vp', schedule: 'geometric' },
      /vp needs a noise rate β\(t\), but "geometric" is a noise level σ\(t\)/,
    ],
    [
      { name: 've', schedule: 'cosine' },
      /ve needs a noise level σ\(t\), but "cosine" is a noise rate β\(t\)/,
    ],
    [{ name: 'vp', schedule: 'linaer' }, /Unknown schedule "linaer"\. Did you mean "linear"\?/],
    [{ name: 'vp', schedule: 'linear-sgma' }, /Did you mean "linear-sigma"\?/],
    [{ name: 'vp', schedule: { name: 'linear', betaMx: 1 } }, /"betaMx"\. Did you mean "betaMax"\?/],
    [{ name: 'vp', schedule: { name: 'formula' } }, /needs the formula/],
    [{ name: 'vp', tmin: 0.1 }, /Unknown option of vp "tmin"\. Did you mean "tMin"\?/],
    [{ name: 'vp', tMin: 1 }, /expected 0 < tMin < tMax/],
    [{ name: 'vp', schedule: 'max(0, t - 0.5)' }, /no noise at tMin = 0\.001/],
    [{ name: 'rectified-flow', schedule: 'linear' }, /rectified-flow has no schedule/],
    [{ name: 'rectified-flow', tMax: 1 }, /"tMax" is out of range/],
    [{ name: 'formula', drift: '-x', diffusion: '1', speed: 2 }, /Unknown option of formula "speed"/],
  ])('refuses %j with a clear error', async (spec, message) => {
    await expect(makeSde(spec as never)).rejects.toThrow(message);
  });
});

it('makeSchedule reads a formula as β or σ, according to the kind', async () => {
  const beta = await makeSchedule('1 + t', 'beta');
  const sigma = await makeSchedule('1 + t', 'sigma');
  expect(beta.kind === 'beta' && beta.integral(1)).toBeCloseTo(1.5, 14);
  expect(sigma.kind === 'sigma' && sigma.dSigma2(1)).toBe(4);
});
