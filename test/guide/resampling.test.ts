import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine, Value } from '../../src/engine/index.ts';
import { ledgerOf } from '../../src/guide/smc/ledger.ts';
import { resampler } from '../../src/guide/smc/resampling.ts';
import { effectiveSize, systematic } from '../../src/guide/smc/weights.ts';
import { logMeanExp, logSumExp } from '../../src/math/log-sum.ts';
import { add, fromHost } from '../../src/tensor/index.ts';
import { values } from '../support/draw.ts';
import { otherEngines, startEngines } from '../support/engines.ts';

const engines: Record<string, Engine> = {};
beforeAll(async () => void Object.assign(engines, await startEngines()));

interface Turn {
  readonly u: Float64Array;
  readonly change: Float32Array;
}

/**
 * Populations whose particles are their own places, [P·K], and whose weights change by given numbers: the
 * log-weights, the first ancestors and the report after the last turn.
 */
async function turned(engine: Engine, populations: number, particles: number, turns: readonly Turn[]) {
  const rows = populations * particles;
  const { constants, resample } = resampler(populations, particles);
  const program = engine.compile<Turn>((w, [logWeights, own], { u, change }) => {
    const { parts, ...rest } = resample(w, add(logWeights!, fromHost(change, [rows])), u, [own!]);
    return [rest.logWeights, parts[0]!, rest.report];
  }, constants);
  const reports: Float32Array[] = [];
  let state: Value[] = [new Float32Array(rows), Float32Array.from({ length: rows }, (_, i) => i)].map(data =>
    engine.put({ data, shape: [rows] }),
  );
  for (const turn of turns) {
    const next = await program.run(state, turn);
    engine.free(...state);
    reports.push((await engine.read(next[2]!)).slice());
    engine.free(next[2]!);
    state = next.slice(0, 2);
  }
  const [logWeights, places] = [await engine.read(state[0]!), await engine.read(state[1]!)];
  engine.free(...state);
  await program.dispose();
  return { logWeights: logWeights.slice(), places: places.slice(), reports };
}

/** Weights that few carry, that many carry, that all share, some of them dead. */
const logs = (particles: number) =>
  fc
    .tuple(fc.constantFrom(0, 0.1, 1, 5, 200), fc.integer(), fc.constantFrom(-9e3, 0, 700))
    .chain(([spread, seed, shift]) =>
      fc
        .uniqueArray(fc.nat({ max: particles - 1 }), { maxLength: particles - 1 })
        .map(dead =>
          values(seed >>> 1, particles, -spread, spread).map((v, k) =>
            dead.includes(k) ? (k % 2 ? Number.NaN : -Infinity) : v + shift,
          ),
        ),
    );
const problem = fc
  .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 2, max: 70 }))
  .chain(([populations, particles]) =>
    fc.record({
      logs: fc.array(logs(particles), { minLength: populations, maxLength: populations }),
      u: fc.array(fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true }), {
        minLength: populations,
        maxLength: populations,
      }),
    }),
  );

