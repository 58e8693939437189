import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../..');
export const fixture = (name: string): string => join(import.meta.dirname, 'fixtures', name);
const program = join(root, 'dist/src/cli/main.js');

export const workplace = (): string => mkdtempSync(join(tmpdir(), 'langevin-cli-'));

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the built command line in `cwd`; words are parted by spaces, an array keeps them whole. */
export function start(
  cwd: string,
  line: string | readonly string[],
  env: NodeJS.ProcessEnv = {},
): { readonly child: ChildProcess; readonly outcome: Promise<Outcome> } {
  const words = typeof line === 'string' ? line.split(' ') : [...line];
  const child = spawn(process.execPath, [program, ...words], { cwd, env: { ...process.env, ...env } });
  const text = { stdout: '', stderr: '' };
  child.stdout.on('data', (piece: Buffer) => {
    text.stdout += piece;
  });
  child.stderr.on('data', (piece: Buffer) => {
    text.stderr += piece;
  });
  const outcome = new Promise<Outcome>(done => child.on('close', code => done({ code, ...text })));
  return { child, outcome };
}

export const langevin = (
  cwd: string,
  line: string | readonly string[],
  env?: NodeJS.ProcessEnv,
): Promise<Outcome> => start(cwd, line, env).outcome;

/** A training so small that what it learns does not matter. */
export const tiny = '--width 8 --depth 1 --batch 16 --threads 1';
