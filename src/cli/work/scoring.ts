import { usage } from '../../errors.ts';
import type { GridName } from '../../registry/grids.ts';
import type { Run } from '../../run/run.ts';
import type { ArgsOf } from '../arguments/command.ts';
import { openEngine, openSolver } from '../arguments/open.ts';
import type { engineOptions, solverOptions } from '../arguments/options.ts';
import { type Args, flag, given, names, positive, text, whole } from '../arguments/values.ts';
import type { Session } from '../terminal/session.ts';
import type { Score } from './repeats.ts';
import type { NumberedRows } from './rows.ts';

/** A method of scoring: how it scores a run, and what it adds to the summary. */
export interface Method {
  readonly summary: Readonly<Record<string, unknown>>;
  score(run: Run): Score;
}

type MethodArgs = ArgsOf<typeof solverOptions & typeof engineOptions> &
  Args<'exact' | 'probes' | 'draws' | 'label' | 'of' | 'given'>;

/** The numbers of rows, by which their dequantisation is keyed. */
const numbersOf = ({ rowNumbers }: NumberedRows) => (rowNumbers ? { rowNumbers } : {});

/** The columns of a question. */
const questionOf = (args: Args<'of' | 'given'>) =>
  given({ of: names(args, 'of'), given: names(args, 'given') });

/** Exact log-likelihoods from the probability flow. */
export async function flowMethod(args: MethodArgs, seed: number, session: Session): Promise<Method> {
  if (flag(args, 'exact') && args.probes !== undefined) throw usage('Choose --exact or --probes, not both');
  if (args.draws !== undefined) throw usage('--draws is an option of --bound');
  const { exact } = await import('../../likelihood/divergence.ts');
  const options = {
    signal: session.signal,
    ...given({
      ...questionOf(args),
      label: text(args, 'label'),
      probes: whole(args, 'probes'),
      divergence: flag(args, 'exact') ? exact() : undefined,
      steps: whole(args, 'steps'),
      batch: whole(args, 'batch'),
      tolerance: positive(args, 'tolerance'),
      grid: text(args, 'grid') as GridName | undefined,
      solver: await openSolver(args),
    }),
    engine: await openEngine(args, session),
  };
  const { logLikelihood } = await import('../../run/use/likelihood.ts');
  const { solver = 'rk45' } = options;
  return {
    summary: { solver: typeof solver === 'string' ? solver : solver.name },
    score: run => (x, repeat, onProgress) =>
      logLikelihood(run, x, { ...options, ...numbersOf(x), seed: seed + repeat, onProgress }),
  };
}

/** Lower bounds, from the error of the predicted noise. */
export async function boundMethod(args: MethodArgs, seed: number, session: Session): Promise<Method> {
  const foreign = ['exact', 'probes', 'solver', 'solver-options', 'steps', 'grid', 'tolerance'] as const;
  const conflicting = foreign.find(name => args[name] !== undefined);
  if (conflicting !== undefined)
    throw usage(`Choose --bound or --${conflicting}, not both`, { remedy: 'A bound solves no equation.' });
  const draws = whole(args, 'draws') ?? 64;
  const options = {
    draws,
    signal: session.signal,
    ...questionOf(args),
    ...given({ batch: whole(args, 'batch'), label: text(args, 'label') }),
  };
  const engine = await openEngine(args, session);
  const { likelihoodBound } = await import('../../run/use/bound.ts');
  return {
    summary: { draws },
    score: run => (x, repeat, onProgress) =>
      likelihoodBound(run, x, { ...options, ...numbersOf(x), engine, seed: seed + repeat, onProgress }),
  };
}
