import { describe, expect, it } from 'vitest';
import { euler, solvers } from '../../solvers/index.ts';
import { makeSolver } from '../../src/registry/solvers.ts';

describe('makeSolver', () => {
  it('accepts names, names with options and values', () => {
    expect(makeSolver('heun').name).toBe('heun');
    expect(makeSolver({ name: 'dpm-solver++', order: 3 }).order).toBe(3);
    const own = { ...euler(), name: 'mine' };
    expect(makeSolver(own)).toBe(own);
    expect(
      makeSolver({ name: 'predictor-corrector', predictor: own, corrector: { name: 'langevin', snr: 0.1 } })
        .order,
    ).toBe(1);
  });

  it('suggests the name nearest to a misspelt one, also inside a composition', () => {
    expect(() => makeSolver('huen' as never)).toThrow(/Unknown solver "huen". Did you mean "heun"\?/);
    expect(() => makeSolver('constructor' as never)).toThrow(/Unknown solver/);
    expect(() => makeSolver({ name: 'predictor-corrector', predictor: 'ancestrel' } as never)).toThrow(
      /Unknown predictor .*"ancestral"/,
    );
    expect(() => makeSolver({ name: 'predictor-corrector', corrector: 'heun' })).toThrow(
      /Unknown corrector "heun"/,
    );
  });

  it.each([
    [{ step: 1 }, /"step" does not fit the contract; got "1"/],
    [{ step: undefined }, /"step"/],
    [{ order: 'two' }, /"order".*number from 0/],
    [{ order: -1 }, /"order"/],
    [{ noise: 'gaussian' }, /"noise".*"brownian"/],
    [{ evaluationsPerStep: Number.NaN }, /"evaluationsPerStep"/],
    [{ adaptive: 'yes' }, /"adaptive"/],
    [{ init: [] }, /"init"/],
    [{ refuses: 've' }, /"refuses"/],
    [{ name: '' }, /"name"/],
  ])('refuses a value with %o', (fault, message) => {
    expect(() => makeSolver({ ...euler(), ...fault } as never)).toThrow(message);
  });

  it.each([
    [{ name: 'dpm-solver++', order: 4 }],
    [{ name: 'ancestral', eta: 2 }],
    [{ name: 'langevin', snr: 0 }],
    [{ name: 'sa-solver', eta: -1 }],
    [{ name: 'edm-heun', churn: -1 }],
    [{ name: 'predictor-corrector', steps: 1.5 }],
  ])('refuses %o, whose option is out of range', spec => {
    expect(() => makeSolver(spec as never)).toThrow(/out of range/);
  });

  it('has every solver of the registry under its own name', () => {
    for (const name of Object.keys(solvers)) expect(makeSolver(name as never).name).toBe(name);
  });
});
