import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

/** The output of a child process, and its peak memory in MiB: before the statements, and in all. */
export interface Outcome {
  readonly said: string;
  readonly before: number;
  readonly peak: number;
}

const root = resolve(import.meta.dirname, '../..');

/**
 * Runs statements of a module in a process of its own, on the built library. Returns what they store in
 * `said`, or the message of their error. A process that runs out of memory or takes longer than two minutes
 * is an error.
 */
export function inChild(imports: Readonly<Record<string, string>>, body: string): Outcome {
  const lines = Object.entries(imports).map(
    ([names, path]) => `const { ${names} } = await import(${JSON.stringify(`${root}/dist/${path}`)});`,
  );
  const code = `${lines.join('\n')}
    const { readFileSync: status } = await import('node:fs');
    const peakNow = () => {
      // For a child, Linux also counts the memory of its parent, but not in this file.
      const own = process.platform === 'linux' && /VmHWM:\\s*(\\d+)/.exec(status('/proc/self/status', 'utf8'))?.[1];
      return Number(own || process.resourceUsage().maxRSS) / 1024;
    };
    const before = peakNow();
    let said;
    try { ${body} } catch (error) { said = error.name + ': ' + error.message; }
    console.log(JSON.stringify({ said: String(said), before, peak: peakNow() }));`;
  const child = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    encoding: 'utf8',
    timeout: 120_000,
    cwd: root,
  });
  if (child.status !== 0)
    throw new Error(
      `the child process ended with ${child.status ?? child.signal}: ${child.stderr.slice(0, 2000)}`,
    );
  return JSON.parse(child.stdout.trim().split('\n').at(-1)!) as Outcome;
}
