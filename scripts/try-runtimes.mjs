// Packs langevin, installs the tarball in an empty project, and trains, samples and scores there in Node, in
// Deno and in Bun, with each engine: npm run try-runtimes. Deno and Bun come from their npm packages.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const runtimes = { node: 'node', deno: 'npx deno run --allow-all', bun: 'npx bun' };
const engines = ['onnx', 'onnx-web', 'wasm', 'auto'];
const project = mkdtempSync(join(tmpdir(), 'langevin-runtimes-'));

const script = `import { logLikelihood, makeEngine, sample, train } from 'langevin';
const engine = await makeEngine(process.argv[2]);
const net = { name: 'mlp', width: 8, depth: 1 };
const run = await train({ data: 'moons', net, steps: 20, batch: 16, engine });
const { data } = await sample(run, { count: 3, steps: 5, solver: 'heun', engine });
const point = { data: Float64Array.of(0, 0.5), shape: [1, 2] };
const { mean } = await logLikelihood(run, point, { solver: 'rk4', steps: 5, engine });
await engine.dispose();
console.log(JSON.stringify([...data, mean]));`;

const run = (command, cwd = project) =>
  execFileSync(command, { cwd, encoding: 'utf8', shell: true, stdio: ['ignore', 'pipe', 'pipe'] });

/** The numbers of the last line. */
const numbers = text => JSON.parse(text.trim().split('\n').at(-1));

function check(runtime, engine, expected) {
  const got = numbers(run(`${runtimes[runtime]} use.mjs ${engine}`));
  const error = Math.max(...got.map((value, i) => Math.abs(value - expected[i])));
  if (!(got.length === expected.length && error < 1e-4))
    throw new Error(`${runtime}, ${engine}: ${got}, but Node gives ${expected}`);
  console.log(`${runtime}, ${engine}: trained, sampled and scored; ${error.toExponential(1)} from Node`);
}

try {
  const home = resolve(import.meta.dirname, '..');
  const packed = run(`npm pack --json --ignore-scripts --pack-destination ${project}`, home);
  const [{ filename }] = JSON.parse(packed);
  writeFileSync(join(project, 'package.json'), '{ "name": "empty", "private": true }\n');
  writeFileSync(join(project, 'use.mjs'), script);
  run(`npm install ./${filename} --ignore-scripts --no-audit --no-fund`);
  // Their install scripts put the programs in place.
  run('npm install deno bun --no-audit --no-fund');
  const expected = numbers(run('node use.mjs onnx'));
  for (const runtime of Object.keys(runtimes)) for (const engine of engines) check(runtime, engine, expected);
} finally {
  rmSync(project, { recursive: true, force: true });
}
