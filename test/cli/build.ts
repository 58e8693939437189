import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/** Builds the command line once before all tests, if a source is newer than what was built. */
export default function setup(): void {
  if (builtAt() > newest()) return;
  try {
    execFileSync(
      process.execPath,
      [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'],
      {
        cwd: root,
        stdio: 'pipe',
      },
    );
  } catch (error) {
    if (builtAt() < newest()) throw error;
  }
}

const builtAt = (): number =>
  statSync(join(root, 'dist/src/cli/main.js'), { throwIfNoEntry: false })?.mtimeMs ?? 0;

const newest = (): number =>
  Math.max(
    ...['src', 'solvers', 'schedules'].flatMap(folder =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter(name => name.endsWith('.ts'))
        .map(name => statSync(join(root, folder, name)).mtimeMs),
    ),
  );
