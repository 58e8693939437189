import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { failure, LangevinError, usage } from '../../errors.ts';
import type { NetFactory } from '../../registry/nets.ts';
import type { Sde } from '../../sde/index.ts';
import type { Solver, StepArguments, StepResult } from '../../solve/contract.ts';

/** Whether a name is a file of the user, such as `./my-solver.mjs`. */
export const isModule = (name: string): boolean => /\.[cm]?[jt]s$/.test(name);

/** The default export of a file of the user. Its path is relative to the working directory. */
async function load(path: string): Promise<unknown> {
  const file = resolve(path);
  const entry = await stat(file).catch(() => {
    throw usage('no such file', { where: path });
  });
  if (!entry.isFile()) throw usage('not a regular file', { where: path });
  const module = await import(pathToFileURL(file).href).catch((cause: unknown) => {
    throw failure('the file does not load', { where: path, got: messageOf(cause) });
  });
  if ('default' in module) return module.default;
  throw usage('the file has no default export', {
    where: path,
    got: `exports ${Object.keys(module).join(', ') || 'nothing'}`,
    remedy: 'See docs/extending.md',
  });
}

/** The default export itself or, if it is a function, the result of calling it with the options. */
async function defaultExport(path: string, options: Readonly<Record<string, unknown>>): Promise<unknown> {
  const value = await load(path);
  if (typeof value !== 'function') {
    const unused = Object.keys(options)[0];
    if (unused !== undefined) throw usage('it takes no options', { where: path, got: unused });
    return value;
  }
  try {
    return await value(options);
  } catch (cause) {
    if (cause instanceof LangevinError) throw cause;
    throw failure('its default export fails', { where: path, got: messageOf(cause) });
  }
}

/**
 * A solver from a file. The default export is a solver or a function `(options) => solver`. It is checked
 * against the contract.
 */
export async function loadSolver(path: string, options: Readonly<Record<string, unknown>>): Promise<Solver> {
  const { requireSolver } = await import('../../solve/validate.ts');
  const solver = requireSolver(await defaultExport(path, options), path);
  return Object.freeze({ ...solver, step: checkedStep(solver, path) });
}

/** Its step, with errors that name the file. */
const checkedStep =
  (solver: Solver, path: string) =>
  (args: StepArguments): StepResult => {
    const where = `${path}, step`;
    const result = attempt(() => solver.step(args), where);
    const shape = result?.x?.shape?.join();
    if (shape === args.x.shape.join()) return result;
    throw usage('the step does not return an x of the right shape', {
      where,
      got: shape === undefined ? String(result?.x) : `[${shape}]`,
      expected: `{ x } with x [${args.x.shape}]`,
    });
  };

function attempt<T>(work: () => T, where: string, what = 'the step fails'): T {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof LangevinError) throw cause;
    throw failure(what, { where, got: messageOf(cause) });
  }
}

/**
 * An SDE from a file. The default export is the result of `defineSde`, or a function of options that returns
 * it. A run stores the path but never loads the file by itself, since configurations contain no code. So each
 * use has to name the file again.
 */
export async function loadSde(path: string, options: Readonly<Record<string, unknown>>): Promise<Sde> {
  const value = await defaultExport(path, options);
  const missing = ['rate', 'diffusion', 'marginal'].find(part => !isFunction(value, part));
  if (missing === undefined) return describedByPath(value as Sde, path);
  throw usage('this is not an SDE', {
    where: path,
    got: `no function "${missing}"`,
    expected: 'the result of defineSde from "langevin/plugin"',
  });
}

/**
 * A network from a file. The default export is a function `(shape, options) => network`, or a network. A run
 * stores the path and the options but, as with an SDE, never loads the file by itself.
 */
export async function loadNet(path: string, options: Readonly<Record<string, unknown>>): Promise<NetFactory> {
  const value = await load(path);
  return (shape, describedByPath = {}) => {
    const merged = { ...describedByPath, ...options };
    const net =
      typeof value === 'function'
        ? attempt(() => value(shape, merged), path, 'its default export fails')
        : value;
    const missing = ['init', 'apply'].find(part => !isFunction(net, part));
    if (missing === undefined) return Object.freeze({ ...net, spec: { name: 'file', path, ...merged } });
    throw usage('this is not a network', {
      where: path,
      got: `no function "${missing}"`,
      expected: 'name, predicts, init(seed) and apply(params, x, condition)',
    });
  };
}

const isFunction = (value: unknown, part: string): boolean =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as Record<string, unknown>)[part] === 'function';

/**
 * An SDE whose description is itself: training reads its functions there, while JSON only stores its name and
 * path.
 */
function describedByPath(sde: Sde, path: string): Sde {
  const { rate, diffusion, marginal, prior, tMin, tMax } = sde;
  const hidden = { rate, diffusion, marginal, prior, tMin, tMax };
  const spec = Object.defineProperties(
    { name: 'file', path },
    Object.fromEntries(Object.entries(hidden).map(([part, value]) => [part, { value }])),
  );
  return Object.freeze({ ...sde, spec: Object.freeze(spec) });
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
