import { type PlainTensor, sizeOf } from '../tensor/index.ts';
import type { Compiled, Engine, Program, Value } from './contract.ts';

/**
 * Budget of numbers that unused programs may hold: about 256 MiB. The last program used stays, whatever its
 * size.
 */
const MOST_NUMBERS = 2 ** 26;
const MOST_PROGRAMS = 64;
/** Numbers that an engine without graphs is taken to hold for each number of the input. */
const INTERMEDIATE_PER_INPUT = 256;

/**
 * A program whose function comes with each call, so that another program of the same kind on the same weights
 * can share it.
 */
interface CachedProgram {
  readonly kind: string;
  readonly weights: readonly PlainTensor[];
  readonly compiled: Compiled<{ readonly program: Program<never>; readonly args: unknown }>;
  readonly memory: { steps?: number };
  /** About the most numbers that it holds. */
  numbers(): number;
  users: number;
}

/** A program of the cache. */
export interface SharedProgram<A> extends Compiled<A> {
  /** What its users learned of its speed with such inputs: how many steps a call should have. */
  memory(inputs: readonly Value[]): { steps?: number };
}

/** The programs of each engine, the most recently used last. */
const programs = new WeakMap<Engine, CachedProgram[]>();

/**
 * `engine.compile` with a cache. A disposed program stays ready for the next one of the same `kind` on equal
 * weights. The function of the next program may differ: the engine runs the function at each call
 * anyway, to find its arguments and its branch. The kind only separates programs that share no branch.
 */
export function compileCached<A>(
  engine: Engine,
  kind: string,
  program: Program<A>,
  weights: readonly PlainTensor[] = [],
): SharedProgram<A> {
  const byForm = new Map<string, CachedProgram>();
  const at = (inputs: readonly Value[]) => {
    const form = inputs.map(({ shape }) => shape.join()).join(';');
    const entry = byForm.get(form) ?? take(engine, `${kind}, ${form}`, weights, inputs);
    byForm.set(form, entry);
    return entry;
  };
  const call = (args: A) => ({ program: program as Program<never>, args });
  return Object.freeze({
    run: async (inputs: readonly Value[], args: A, lane?: number) =>
      at(inputs).compiled.run(inputs, call(args), lane),
    iterate: async (state: readonly Value[], args: readonly A[], lane?: number) =>
      at(state).compiled.iterate(state, args.map(call), lane),
    memory: (inputs: readonly Value[]) => at(inputs).memory,
    dispose: async () => {
      for (const entry of byForm.values()) entry.users--;
      byForm.clear();
      await trim(engine);
    },
  });
}

function take(
  engine: Engine,
  kind: string,
  weights: readonly PlainTensor[],
  inputs: readonly Value[],
): CachedProgram {
  const all = programs.get(engine) ?? [];
  programs.set(engine, all);
  const place = all.findIndex(each => each.kind === kind && sameTensors(each.weights, weights));
  const program = place < 0 ? make(engine, kind, weights, inputs) : all.splice(place, 1)[0]!;
  all.push(program);
  program.users++;
  return program;
}

function make(
  engine: Engine,
  kind: string,
  weights: readonly PlainTensor[],
  inputs: readonly Value[],
): CachedProgram {
  const count = (values: readonly Value[]) => values.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const compiled: CachedProgram['compiled'] = engine.compile(
    (w, x, { program, args }) => program(w, x, args as never),
    weights,
  );
  const estimate = count(weights) + INTERMEDIATE_PER_INPUT * count(inputs);
  const numbers = () => compiled.numbers?.() ?? estimate;
  return { kind, weights, compiled, memory: {}, numbers, users: 0 };
}

/** Disposes of unused programs, the least recently used first, until the rest fit the budget. */
async function trim(engine: Engine): Promise<void> {
  const all = programs.get(engine) ?? [];
  const idle = all.slice(0, -1).filter(({ users }) => users === 0);
  let numbers = all.reduce((sum, each) => sum + each.numbers(), 0);
  for (const each of idle) {
    if (numbers <= MOST_NUMBERS && all.length <= MOST_PROGRAMS) return;
    numbers -= each.numbers();
    all.splice(all.indexOf(each), 1);
    await each.compiled.dispose();
  }
}

/** The most numbers of tensors that are compared one by one. */
const MOST_COMPARED = 2 ** 22;

/**
 * Whether programs may share these constants: the same tensors, or some of the same numbers, such as those of
 * a question that is asked again.
 */
export const sameTensors = (a: readonly PlainTensor[], b: readonly PlainTensor[]): boolean =>
  a.length === b.length && a.every((tensor, i) => tensor === b[i] || sameNumbers(tensor, b[i]!));

function sameNumbers(a: PlainTensor, b: PlainTensor): boolean {
  if (a.stored || b.stored || sizeOf(a.shape) > MOST_COMPARED) return false;
  if (a.shape.length !== b.shape.length || a.shape.some((side, i) => side !== b.shape[i])) return false;
  const [one, other] = [a.data, b.data];
  if (one === other) return true;
  for (let i = 0; i < one.length; i++) if (one[i] !== other[i]) return false;
  return true;
}
