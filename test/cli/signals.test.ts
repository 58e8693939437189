import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { root, start, statusOfExit, tiny, workplace } from './support.ts';

const at = workplace();
const signals = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const;

it.each(signals)(
  '%s ends a training with status %i and says how to go on; a second ends it sooner',
  async (signal, status) => {
    for (const times of [1, 2]) {
      const dir = `stopped-${signal}-${times}`;
      const { child, outcome } = start(
        at,
        `train moons --steps 1000000 --checkpoint-every 50 --out ${dir} ${tiny}`,
      );
      const config = join(at, dir, 'config.json');
      while (!existsSync(config) && child.exitCode === null) await new Promise(done => setTimeout(done, 20));
      child.kill(signal);
      if (times === 2) setTimeout(() => child.kill(signal), 5);
      const { code, stderr } = await outcome;
      // Node gives signals back to the system while it takes itself down. A second signal that falls into
      // these milliseconds ends the process as a shell reports with the same status.
      expect(statusOfExit(code, times === 2 ? child.signalCode : null)).toBe(status);
      expect(stderr).not.toContain('terminate');
      if (times === 1) expect(stderr).toContain(`langevin train --resume --out ${dir}`);
    }
  },
);

it.each(signals)(
  'a second %s that comes after the session closed does not change status %i',
  async (signal, status) => {
    const session = pathToFileURL(join(root, 'dist/src/cli/terminal/session.js')).href;
    const program = `
      const { openSession } = await import(${JSON.stringify(session)});
      const session = openSession({ quiet: true });
      const alive = setTimeout(() => {}, 10_000);
      const stopped = new Promise(done => session.signal.addEventListener('abort', done));
      process.kill(process.pid, '${signal}');
      await stopped;
      await session.close();
      process.kill(process.pid, '${signal}');`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program]);
    const outcome = await new Promise(done => child.on('close', (...result) => done(result)));
    expect(outcome).toEqual([status, null]);
  },
);
