import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const tsc = join(root, 'node_modules/typescript/bin/tsc');

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, unknown>>;
}

/** A project that imports every door, with the package as `npm pack` builds it. */
function consumer(): string {
  const at = mkdtempSync(join(tmpdir(), 'langevin-consumer-'));
  const home = join(at, 'node_modules/langevin');
  const listing = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: root,
    encoding: 'utf8',
  });
  const files = (JSON.parse(listing) as [{ files: { path: string }[] }])[0].files;
  for (const { path } of files) {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    cpSync(join(root, path), join(home, path));
  }
  const { dependencies, exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
  for (const name of [...Object.keys(dependencies), '@types/node', 'undici-types']) {
    const place = join(at, 'node_modules', name);
    mkdirSync(dirname(place), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), place, 'junction');
  }
  const doors = Object.keys(exports)
    .filter(door => door !== './package.json')
    .map(door => door.replace('.', 'langevin'));
  writeFileSync(join(at, 'package.json'), '{ "type": "module" }');
  writeFileSync(
    join(at, 'index.ts'),
    `${doors.map((door, i) => `import * as door${i} from '${door}';`).join('\n')}
export const doors = [${doors.map((_, i) => `door${i}`).join(', ')}];
const run = await door0.train({ data: 'moons', sde: { name: 'vp', schedule: 'cosine' }, steps: 10 });
export const samples: Float64Array = (await door0.sample(run, { count: 5, solver: 'unipc' })).data;
`,
  );
  return at;
}

it('the declarations of the packed doors compile in a strict project that also checks libraries', () => {
  const at = consumer();
  const strict = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--skipLibCheck', 'false'];
  for (const [module, resolution] of [
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ] as const) {
    const target = ['--target', 'es2023', '--lib', 'es2023', '--types', 'node'];
    const how = ['--module', module, '--moduleResolution', resolution];
    const { stdout } = spawnSync(process.execPath, [tsc, ...strict, ...target, ...how, 'index.ts'], {
      cwd: at,
      encoding: 'utf8',
    });
    expect(stdout).toBe('');
  }
});
