import { afterAll, describe, expect, it } from 'vitest';
import { rk45 } from '../../solvers/index.ts';
import { makeSolver } from '../../src/registry/solvers.ts';
import type { ScoreModel } from '../../src/score/contract.ts';
import { adaptiveIntegrator } from '../../src/solve/adaptive.ts';
import type { Path, PathFactory, Solver, StepArguments } from '../../src/solve/contract.ts';
import { problemOf } from '../../src/solve/problem.ts';
import { requireSolver } from '../../src/solve/validate.ts';
import { type Coefficient, fromHost, type Tensor } from '../../src/tensor/index.ts';
import { exactTensor, float64Engine, inFloat64, valuesOf } from '../solvers/float64.ts';
import {
  flowOf,
  gaussian,
  lawAfter,
  mixture,
  orderOf,
  restAt,
  sdes,
  several,
  silent,
  solve,
  uniformTimes,
} from '../solvers/laboratory.ts';
import { everySolver as all } from './every-solver.ts';

const measured: string[] = [];
function report(
  label: string,
  sde: string,
  what: string,
  declared: number,
  order: number,
  errors: readonly number[],
) {
  const list = errors.map(error => error.toExponential(1)).join(' ');
  measured.push(`${label} | ${sde} | ${what} | ${declared} | ${order.toFixed(2)} | ${list}`);
}
afterAll(() => console.info(`measured orders\n${measured.join('\n')}`));

const times = (t: Coefficient, i: number) => (typeof t === 'number' ? t : t[i]!);

/** The noise of sample `id`, the same in every batch. */
const pathFor = (ids: readonly number[], t: Coefficient, s: Coefficient, used: Set<string>): Path => {
  const rows = (salt: number, size: (i: number) => number) =>
    fromHost(
      Float64Array.from(ids, (id, i) => Math.sin(12.9898 * (id + 1) + 78.233 * salt) * size(i)),
      [ids.length, 1],
    );
  return {
    increment: () => {
      used.add('increment');
      return rows(0, i => Math.sqrt(Math.abs(times(s, i) - times(t, i))));
    },
    normal: k => {
      used.add('normal');
      return rows(1 + k, () => 1);
    },
  };
};

/** Three steps of samples `ids`. Each sample has its own times if `t` contains them. */
function chain(
  solver: Solver,
  model: ScoreModel,
  sde: (typeof sdes)[number],
  ids: readonly number[],
  t: readonly Coefficient[],
) {
  const used = new Set<string>();
  const evaluations: number[] = [];
  const x = Float64Array.from(ids, id => Math.cos(id));
  const results = inFloat64(() => {
    const count = { of: 0 };
    const counted: ScoreModel = {
      ...model,
      raw: (...args) => {
        count.of++;
        return model.raw(...args);
      },
    };
    const problem = problemOf(
      sde,
      counted,
      model.weights.map(({ data, shape }) => exactTensor(data, shape)),
    );
    let current: { x: Tensor; state?: Tensor[] } = { x: exactTensor(x, [ids.length, 1]) };
    current.state = solver.init?.(problem, current.x, t[0]!) ?? [];
    evaluations.push(count.of);
    return t.slice(1).map((s, i) => {
      count.of = 0;
      const args: StepArguments = {
        problem,
        x: current.x,
        t: t[i]!,
        s,
        past: t.slice(0, i).reverse().slice(0, 3),
        state: current.state ?? [],
        path: pathFor(ids, t[i]!, s, used),
      };
      current = solver.step(args);
      evaluations.push(count.of);
      return [...valuesOf(current.x), ...(current.state ?? []).flatMap(part => [...valuesOf(part)])];
    });
  });
  return { results, used, evaluations };
}

const grid = [0.8, 0.7, 0.55, 0.45, 0.4];

describe.each(all)('$label', ({ name, solver }) => {
  const usable = sdes.filter(sde => !solver.refuses?.(sde));

  it('is a frozen value that fits the contract and has its own name', () => {
    expect(requireSolver(solver)).toBe(solver);
    expect(Object.isFrozen(solver)).toBe(true);
    expect(solver.name).toBe(name);
    expect(usable.length).toBeGreaterThan(0);
  });

  it('refuses unknown options and names its own', () => {
    expect(() => makeSolver({ name, snrr: 1 } as never)).toThrow(/snrr/);
  });

  it.each(usable)('is a pure function of independent samples, each at its own times, under $name', sde => {
    const model = gaussian(sde);
    const own = grid.map(t => Float64Array.of(t, t * 0.9, t * 0.5));
    const together = chain(solver, model, sde, [4, 5, 6], own).results;
    expect(chain(solver, model, sde, [4, 5, 6], own).results).toEqual(together);
    for (const i of [0, 1, 2]) {
      const alone = chain(
        solver,
        model,
        sde,
        [4 + i],
        own.map(t => t[i]!),
      ).results;
      alone.forEach((row, step) => {
        row.forEach((value, part) => {
          expect(together[step]![3 * part + i]).toBeCloseTo(value, 12);
        });
      });
    }
  });

  it('uses the noise and the network as often as it declares, before the first step and in one step', () => {
    const sde = usable[0]!;
    const { used, evaluations } = chain(solver, gaussian(sde), sde, [1], grid);
    const kinds = { none: [], brownian: ['increment'], fresh: ['normal'] }[solver.noise];
    if (solver.noise === 'fresh') expect([...used]).toEqual(expect.arrayContaining(kinds));
    else expect([...used]).toEqual(kinds);
    expect(evaluations.at(-1)).toBe(solver.evaluationsPerStep);
    expect(evaluations[0]).toBe(solver.init ? (solver.evaluationsBefore ?? 1) : 0);
  });
});

