import type { Engine } from '../src/engine/index.ts';
import type { Work } from './workloads.ts';

/** The measurements of one workload in one process; times in the unit of the workload. */
export interface Measurement {
  readonly work: string;
  readonly peer: string;
  readonly median: number;
  readonly min: number;
  /** The peak memory of the process, in MiB. */
  readonly peakMiB: number;
  /** The extra time of the first call, in ms: tracing, opening the session, first allocations. */
  readonly compileMs?: number;
}

const PER_MS = { µs: 1000, ms: 1 } as const;

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.ceil((sorted.length - 1) / 2)]!) / 2;
};

/** Two calls to warm up, then `work.calls` timed calls. */
export async function measure(name: string, work: Work, engine: Engine): Promise<Measurement> {
  const { call, units } = await work.ready(engine);
  const time = async () => {
    const start = performance.now();
    await call();
    return performance.now() - start;
  };
  const first = await time();
  await time();
  const times: number[] = [];
  for (let i = 0; i < work.calls; i++) times.push(await time());
  const scale = PER_MS[work.unit] / units;
  return {
    work: name,
    peer: `langevin (${engine.name})`,
    median: median(times) * scale,
    min: Math.min(...times) * scale,
    peakMiB: process.resourceUsage().maxRSS / 1024,
    compileMs: first - median(times),
  };
}
