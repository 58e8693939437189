// Trains, samples and imputes every table of some folders: npm run try-tables -- [FOLDER…] [--steps N]
// By default the tables of the package vega-datasets. It prints a line for each file: what worked, or the
// error.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../dist/src/cli/main.js', import.meta.url));
const examples = fileURLToPath(new URL('../node_modules/vega-datasets/data', import.meta.url));
const words = process.argv.slice(2);
const at = words.indexOf('--steps');
const steps = at < 0 ? '30' : words[at + 1];
const folders = at < 0 ? words : words.toSpliced(at, 2);
const place = mkdtempSync(join(tmpdir(), 'langevin-tables-'));
const out = join(place, 'run');

/** Runs a command; undefined if it works, else the first line of its error. */
function attempt(command, ...rest) {
  const { status, stderr } = spawnSync(process.execPath, [program, command, ...rest], { encoding: 'utf8' });
  if (status === 0) return undefined;
  const lines = stderr.split('\n').filter(line => line.startsWith('langevin:') || line.startsWith('  '));
  return `${command}: ${lines.slice(0, 4).join(' ').trim() || stderr.slice(-200)}`;
}

function tryTable(file) {
  rmSync(out, { recursive: true, force: true });
  return (
    attempt('train', file, '--out', out, '--overwrite', '--steps', steps) ??
    attempt('sample', out, '--count', '100', '--out', join(place, 'samples.csv')) ??
    attempt('impute', out, '--data', file, '--draws', '2', '--out', join(place, 'filled.csv'))
  );
}

const counts = { works: 0, refused: 0 };
for (const folder of folders.length > 0 ? folders : [examples])
  for (const name of readdirSync(folder).filter(each => /\.(csv|tsv|json|jsonl)$/.test(each))) {
    const file = join(folder, name);
    const start = performance.now();
    const fault = tryTable(file);
    counts[fault ? 'refused' : 'works']++;
    const seconds = ((performance.now() - start) / 1000).toFixed(0);
    process.stdout.write(
      `${fault ? 'REFUSED' : 'works  '} ${name} (${(statSync(file).size / 1024).toFixed(0)} kB, ${seconds} s)${fault ? ` ${fault}` : ''}\n`,
    );
  }
rmSync(place, { recursive: true });
process.stdout.write(`${counts.works} work, ${counts.refused} are refused\n`);
