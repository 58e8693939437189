import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { train } from '../../src/index.ts';

const at = mkdtempSync(join(tmpdir(), 'langevin-ends-'));
const door = pathToFileURL(join(import.meta.dirname, '../../dist/src/index.js')).href;

beforeAll(async () => {
  await train({ data: 'moons', net, steps: 50, out: join(at, 'run') });
});

/** A small network: its programs are soon ready, and the work is cut short anyway. */
const net = { name: 'mlp', width: 16, depth: 1 } as const;

const work = {
  sample: `sample(await openRun('run'), { count: 20000, solver: 'euler-maruyama', steps: 1e6, onProgress })`,
  likelihood: `logLikelihood(await openRun('run'),
    { data: new Float32Array(4000).fill(0.1), shape: [2000, 2] }, { solver: 'euler', steps: 1e5, onProgress })`,
  train: `train({ data: 'moons', net: ${JSON.stringify(net)}, steps: 1e6, onProgress })`,
} as const;

const imports = `const { logLikelihood, openRun, sample, train } = await import('${door}');`;

/** Work on the main thread, and \`end\` a moment after its first report of progress. */
const onMain = (job: string, end: string, moment: number) => `${imports}
let begun = false;
const onProgress = () => {
  if (!begun) setTimeout(() => { ${end} }, ${moment});
  begun = true;
};
await ${job};`;

/** Work in a worker of the host program, which tells the main thread when it has begun. */
const inWorker = (job: string, end: string, moment: number) => `
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
if (isMainThread) {
  const worker = new Worker(new URL(import.meta.url));
  worker.once('message', () => setTimeout(async () => { ${end} }, ${moment}));
} else {
  ${imports}
  const onProgress = () => parentPort.postMessage('begun');
  await ${job};
}`;

async function endOf(name: string, text: string) {
  const file = join(at, `${name}.mjs`);
  writeFileSync(file, text);
  const child = spawn(process.execPath, [file], { cwd: at, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { text: '' };
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (piece: Buffer) => {
      said.text += piece;
    });
  const [code, signal] = await new Promise<[number | null, string | null]>(done =>
    child.on('close', (...end) => done(end)),
  );
  return { code, signal, said: said.text };
}

describe('a process ends cleanly in the middle of work', () => {
  it.each([
    ['process.exit() during sample', onMain, 'sample', 'process.exit(3)', 3],
    ['process.exit() during logLikelihood', onMain, 'likelihood', 'process.exit(3)', 3],
    ['process.exit() during train', onMain, 'train', 'process.exit(3)', 3],
    ['an exception that no one catches', onMain, 'sample', 'throw new Error("mine")', 1],
    ['worker.terminate() during sample', inWorker, 'sample', 'await worker.terminate()', 0],
    ['worker.terminate() during train', inWorker, 'train', 'await worker.terminate()', 0],
    ['process.exit() while a worker samples', inWorker, 'sample', 'process.exit(3)', 3],
  ] as const)('%s', async (name, place, job, end, code) => {
    const moments = Array.from({ length: 2 }, () => Math.round(100 * Math.random()));
    const outcomes = await Promise.all(
      moments.map((moment, i) => endOf(`${name.replace(/\W+/g, '-')}-${i}`, place(work[job], end, moment))),
    );
    for (const [i, outcome] of outcomes.entries()) {
      expect(outcome, `${moments[i]} ms after its begin`).toMatchObject({ code, signal: null });
      if (!end.startsWith('throw')) expect(outcome.said).toBe('');
    }
  });
});
