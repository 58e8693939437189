import type { Engine, EngineName } from '../../engine/index.ts';
import { usage } from '../../errors.ts';
import type { SolverSpec } from '../../registry/solvers.ts';
import type { Run } from '../../run/run.ts';
import type { Session } from '../terminal/session.ts';
import type { ArgsOf } from './command.ts';
import { isModule, loadNet, loadSde, loadSolver } from './modules.ts';
import type { engineOptions } from './options.ts';
import { withoutOwner } from './owner.ts';
import { type Args, given, pairs, required, text, whole } from './values.ts';

/** The engine that the options name. It ends with the command. */
export const openEngine = (args: ArgsOf<typeof engineOptions>, session: Session): Promise<Engine> =>
  engineStarter(args, session)();

/**
 * Starts the engine that the options name when it is first called. The engine ends with the command.
 * @throws usage at once, for a wrong value of an option
 */
export function engineStarter(args: ArgsOf<typeof engineOptions>, session: Session): () => Promise<Engine> {
  const name = (text(args, 'engine') ?? 'auto') as EngineName | 'auto';
  const options = given({
    threads: whole(args, 'threads'),
    provider: text(args, 'provider'),
    cache: text(args, 'cache'),
  });
  const open = async () => {
    const { makeEngine } = await import('../../engine/index.ts');
    const engine = await makeEngine(name, { ...options, warn: session.note });
    session.own(engine);
    return engine;
  };
  let engine: Promise<Engine> | undefined;
  return () => {
    engine ??= open();
    return engine;
  };
}

/** The solver that the options name, with its options; undefined for the default solver. */
export async function openSolver(args: Args<'solver' | 'solver-options'>): Promise<SolverSpec | undefined> {
  const name = text(args, 'solver');
  const options = pairs(args, 'solver-options');
  if (name === undefined) {
    if (Object.keys(options).length === 0) return undefined;
    const { makeSolver, solvers } = await import('../../registry/solvers.ts');
    throw await withoutOwner('solver', Object.keys(solvers), owner => {
      const { corrects } = makeSolver({ name: owner, ...options } as SolverSpec);
      if (corrects) throw usage('A corrector does not sample alone');
    });
  }
  return isModule(name) ? loadSolver(name, options) : ({ name, ...options } as SolverSpec);
}

/** The run of a command. If its SDE or network came from a file, that file is needed again. */
export async function openRunOf(args: Args<'run' | 'sde' | 'net'>): Promise<Run> {
  const dir = required(args, 'run');
  const [sde, net] = [text(args, 'sde'), text(args, 'net')];
  const { openRun } = await import('../../run/run.ts');
  const run = await openRun(dir, {
    ...(sde !== undefined && { sde: await loadSde(sde, {}) }),
    ...(net !== undefined && { net: await loadNet(net, {}) }),
  });
  if (sde !== undefined && run.config.sde.name !== 'file') throw hasIts('SDE', dir, `--sde ${sde}`);
  if (net !== undefined && run.config.net.name !== 'file') throw hasIts('network', dir, `--net ${net}`);
  return run;
}

/** The ensemble of the run of a command, which is scored on one draw of the dequantisation. */
export async function openEnsembleOf(args: Args<'run' | 'sde' | 'net'>, repeats: number): Promise<Run[]> {
  if (repeats > 1) throw usage('Choose --ensemble or --repeats, not both');
  const [sde, net] = [text(args, 'sde'), text(args, 'net')];
  const { openEnsemble } = await import('../../run/ensemble.ts');
  return openEnsemble(required(args, 'run'), {
    ...(sde !== undefined && { sde: await loadSde(sde, {}) }),
    ...(net !== undefined && { net: await loadNet(net, {}) }),
  });
}

const hasIts = (part: string, where: string, got: string) =>
  usage(`The run has its own ${part}`, { where, got, remedy: `Leave ${got.split(' ')[0]} out` });
