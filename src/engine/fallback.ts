import type { PlainTensor } from '../tensor/index.ts';
import { UntraceableError } from '../tensor/trace/untraceable.ts';
import type { Compiled, Engine, Program, Value } from './contract.ts';

/**
 * `main`, except that `spare` runs the programs that `main` cannot trace. Each such program is reported once
 * through `warn`, with the operation and the line that called it: the result is correct but slower. Values
 * stay those of `main`.
 */
export function withFallback(
  main: Engine,
  spare: () => Promise<Engine>,
  warn: (message: string) => void,
): Engine {
  const spareEngine: { spare?: Promise<Engine> } = {};
  const live = { spare: () => 0 };
  const start = () =>
    (spareEngine.spare ??= spare().then(engine => {
      live.spare = engine.live;
      return engine;
    }));
  const dispose = async () => {
    await main.dispose();
    await (await spareEngine.spare)?.dispose();
  };
  return Object.freeze({
    ...main,
    compile: <A>(program: Program<A>, weights?: readonly PlainTensor[]): Compiled<A> =>
      guarded(main, start, warn, program, weights),
    live: () => main.live() + live.spare(),
    dispose,
    [Symbol.asyncDispose]: dispose,
  });
}

function guarded<A>(
  main: Engine,
  start: () => Promise<Engine>,
  warn: (message: string) => void,
  program: Program<A>,
  weights: readonly PlainTensor[] | undefined,
): Compiled<A> {
  const fast = main.compile(program, weights);
  const slow: { compiled?: Promise<Compiled<A>> } = {};
  const attempt = async (
    run: (compiled: Compiled<A>) => Promise<Value[]>,
    otherwise: (spare: Engine, compiled: Compiled<A>) => Promise<Value[]>,
  ): Promise<Value[]> => {
    if (!slow.compiled) {
      try {
        return await run(fast);
      } catch (error) {
        if (!(error instanceof UntraceableError)) throw error;
        slow.compiled = start().then(engine => {
          warn(`${error.message}. Until then this program runs on the slower engine "${engine.name}".`);
          return engine.compile(program, weights);
        });
      }
    }
    return otherwise(await start(), await slow.compiled);
  };
  return Object.freeze({
    run: (inputs: readonly Value[], args: A, lane?: number) =>
      attempt(
        compiled => compiled.run(inputs, args, lane),
        async (spare, compiled) => {
          const copies = await copyTo(main, spare, inputs);
          const results = await compiled.run(copies, args).finally(() => spare.free(...copies));
          return moveTo(spare, main, results);
        },
      ),
    iterate: (state: readonly Value[], args: readonly A[], lane?: number) =>
      attempt(
        compiled => compiled.iterate(state, args, lane),
        async (spare, compiled) => {
          const copies = await copyTo(main, spare, state);
          main.free(...state);
          return moveTo(spare, main, await compiled.iterate(copies, args));
        },
      ),
    ...(fast.numbers && { numbers: fast.numbers }),
    dispose: async () => {
      await fast.dispose();
      await (await slow.compiled)?.dispose();
    },
  });
}

/** Copies of values on another engine. */
const copyTo = (from: Engine, to: Engine, values: readonly Value[]): Promise<Value[]> =>
  Promise.all(values.map(async value => to.put({ data: await from.read(value), shape: value.shape })));

/** The same, with the originals freed. */
const moveTo = (from: Engine, to: Engine, values: readonly Value[]): Promise<Value[]> =>
  copyTo(from, to, values).finally(() => from.free(...values));
