import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from './pages.ts';

const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** A commit in a fresh repository with our hooks, where `check` replaces the check. */
function commitWith(check: string): number | null {
  const at = mkdtempSync(join(tmpdir(), 'langevin-hooks-'));
  const run = (command: string, ...words: string[]) =>
    spawnSync(command, words, { cwd: at, encoding: 'utf8' }).status;
  try {
    writeFileSync(join(at, 'package.json'), JSON.stringify({ scripts: { check } }));
    run('git', 'init', '--quiet');
    const turnOn = scripts.hooks.replace('scripts/hooks', join(root, 'scripts/hooks')).split(' ');
    expect(run(turnOn[0], ...turnOn.slice(1))).toBe(0);
    run('git', 'add', '.');
    return run('git', '-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '--quiet', '-m', 'one');
  } finally {
    rmSync(at, { recursive: true, force: true });
  }
}

it('the pre-commit check stops a commit that fails it, and allows others', () => {
  expect(commitWith('exit 1')).not.toBe(0);
  expect(commitWith('exit 0')).toBe(0);
});

it('the pre-commit check is the beginning of `npm test`', () => {
  for (const part of scripts.check.split(' && ')) expect(scripts.test).toContain(part);
});
