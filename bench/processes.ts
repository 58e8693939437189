import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Measurement } from './measure.ts';

const ONE = fileURLToPath(new URL('one.js', import.meta.url));

/** Runs a command to its end and reads the JSON line that it prints; undefined if it prints none. */
async function jsonLine(command: string, args: readonly string[]): Promise<unknown> {
  const { stdout } = await promisify(execFile)(command, [...args], { maxBuffer: 1 << 24 });
  const line = stdout.split('\n').findLast(each => each.startsWith('{'));
  return line === undefined ? undefined : JSON.parse(line);
}

/** Ours, in a fresh process: its peak memory is that of this workload alone. */
export const ours = (name: string, engine: string, threads: number): Promise<unknown> =>
  jsonLine(process.execPath, [ONE, name, engine, String(threads)]);

export interface Peer {
  readonly python: string;
  readonly script: string;
}

/** The same workload by a peer; undefined if the peer has no workload of that name. */
export async function theirs({ python, script }: Peer, name: string, threads: number) {
  const args = [script, '--threads', String(threads), '--only', name];
  return (await jsonLine(python, args)) as Omit<Measurement, 'compileMs'> | undefined;
}
