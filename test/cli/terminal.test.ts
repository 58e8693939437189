import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Progress, progressOf } from '../../src/cli/terminal/progress.ts';
import { langevin, root, tiny, workplace } from './support.ts';

const at = workplace();
beforeAll(async () => {
  expect(await langevin(at, `train moons --steps 2 --out run ${tiny}`)).toMatchObject({ code: 0 });
});

/** The lines that a terminal with `columns` shows; each update starts again at its left edge. */
function shown(columns: number | undefined, tell: (progress: Progress) => void): string[] {
  const written: string[] = [];
  const stream = { isTTY: true, columns, write: (text: string) => written.push(text) > 0 };
  const clock = { ms: 0 };
  tell(progressOf('training of a model', 'auto', stream as never, () => (clock.ms += 1000)));
  return written.map(text => text.replace('\r\x1b[2K', ''));
}

describe.each([undefined, 0, 1, 10, 20, 40, 80, 120, 300])('a terminal of %s columns', columns => {
  const steps = 1_000_000;
  const lines = shown(columns, progress => {
    for (const step of [1, 499_999, steps])
      progress.update({
        fraction: step / steps,
        step,
        steps,
        loss: 0.123456,
        distance: 0.5,
        evaluations: 241,
      });
  });

  it('is never filled to its edge, which would start a new line', () => {
    expect(lines).toHaveLength(3);
    for (const line of lines) {
      expect(line).not.toContain('\n');
      expect(line.length).toBeLessThan(columns || 80);
    }
  });

  it('shows the progress, and a bar if there is room', () => {
    const room = (columns || 80) - 1;
    expect(lines[1]).toContain('training of a model 49 %'.slice(0, room));
    expect(/[█░]{8}/.test(lines[1]!)).toBe(room >= 24 + 9);
    expect(lines[2]).not.toContain('░');
  });
});

it('a wide terminal shows everything', () => {
  const lines = shown(200, progress => {
    for (const step of [1, 2]) progress.update({ fraction: step / 4, step, steps: 4, loss: 0.25 });
  });
  expect(lines[1]).toMatch(
    /^█{12}░{12} training of a model 50 %, step 2 of 4, .* a second, .* left, loss 0\.2500$/,
  );
});

/** A shell command, where `langevin` is the built program. */
const shell = (command: string) =>
  promisify(execFile)(
    'sh',
    ['-c', `langevin() { node ${join(root, 'dist/src/cli/main.js')} "$@"; }; ${command}`],
    {
      cwd: at,
    },
  ).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );

const FULL = '/dev/full';
const commands = ['sample run', 'list', 'list --json', 'likelihood run --data moons --count 9', '--help'];
describe.skipIf(!existsSync(FULL))('a full device', () => {
  it.each(commands)('langevin %s > /dev/full fails in one line', async line => {
    const { code, stderr } = await shell(`langevin ${line} > ${FULL}`);
    const told = (stderr as string).trim().split('\n').at(-1);
    expect(told).toBe(
      'langevin: stdout: cannot write: no space is left on the device. Send the output to another place',
    );
    expect(stderr).not.toMatch(/^ +at /m);
    expect(code).toBe(1);
  });

  it('a command completes its work even if stderr cannot be written', async () => {
    expect(await shell(`langevin sample run --count 3 2> ${FULL}`)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^x1,x2\n(.*,.*\n){3}$/),
    });
  });
});

it.each(['sample run --count 50000', 'list'])('langevin %s | head -1 ends quietly', async line => {
  const { stdout, stderr } = await shell(`{ langevin ${line}; echo $? >&2; } | head -1`);
  expect(stdout.split('\n')).toHaveLength(2);
  expect(stderr).not.toContain('EPIPE');
  expect(stderr.trim().split('\n').at(-1)).toBe('0');
});

it.each([
  [`train moons --steps 300 --out run --overwrite ${tiny}`, 0, ['progress', 'remark']],
  ['sample run --count 3', 0, ['progress', 'remark']],
  ['likelihood run --data moons --count 9', 0, ['progress', 'remark']],
  ['sample absent', 2, ['error']],
  ['sample run --stepz 3', 2, ['error']],
  ['sample run --solver huen', 2, ['error']],
])('langevin %s --progress json: every line of stderr is JSON', async (line, status, kinds) => {
  for (const given of [`${line} --progress json`, line]) {
    const env = given === line ? { LANGEVIN_PROGRESS: 'json' } : {};
    const { code, stderr } = await langevin(at, given, env);
    const told = stderr
      .trim()
      .split('\n')
      .map(text => JSON.parse(text) as Record<string, unknown>);
    expect(code).toBe(status);
    expect([...new Set(told.map(entry => Object.keys(entry)[0]))].sort()).toEqual(kinds);
    if (status !== 0) expect(told.at(-1)).toMatchObject({ error: expect.any(String), status });
  }
});

it('-h and -v work as in other programs', async () => {
  for (const [short, long] of [
    ['-h', '--help'],
    ['-v', '--version'],
    ['sample -h', 'sample --help'],
  ] as const) {
    const [a, b] = await Promise.all([langevin(at, short), langevin(at, long)]);
    expect(a).toEqual(b);
    expect(a).toMatchObject({ code: 0, stderr: '' });
  }
});

it('a shell can complete commands and options', async () => {
  const script = await langevin(at, 'completion');
  expect(script).toMatchObject({ code: 0, stdout: expect.stringContaining('--get-yargs-completions') });
  const first = await langevin(at, '--get-yargs-completions langevin sa');
  expect(first.stdout.split('\n')).toContain('sample');
  const option = await langevin(at, ['--get-yargs-completions', 'langevin', 'sample', '--sol']);
  expect(option.stdout.split('\n')).toEqual(expect.arrayContaining(['--solver', '--solver-options']));
});