describe('resampling inside a program', () => {
  it.each(['cpu', ...otherEngines])('takes the places of the host on %s', async name => {
    await fc.assert(
      fc.asyncProperty(problem, async ({ logs, u }) => {
        const [populations, particles] = [logs.length, logs[0]!.length];
        const change = Float32Array.from(logs.flatMap(each => [...each]));
        const { places, logWeights, reports } = await turned(engines[name]!, populations, particles, [
          { u: Float64Array.from(u), change },
        ]);
        logs.forEach((each, p) => {
          const clean = Float64Array.from(each, v => (Number.isNaN(v) ? -Infinity : v));
          const own = [...places.subarray(p * particles, (p + 1) * particles)].map(v => v - p * particles);
          const left = [...logWeights.subarray(p * particles, (p + 1) * particles)];
          const [top, total, size] = reports[0]!.subarray(3 * p, 3 * p + 3);
          const wanted = effectiveSize(clean);
          expect(size! / wanted).toBeCloseTo(1, 4);
          expect(top! + Math.log(total!)).toBeCloseTo(logSumExp(clean), 3);
          if (size! >= particles / 2) {
            expect(own).toEqual(own.map((_, k) => k));
            left.forEach((v, k) => {
              if (clean[k] === -Infinity) expect(v).toBeLessThan(-1e29);
              else expect(v).toBeCloseTo(clean[k]! - top!, 3);
            });
            return;
          }
          expect(left.every(v => v === 0)).toBe(true);
          const host = systematic(clean, particles, u[p]!);
          const sums = runningSums(clean);
          own.forEach((place, k) => {
            expect(clean[place]).toBeGreaterThan(-Infinity);
            // Where a level meets the sum up to a place, its rounding decides for one side.
            const level = (k + u[p]!) / particles;
            if (place === host[k]) return;
            const between = sums.slice(Math.min(place, host[k]!), Math.max(place, host[k]!));
            for (const sum of between) expect(Math.abs(sum - level)).toBeLessThan(1e-5);
          });
        });
      }),
      { numRuns: 40 },
    );
  });

  it('reports what adds up to the evidence, the sizes and the first ancestors of the host', async () => {
    const [populations, particles, steps] = [2, 50, 12];
    const turns = Array.from({ length: steps }, (_, i) => ({
      u: Float64Array.from(values(70 + i, populations, 0.01, 0.99)),
      change: values(i, populations * particles, -2, 2).map(v => v + (i === 3 ? -2e3 : 1)),
    }));
    const found = await turned(engines.onnx!, populations, particles, turns);
    for (let p = 0; p < populations; p++) {
      const own = <T extends Float32Array>(all: T) => all.subarray(p * particles, (p + 1) * particles);
      const ledger = ledgerOf(particles);
      for (const report of found.reports) ledger.add(report, 3 * p);
      const host = { logs: new Float64Array(particles), evidence: 0, sizes: [] as number[], resampled: 0 };
      let ancestors = Array.from({ length: particles }, (_, k) => p * particles + k);
      for (const { u, change } of turns) {
        host.logs = host.logs.map((v, k) => v + own(change)[k]!);
        const size = effectiveSize(host.logs);
        host.sizes.push(size);
        if (size >= particles / 2) continue;
        host.resampled++;
        host.evidence += logMeanExp(host.logs);
        ancestors = [...systematic(host.logs, particles, u[p]!)].map(place => ancestors[place]!);
        host.logs.fill(0);
      }
      const closed = ledger.close(own(found.logWeights));
      expect(host.resampled).toBeGreaterThan(2);
      expect(host.resampled).toBeLessThan(steps);
      expect([...own(found.places)]).toEqual(ancestors);
      expect(closed.sizes.subarray(0, steps)).toBeAllClose(host.sizes, 1e-2);
      expect(closed.logEvidence).toBeCloseTo(host.evidence + logMeanExp(host.logs), 2);
    }
  });

  it('knows a population without a living particle', async () => {
    const change = new Float32Array(8).fill(-Infinity);
    const dead = await turned(engines.onnx!, 1, 8, [{ u: Float64Array.of(0.5), change }]);
    expect(() => ledgerOf(8).add(dead.reports[0]!, 0)).toThrow(/No particle agrees/);
    expect(() => ledgerOf(8).close(change)).toThrow(/No particle agrees/);
    const one = await turned(engines.onnx!, 1, 8, [
      { u: Float64Array.of(0.5), change: change.with(6, -1e3) },
    ]);
    expect([...one.places]).toEqual(new Array<number>(8).fill(6));
  });

  it('lets no dead particle come back', async () => {
    for (const low of [-Infinity, -1e36, -1e20, Number.NaN]) {
      const turns = [low, -low].map(change => ({
        u: Float64Array.of(0.5),
        change: new Float32Array(8).with(2, change),
      }));
      const { reports, places } = await turned(engines.onnx!, 1, 8, turns);
      for (const report of reports) expect([...report]).toEqual([0, 7, 7]);
      expect([...places]).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    }
  });
});

function runningSums(logs: Float64Array): number[] {
  const total = logSumExp(logs);
  let sum = 0;
  return [...logs].map(v => (sum += Math.exp(v - total)));
}
