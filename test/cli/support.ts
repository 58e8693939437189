import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { captured } from './captured.ts';

export const root = resolve(import.meta.dirname, '../..');
export const fixture = (name: string): string => join(import.meta.dirname, 'fixtures', name);
const built = join(root, 'dist/src/cli');
const program = join(built, 'main.js');

export const workplace = (): string => mkdtempSync(join(tmpdir(), 'langevin-cli-'));

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A text is split at blanks; an array keeps its words whole. */
type Line = string | readonly string[];
const wordsOf = (line: Line) => (typeof line === 'string' ? line.split(' ') : [...line]);

/** Starts the built command line in `cwd`, in a process of its own. */
export function start(
  cwd: string,
  line: Line,
  env: NodeJS.ProcessEnv = {},
): { readonly child: ChildProcess; readonly outcome: Promise<Outcome> } {
  const child = spawn(process.execPath, [program, ...wordsOf(line)], {
    cwd,
    env: { ...process.env, ...env },
  });
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

/** The status that a shell reports for a process that ended by itself, or by a signal. */
export const statusOfExit = (code: number | null, signal: NodeJS.Signals | null): number | null =>
  signal === null ? code : 128 + constants.signals[signal];

/** The entry that the program calls, as it was built. */
const entry = (): Promise<typeof import('../../src/cli/app.ts')> =>
  import(pathToFileURL(join(built, 'app.js')).href);

/**
 * The outcome of a command line in `cwd`. It runs in this process, which saves the start of another. Signals,
 * pipes and the output of Node itself need a process of their own: {@link start}.
 */
export const langevin = (cwd: string, line: Line, env: NodeJS.ProcessEnv = {}): Promise<Outcome> =>
  captured(async () => (await entry()).main(wordsOf(line)), cwd, env);

/** A training so small that its result does not matter. */
export const tiny = '--width 8 --depth 1 --batch 16 --threads 1';
