import { describe, expect, it } from 'vitest';
import { betaTable, cosine, edm, geometric, linear, sigmaTable, sigmoid } from '../../schedules/index.ts';
import { subVp } from '../../sdes/sub-vp.ts';
import { ve } from '../../sdes/ve.ts';
import { vp } from '../../sdes/vp.ts';
import { transition } from '../../src/sde/index.ts';

/** Relative agreement to a few ulp. The constants below are correctly rounded. */
const same = (got: number, wanted: number, ulps = 8) =>
  expect(Math.abs(got / wanted - 1), `${got} against ${wanted}`).toBeLessThan(ulps * Number.EPSILON);

describe('linear', () => {
  it('at N = 1000 is the table of DDPM, linspace(1e-4, 0.02)', () => {
    const { beta } = linear();
    for (let k = 0; k < 1000; k++) {
      expect(beta(k / 999) / 1000).toBeCloseTo(1e-4 + ((0.02 - 1e-4) * k) / 999, 16);
    }
  });

  // mpmath at 40 digits: B = t(0.1 + 19.9t/2), exp(-B/2), sqrt(1 - exp(-B)), 1 - exp(-B) at the float64 value
  // of t = 1e-5.
  it('keeps every digit at t = 1e-5, where 1 − e^{−B} would lose ten', () => {
    const t = 1e-5;
    same(linear().integral(t), 1.000995e-6);
    same(vp(linear()).marginal(t).scale, 0.9999994995026252);
    same(vp(linear()).marginal(t).std, 0.0010004971259352383);
    same(subVp(linear()).marginal(t).std, 1.0009944990046723e-6);
    same(subVp(linear()).diffusion(t), 0.0004478807823664056);
    same(vp(linear()).marginal(1).scale, 0.0065715864949296154);
  });
});

describe('cosine', () => {
  // mpmath at 40 digits: -2 log(cos((t+s)/(1+s) pi/2) / cos(s/(1+s) pi/2)), s = 0.008.
  it('has the closed form of the paper, with every digit at t = 1e-5', () => {
    same(cosine().integral(1e-5), 3.888056341655814e-7);
    same(cosine().integral(0.5), 0.7055364304696666);
  });

  it('keeps β at 999 from t = 0.998 on, without a jump, and ends at ᾱ = 1.3e-6', () => {
    const { beta, integral } = cosine();
    expect(beta(0.9978)).toBeLessThan(999);
    expect(beta(0.998)).toBe(999);
    const held = 0.99685 + 1e-5;
    expect(beta(held) / beta(held + 1e-9)).toBeCloseTo(1, 4);
    expect(Math.exp(-integral(1))).toBeCloseTo(1.3e-6, 7);
  });

  it('at N = 1000 is the paper’s table: 1 − ᾱ(t)/ᾱ(t − 1/N), up to 0.999', () => {
    const sde = vp(cosine());
    const alphaBar = (t: number) => Math.cos(((t + 0.008) / 1.008) * (Math.PI / 2)) ** 2;
    for (let k = 1; k < 995; k++) {
      const { scale } = transition(sde, (k - 1) / 1000, k / 1000);
      expect(1 - scale ** 2).toBeCloseTo(1 - alphaBar(k / 1000) / alphaBar((k - 1) / 1000), 11);
    }
  });
});

describe('sigmoid', () => {
  // mpmath quad of 0.1 + 19.9/(1 + exp(-6(2u - 1))).
  it('integrates to the closed form, with every digit at t = 1e-5', () => {
    same(sigmoid().integral(1e-5), 1.4920814594634732e-6);
    same(sigmoid().integral(1), 10.05);
  });
});

describe('geometric', () => {
  // mpmath: 0.01·5000^t, 2σ²·log 5000 and 0.01·sqrt(5000^{2t} - 1) at t = 1e-5.
  it('has the numbers of the published VE at t = 1e-5, and its exact variance', () => {
    same(ve(geometric()).marginal(1e-5).std, 0.01000085175559146);
    same(ve(geometric()).diffusion(1e-5) ** 2, 0.0017037288333184573);
    // σ(t) − σ(0) is 1e-4 of σ, so the difference loses four digits.
    same(ve(geometric(), { exactVariance: true }).marginal(1e-5).std, 0.00013052140558856393, 1e5);
    expect(ve(geometric()).prior.std).toBe(50);
  });
});

