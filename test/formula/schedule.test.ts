import { describe, expect, it } from 'vitest';
import { formulaSchedule } from '../../schedules/formula.ts';
import { geometric, linear, sigmoid } from '../../schedules/index.ts';

const times = [0, 1e-5, 1e-3, 0.1, 0.5, 0.77, 1];
const near = (got: number, wanted: number, tolerance = 1e-12) =>
  expect(Math.abs(got - wanted)).toBeLessThanOrEqual(tolerance * Math.abs(wanted));

describe('a schedule by formula', () => {
  it('equals the built-in schedule of the same formula', async () => {
    const straight = await formulaSchedule('0.1 + 19.9*t', 'beta');
    const bent = await formulaSchedule('0.1 + 19.9/(1 + exp(-6*(2*t - 1)))', 'beta');
    const rising = await formulaSchedule('0.01 * 5000^t', 'sigma');
    for (const t of times) {
      near(straight.integral(t), linear().integral(t));
      near(bent.integral(t), sigmoid().integral(t));
      near(rising.sigma(t), geometric().sigma(t));
      near(rising.dSigma2(t), geometric().dSigma2(t));
    }
  });

  // mpmath quad at 40 digits of 0.1 + 19u²e^{−u} + 0.3 sin²(40u).
  it('integrates to 1e-10 where there is no closed form', async () => {
    const { integral } = await formulaSchedule('0.1 + 19*t^2*exp(-t) + 0.3*sin(40*t)^2', 'beta');
    near(integral(1e-5), 1.0000001663332807e-6, 1e-10);
    near(integral(0.137), 0.05082404911568436, 1e-10);
    near(integral(1), 3.303316629939086, 1e-10);
  });

  it.each([
    [
      't - 0.5',
      'beta',
      /schedule formula "t - 0\.5": β\(t\) = -0\.5 at t = 0; expected a finite rate, 0 or more/,
    ],
    ['1/t', 'beta', /β\(t\) = Infinity at t = 0/],
    ['log(t - 0.5)', 'beta', /β\(t\) = NaN at t = 0/],
    ['0*t', 'beta', /β\(t\) is zero everywhere/],
    ['1/(t - 0.30001)^2', 'beta', /does not converge; got "trouble near t = 0\.30001"/],
    ['5 + 1/(t - 0.30001)', 'beta', /β\(t\) = -/],
    ['t', 'sigma', /σ\(t\) = 0 at t = 0; expected a finite level, more than 0/],
    ['2 - t', 'sigma', /the rise of σ\(t\) = -0\.000999.* at t = 0\.001; expected a level that rises/],
    ['1 + max(0, t - 0.5)', 'sigma', /the rise of σ\(t\) = 0/],
  ] as const)('refuses %s as %s', async (text, kind, message) => {
    await expect(formulaSchedule(text, kind)).rejects.toThrow(message);
  });
});
