/**
 * The types of the public doors: what they accept and what does not compile. `npm test` compiles this file; a
 * line below a `@ts-expect-error` that compiles is itself an error.
 */
import { describe, expectTypeOf, it } from 'vitest';
import { type Args, text, whole } from '../../src/cli/arguments/values.ts';
import type { KernelName, KernelSpec } from '../../src/doors/chains.ts';
import { equal, type GivenSpec, type GuidanceName, type GuidanceSpec, range } from '../../src/doors/given.ts';
import type { ObjectiveName } from '../../src/doors/objectives.ts';
import type { PresetName } from '../../src/doors/presets.ts';
import type { BetaScheduleName, SigmaScheduleName } from '../../src/doors/schedules.ts';
import type { NetName, NetSpec } from '../../src/doors/score.ts';
import type { SdeName } from '../../src/doors/sde.ts';
import type { GridName, SolverName } from '../../src/doors/solvers.ts';
import type {
  GivenOptions,
  GridSpec,
  ObjectiveSpec,
  SampleRunOptions,
  SdeSpec,
  SolverSpec,
  TrainOptions,
} from '../../src/index.ts';

describe('names are unions, so that an editor completes them', () => {
  it('of every table', () => {
    expectTypeOf<'heun' | 'predictor-corrector' | 'dpm-solver++'>().toExtend<SolverName>();
    expectTypeOf<SdeName>().toEqualTypeOf<'vp' | 'sub-vp' | 've' | 'rectified-flow' | 'formula'>();
    expectTypeOf<BetaScheduleName>().toEqualTypeOf<'linear' | 'cosine' | 'sigmoid' | 'beta-table'>();
    expectTypeOf<SigmaScheduleName>().toEqualTypeOf<'geometric' | 'linear-sigma' | 'edm' | 'sigma-table'>();
    expectTypeOf<GridName>().toEqualTypeOf<'uniform' | 'quadratic' | 'log-snr' | 'karras' | 'levels'>();
    expectTypeOf<'mlp' | 'unet' | 'ncsnpp'>().toExtend<NetName>();
    expectTypeOf<'denoising' | 'sliced' | 'smld'>().toExtend<ObjectiveName>();
    expectTypeOf<'ncsn' | 'ddpm' | 'edm'>().toExtend<PresetName>();
    expectTypeOf<KernelName>().toEqualTypeOf<'langevin' | 'mala' | 'hmc' | 'annealed-langevin'>();
    expectTypeOf<
      'mmps' | 'pigdm' | 'dps' | 'diffpir' | 'classifier' | 'replacement' | 'repaint'
    >().toEqualTypeOf<GuidanceName>();
    expectTypeOf<string>().not.toExtend<SolverName>();
  });
});