describe('edm', () => {
  it('is σ = t on [0.002, 80] with ρ = 1, and the paper’s grid at uniform times with ρ = 7', () => {
    const { sigma } = edm();
    expect(sigma(0.25) - 0.002).toBeCloseTo(0.25 * (80 - 0.002), 12);
    const [n, low, high] = [18, 0.002 ** (1 / 7), 80 ** (1 / 7)];
    for (let i = 0; i < n; i++) {
      // Karras et al. 2022, eq. 5; step 0 has the largest noise.
      const karras = (high + (i / (n - 1)) * (low - high)) ** 7;
      same(edm({ rho: 7 }).sigma(1 - i / (n - 1)), karras, 50);
    }
  });
});

describe('beta-table', () => {
  const betas = Array.from({ length: 1000 }, (_, k) => 1e-4 + ((0.02 - 1e-4) * k) / 999);
  const sde = vp(betaTable({ betas }));

  it('has exactly the ᾱ of the chain at t = (k+1)/N, and its α_k between', () => {
    let alphaBar = 1;
    betas.forEach((beta, k) => {
      alphaBar *= 1 - beta;
      const { scale, std } = sde.marginal((k + 1) / 1000);
      same(scale ** 2, alphaBar, 1000);
      same(std ** 2, 1 - alphaBar, 3e4);
      const step = transition(sde, k / 1000, (k + 1) / 1000);
      expect(1 - step.scale ** 2).toBeCloseTo(beta, 12);
      expect(step.std ** 2).toBeCloseTo(beta, 12);
    });
    expect(alphaBar).toBeCloseTo(4.0358e-5, 8);
  });

  it('refuses a table with other numbers than probabilities, and names the entry', () => {
    expect(() => betaTable({ betas: [0.1, 1.5] })).toThrow(/betas\[1\] is out of range; got 1\.5/);
    expect(() => betaTable({ betas: [0] })).toThrow(/betas\[0\]/);
    expect(() => betaTable({ betas: [] })).toThrow(/the table is empty/);
  });
});

describe('sigma-table', () => {
  const sigmas = [0.01, 0.2, 0.9, 50];

  it('has its levels at k/(N − 1), in either order, and is geometric between them', () => {
    for (const table of [sigmas, sigmas.toReversed()]) {
      const { sigma } = sigmaTable({ sigmas: table });
      sigmas.forEach((level, k) => {
        same(sigma(k / 3), level);
      });
      same(sigma(0.5), Math.sqrt(0.2 * 0.9));
    }
  });

  it('with two levels is the geometric schedule', () => {
    const table = sigmaTable({ sigmas: [0.01, 50] });
    for (const t of [0, 0.1, 0.77, 1]) {
      same(table.sigma(t), geometric().sigma(t), 50);
      same(table.dSigma2(t), geometric().dSigma2(t), 50);
    }
  });

  it('refuses levels that neither rise nor fall everywhere', () => {
    for (const bad of [[1], [0, 1], [1, 1], [1, 3, 2], [1, Number.NaN]]) {
      expect(() => sigmaTable({ sigmas: bad })).toThrow(
        /not a list of noise levels.*all rising or all falling/,
      );
    }
  });
});

it.each([
  [() => linear({ betaMin: 0 }), /linear: option "betaMin" is out of range; got 0; expected more than 0/],
  [() => linear({ betaMax: Number.NaN }), /"betaMax" has a wrong value; got NaN; expected a finite number/],
  [() => geometric({ sigmaMin: 60 }), /"sigmaMax" is out of range; got 50; expected more than 60/],
  [() => cosine({ betaMax: 0.01 }), /"betaMax" is out of range/],
  [() => sigmoid({ steepness: 1e4 }), /expected between 0 and 300/],
])('refuses impossible bounds (%#)', (make, message) => {
  expect(make).toThrow(message);
});
