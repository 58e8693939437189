import { format } from 'node:util';
import type { Outcome } from './support.ts';

/** The working directory, the environment and the streams are the process's, so calls take turns. */
let turn: Promise<unknown> = Promise.resolve();

/** Runs a command as if in a process with this working directory and environment. */
export function captured(
  command: () => Promise<number>,
  cwd: string,
  env: NodeJS.ProcessEnv = {},
): Promise<Outcome> {
  const outcome = turn.then(() => inPlace(command, cwd, env));
  turn = outcome.catch(() => undefined);
  return outcome;
}

async function inPlace(
  command: () => Promise<number>,
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<Outcome> {
  const home = process.cwd();
  const former = Object.keys(env).map(name => [name, process.env[name]] as const);
  const [out, err] = [capture(process.stdout), capture(process.stderr)];
  const { log } = console;
  console.log = (...values: unknown[]) => void process.stdout.write(`${format(...values)}\n`);
  process.chdir(cwd);
  Object.assign(process.env, env);
  try {
    const code = await command();
    return { code, stdout: out.text(), stderr: err.text() };
  } finally {
    for (const [name, value] of former)
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    process.chdir(home);
    console.log = log;
    for (const stream of [out, err]) stream.release();
  }
}

/** Collects what is written to a stream, and takes off the listeners that the command leaves on it. */
function capture(stream: NodeJS.WriteStream) {
  const { write } = stream;
  const listeners = stream.listeners('error');
  const pieces: string[] = [];
  stream.write = (piece: Uint8Array | string, ...rest: unknown[]) => {
    pieces.push(typeof piece === 'string' ? piece : Buffer.from(piece).toString());
    const done = rest.findLast(each => typeof each === 'function');
    if (done) queueMicrotask(() => done());
    return true;
  };
  return {
    text: () => pieces.join(''),
    release: () => {
      stream.write = write;
      for (const listener of stream.listeners('error'))
        if (!listeners.includes(listener)) stream.off('error', listener as (error: Error) => void);
    },
  };
}
