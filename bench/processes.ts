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

/** Where a workload runs. */
export interface Place {
  readonly engine: string;
  readonly threads: number;
  /** Execution provider of the engine; undefined means the engine's own default. */
  readonly provider?: string | undefined;
}

/** Ours, in a fresh process: its peak memory is that of this workload alone. */
export const ours = (name: string, { engine, threads, provider }: Place): Promise<unknown> => {
  const device = provider === undefined ? [] : ['--provider', provider];
  return jsonLine(process.execPath, [ONE, name, '--engine', engine, '--threads', String(threads), ...device]);
};

export interface Peer {
  readonly python: string;
  readonly script: string;
  /** The peer's name for a device other than the CPU. */
  readonly device?: string | undefined;
}

/** The same workload by a peer; undefined if the peer has no workload of that name. */
export async function theirs({ python, script, device }: Peer, name: string, threads: number) {
  const where = device === undefined ? [] : ['--device', device];
  const args = [script, '--threads', String(threads), '--only', name, ...where];
  return (await jsonLine(python, args)) as Omit<Measurement, 'compileMs'> | undefined;
}
