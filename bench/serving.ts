import { availableParallelism, cpus, loadavg } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { makeEngine } from '../src/engine/index.ts';
import { type Run, sample, train } from '../src/index.ts';
import { makeGrid } from '../src/registry/grids.ts';
import { makeSolver } from '../src/registry/solvers.ts';
import { integrator } from '../src/solve/integrate.ts';
import { gridPath } from '../src/solve/path.ts';
import { problemOf } from '../src/solve/problem.ts';
import { priorDraw } from '../src/solve/sample.ts';
import { median } from './measure.ts';
import { table } from './table.ts';

/**
 * A run in a server: latency, parallel requests, the delay of the event loop, and memory over a thousand
 * requests.
 */
const REQUESTS = Number(process.argv[2] ?? 1000);
const tell = (text: string) => void process.stderr.write(`${text}\n`);
const quantile = (values: readonly number[], part: number) =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(part * values.length))]!;
const ms = (value: number) => `${value.toPrecision(3)} ms`;

async function time(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** The default solve with its denoising and nothing else, with programs that are prepared once. */
async function bareSolve({ sde, model }: Run, rows: number): Promise<() => Promise<void>> {
  const engine = await makeEngine('onnx');
  const solver = makeSolver('unipc');
  const times = makeGrid('log-snr')(sde, 30, sde.tMax, sde.tMin);
  const solve = integrator({ engine, sde, model, solver, path: gridPath(0) }, times);
  const denoise = engine.compile<number>(
    (w, [x], t) => [problemOf(sde, model, w).data(x!, t)],
    model.weights,
  );
  return async () => {
    const work = solve.run(engine.put(priorDraw(sde, model.shape, 0, 0, rows)), 0);
    let turn = await work.next();
    while (!turn.done) turn = await work.next();
    await engine.read((await denoise.run([turn.value], sde.tMin))[0]!);
  };
}

/** Bare solves and requests alternate, so that both see the same machine. */
async function latency(run: Run): Promise<string[][]> {
  const rows: string[][] = [];
  for (const count of [1, 100]) {
    const bare = await bareSolve(run, 2 ** Math.ceil(Math.log2(count)));
    const times = { request: [] as number[], solve: [] as number[] };
    for (let i = -20; i < 200; i++) {
      const solve = await time(bare);
      const request = await time(() => sample(run, { count, seed: i + 20 }));
      if (i < 0) continue;
      times.request.push(request);
      times.solve.push(solve);
    }
    const [request, solve] = [median(times.request), median(times.solve)];
    rows.push([`latency of \`count: ${count}\`, median`, ms(request)]);
    rows.push([`… 99th percentile`, ms(quantile(times.request, 0.99))]);
    rows.push([`… of the solve by itself, median`, `${ms(solve)}, ratio ${(request / solve).toFixed(2)}`]);
  }
  return rows;
}

/** The delay of the event loop: how late a timer of one millisecond is. */
async function delayDuring(work: () => Promise<unknown>): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await work();
  delay.disable();
  return Math.max(0, delay.percentile(99) / 1e6 - 1);
}

async function sideBySide(run: Run): Promise<string[][]> {
  const times: number[] = [];
  let failed = 0;
  const request = (seed: number) =>
    time(() => sample(run, { count: 100, seed })).then(
      time => void times.push(time),
      () => failed++,
    );
  const all = async () => {
    for (let round = 0; round < 10; round++)
      await Promise.all(Array.from({ length: 20 }, (_, i) => request(i)));
  };
  const delay = await delayDuring(all);
  const long = await delayDuring(() => sample(run, { count: 20_000, solver: 'euler-maruyama', steps: 500 }));
  return [
    ['20 requests of 100 side by side, ten times: failed', String(failed)],
    ['… latency, median and 99th percentile', `${ms(median(times))}, ${ms(quantile(times, 0.99))}`],
    ['… delay of the event loop, 99th percentile', ms(delay)],
    ['… the same during one request of 20,000 samples in 500 steps', ms(long)],
  ];
}

async function memory(run: Run): Promise<string[][]> {
  const resident: string[] = [];
  const threads = () => (process.report.getReport() as unknown as { workers: unknown[] }).workers.length;
  for (let i = 1; i <= REQUESTS; i++) {
    await sample(run, { count: 1 + ((997 * i) % 1000), seed: i });
    if ([0.1, 0.25, 0.5, 0.75, 1].some(part => i === Math.round(part * REQUESTS)))
      resident.push(`${Math.round(process.memoryUsage.rss() / 2 ** 20)}`);
  }
  return [
    [
      `resident after 10, 25, 50, 75, 100 % of ${REQUESTS} requests of 1 to 1,000 samples`,
      `${resident.join(', ')} MiB`,
    ],
    ['… workers then', String(threads())],
  ];
}

tell(
  `${cpus()[0]?.model}, ${availableParallelism()} threads, Node ${process.version}, load ${loadavg()[0]!.toFixed(1)}`,
);
const run = await train({ data: 'moons', steps: 300, engine: 'onnx' });
const rows: string[][] = [];
for (const part of [latency, sideBySide, memory]) {
  rows.push(...(await part(run)));
  tell(rows.at(-1)!.join(': '));
}
process.stdout.write(`${table(['a run of the plane (3×128), default sampler', 'measured'], rows)}\n`);
