import { createHash, randomBytes } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';

const HOST = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
/** When this process began, in ms, by the clock that dates files. */
const BEGUN = Date.now() - 1000 * process.uptime();
/** Nothing can be known about a writer on another machine. After a day it counts as finished. */
const DAY = 24 * 3600 * 1000;

const stemOf = (target: string) => `.${basename(target)}.`;

/**
 * A temporary sibling name for `target`. It contains the writer's identity, so others can check if it still
 * runs.
 */
export const temporaryFor = (target: string): string =>
  join(dirname(target), `${stemOf(target)}${HOST}-${process.pid}-${randomBytes(6).toString('hex')}.tmp`);

/** Removes temporary files of killed writers of `target`. Files of running writers stay. */
export async function removeAbandoned(target: string): Promise<void> {
  const folder = dirname(target);
  const stem = stemOf(target);
  for (const name of await readdir(folder).catch(() => [])) {
    if (!name.startsWith(stem)) continue;
    const [, host, pid] = /^([0-9a-f]{8})-(\d+)-[0-9a-f]{12}\.tmp$/.exec(name.slice(stem.length)) ?? [];
    const path = join(folder, name);
    if (host !== undefined && (await isAbandoned(path, host, Number(pid))))
      await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}

async function isAbandoned(path: string, host: string, pid: number): Promise<boolean> {
  const time = (await stat(path).catch(() => undefined))?.mtimeMs ?? Infinity;
  if (host !== HOST) return Date.now() - time > DAY;
  // In a container, each new process may get the number of the previous one.
  return pid === process.pid ? time < BEGUN : !isAlive(pid);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code !== 'ESRCH';
  }
}