describe('each name has its own options', () => {
  it('accepts those that exist', () => {
    const solvers: SolverSpec[] = [
      'unipc',
      { name: 'ancestral', eta: 0.5 },
      { name: 'predictor-corrector', predictor: 'none', corrector: { name: 'langevin', snr: 0.1 }, steps: 2 },
    ];
    const sdes: SdeSpec[] = [
      'vp',
      { name: 'vp', schedule: 'cosine', tMin: 1e-3 },
      { name: 'vp', schedule: '0.1 + 19.9*t' },
      { name: 've', schedule: { name: 'edm', rho: 7 }, exactVariance: true },
      { name: 'formula', drift: '-5*t*x', diffusion: 'sqrt(10*t)' },
    ];
    const grids: GridSpec[] = ['karras', { name: 'karras', rho: 5 }, { name: 'tabled', levels: [-9, 9] }];
    const nets: NetSpec[] = ['mlp', { name: 'mlp', width: 64 }, { name: 'ncsnpp', multipliers: [1, 2] }];
    const objectives: ObjectiveSpec[] = ['denoising', { name: 'sliced', probes: 2 }];
    const kernels: KernelSpec[] = ['hmc', { name: 'hmc', leaps: 10 }, { name: 'mala', acceptance: 0.6 }];
    const guidances: GuidanceSpec[] = ['mmps', { name: 'dps', zeta: 2 }];
    const questions: GivenSpec[] = ['a=1.5, b>0', equal({ a: 1.5 }), ['a=1.5', range('b>0')]];
    const answers: GivenOptions[] = [{ given: 'a=1.5', method: 'smc', twist: { name: 'pigdm' } }];
    expectTypeOf([
      solvers,
      sdes,
      grids,
      nets,
      objectives,
      kernels,
      guidances,
      questions,
      answers,
    ]).toBeArray();
  });

  it('refuses a misspelt name, a misspelt option, and an option of another name', () => {
    // @ts-expect-error no such solver
    const a: SolverSpec = 'huen';
    // @ts-expect-error no such option
    const b: SolverSpec = { name: 'ancestral', etta: 0.5 };
    // @ts-expect-error an option of another solver
    const c: SolverSpec = { name: 'heun', eta: 0.5 };
    // @ts-expect-error no such corrector
    const d: SolverSpec = { name: 'predictor-corrector', corrector: 'langevine' };
    // @ts-expect-error no such SDE
    const e: SdeSpec = 'vq';
    // @ts-expect-error a schedule of the other kind
    const f: SdeSpec = { name: 'vp', schedule: 'geometric' };
    // @ts-expect-error no such schedule
    const g: SdeSpec = { name: 'vp', schedule: 'cosin' };
    // @ts-expect-error an option of another SDE
    const h: SdeSpec = { name: 'vp', exactVariance: true };
    // @ts-expect-error a table without its numbers
    const i: SdeSpec = { name: 'vp', schedule: 'beta-table' };
    // @ts-expect-error no such grid
    const j: GridSpec = 'karas';
    // @ts-expect-error an option of another grid
    const k: GridSpec = { name: 'uniform', rho: 7 };
    // @ts-expect-error no such network
    const l: NetSpec = 'mpl';
    // @ts-expect-error an option of another network
    const m: NetSpec = { name: 'mlp', multipliers: [1, 2] };
    // @ts-expect-error no such objective
    const n: ObjectiveSpec = 'denoisng';
    // @ts-expect-error an option of another objective
    const o: ObjectiveSpec = { name: 'ddpm', probes: 2 };
    // @ts-expect-error no such preset
    const p: TrainOptions = { data: 'moons', preset: 'ddmp' };
    // @ts-expect-error no such option of train
    const q: TrainOptions = { data: 'moons', step: 10 };
    // @ts-expect-error no such solver, where it is used
    const r: SampleRunOptions = { count: 10, solver: 'unipcc' };
    // @ts-expect-error no such kernel
    const s: KernelSpec = 'malla';
    // @ts-expect-error an option of another kernel
    const u: KernelSpec = { name: 'mala', leaps: 10 };
    // @ts-expect-error no such guidance
    const v: GuidanceSpec = 'mmp';
    // @ts-expect-error an option of another guidance
    const w: GuidanceSpec = { name: 'replacement', zeta: 2 };
    // @ts-expect-error a question is a text, a measurement or a list of both
    const x: GivenOptions = { given: { a: 1.5 } };
    // @ts-expect-error no such option of a question
    const y: GivenOptions = { given: 'a=1.5', populaton: 4 };
    expectTypeOf([s, u, v, w, x, y]).toBeArray();
    expectTypeOf([a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r]).toBeArray();
  });
});

describe('handlers of commands', () => {
  it('cannot read an option that the command does not have', () => {
    const args: Args<'steps' | 'learning-rate'> = { steps: 5, 'learning-rate': 0.1 };
    expectTypeOf(whole(args, 'steps')).toEqualTypeOf<number | undefined>();
    // @ts-expect-error a misspelt key
    whole(args, 'stpes');
    // @ts-expect-error an option of another command
    text(args, 'columns');
  });
});