const spans = [
  [0.9, 0.3],
  [0.3, 0.9],
] as const;
const starts = [-2, -1.25, -0.5, -0.125, 0.125, 0.5, 1.25, 2];

/** The exact flow of the mixture from the starts: a fine run of order 4, whose own error is rounding. */
const references = new Map<string, Promise<Float64Array>>();
function reference(sde: (typeof sdes)[number], from: number, to: number): Promise<Float64Array> {
  const name = `${sde.name} ${from}`;
  const known =
    references.get(name) ?? solve(sde, rk45(), uniformTimes(400, from, to), starts, silent, mixture(sde));
  references.set(name, known);
  return known;
}

const deterministic = all.filter(({ solver }) => solver.noise === 'none' && solver.order > 0);
describe.each(deterministic)('$label', ({ label, solver }) => {
  const steps = solver.order >= 4 ? [12, 24, 48, 96] : [40, 80, 160];
  const usable = sdes.filter(sde => !solver.refuses?.(sde));

  it.each(usable)('converges with its declared order in both directions under $name', async sde => {
    const orders = await Promise.all(
      spans.map(async ([from, to]) => {
        const wanted = await reference(sde, from, to);
        const size = Math.max(...wanted.map(Math.abs));
        const errors = await Promise.all(
          steps.map(async n => {
            const end = await solve(sde, solver, uniformTimes(n, from, to), starts, silent, mixture(sde));
            return Math.hypot(...end.map((value, i) => value - wanted[i]!)) / size;
          }),
        );
        const order = orderOf(steps, errors);
        report(label, sde.name, `${from}->${to}`, solver.order, order, errors);
        return order;
      }),
    );
    expect(Math.abs(Math.min(...orders) - solver.order)).toBeLessThan(0.2);
  });
});

const stochastic = all.filter(({ solver }) => solver.noise !== 'none' && solver.order > 0);
describe.each(stochastic)('$label', ({ label, solver }) => {
  const steps = solver.noise === 'brownian' ? [64, 128, 256] : [32, 64, 128];
  const usable = sdes.filter(sde => !solver.refuses?.(sde));

  it.each(usable)(
    'converges with its declared weak order to the law of the data, or to that of its corrector, under $name',
    async sde => {
      const errors = await Promise.all(
        steps.map(async n => {
          const each = several.map(async of => {
            const { mean, variance } = await lawAfter(sde, solver, uniformTimes(n, 0.9, 0.3), of);
            const wanted = await restAt(sde, solver, 0.3, of);
            return Math.abs(mean - wanted.mean) + Math.abs(variance - wanted.variance);
          });
          return Math.max(...(await Promise.all(each)));
        }),
      );
      const order = orderOf(steps, errors);
      report(label, sde.name, 'weak', solver.order, order, errors);
      expect(order).toBeGreaterThan(solver.order - 0.2);
    },
  );
});

describe.each(all.filter(({ solver }) => solver.noise === 'brownian'))('$label', ({ label, solver }) => {
  const usable = sdes.filter(sde => !solver.refuses?.(sde));

  it.each(usable)('converges along its Brownian path with strong order 1, under $name', async sde => {
    const steps = [16, 32, 64];
    const finest = 256;
    const end = (n: number) => {
      const start = new Float64Array(1 + finest).fill(1);
      return solve(sde, solver, uniformTimes(n, 0.9, 0.3), start, refined(n, finest));
    };
    const reference = await end(finest);
    const errors = await Promise.all(
      steps.map(async n => {
        const deviation = (await end(n)).map((value, i) => value - reference[i]!);
        const noise = deviation.subarray(1).reduce((sum, value) => sum + (value - deviation[0]!) ** 2, 0);
        return Math.sqrt(deviation[0]! ** 2 + noise);
      }),
    );
    const order = orderOf(steps, errors);
    report(label, sde.name, 'strong', 1, order, errors);
    expect(order).toBeGreaterThan(0.8);
  });
});

/** One Brownian path at n steps: row 1 + j has only the j-th of the finest increments, and row 0 none. */
const refined =
  (n: number, finest: number): PathFactory =>
  ({ step }, shape, t, s) => ({
    increment: () => {
      const rows = new Float64Array(shape[0]!);
      const inside = finest / n;
      const size = Math.sqrt(Math.abs(Number(s) - Number(t)) / inside);
      rows.fill(size, 1 + step * inside, 1 + (step + 1) * inside);
      return fromHost(rows, shape);
    },
    normal: () => expect.fail('a Brownian solver asked for a fresh draw'),
  });

const adaptive = all.filter(({ solver }) => solver.adaptive && solver.noise === 'none');
describe.each(adaptive)('$label with adaptive steps', ({ solver }) => {
  it.each(sdes)('keeps each sample within its tolerance, with any batch mates, under $name', async sde => {
    const x = [-1, 0.5, 1.25, 4];
    const tolerances = { rtol: 1e-7, atol: 1e-7 };
    const setting = { engine: float64Engine, sde, model: gaussian(sde), solver, path: silent };
    const run = async (start: readonly number[]) => {
      const progress = adaptiveIntegrator(setting, sde.tMin, 1, tolerances).run(
        exactTensor(start, [start.length, 1]),
        0,
      );
      for (;;) {
        const { done, value } = await progress.next();
        if (done) return valuesOf(value);
      }
    };
    const together = await run(x);
    for (const [i, start] of x.entries()) {
      const wanted = flowOf(sde, start, sde.tMin, 1);
      expect(Math.abs(together[i]! - wanted)).toBeLessThan(1e-5 * Math.max(1, Math.abs(wanted)));
      expect((await run([start]))[0]).toBe(together[i]);
    }
  });
});
