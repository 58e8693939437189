// Packs langevin, installs the tarball in empty projects as its users do, and uses it there: npm run
// try-package [-- npm pnpm yarn]
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/**
 * The commands of each package manager. After a plain install with npm, langevin itself names one more
 * command.
 */
const managers = {
  npm: tarball => [`npm install ${tarball} --ignore-scripts --no-audit --no-fund`],
  'npm with scripts': tarball => [`npm install ${tarball} --no-audit --no-fund`],
  pnpm: tarball => [`npx --yes pnpm@10 add ${tarball}`],
  yarn: tarball => [`npx --yes yarn@1 add file:${tarball} --ignore-scripts --non-interactive`],
};

const place = mkdtempSync(join(tmpdir(), 'langevin-package-'));
/** The environment without the variables that `npm run` adds, such as the settings of this project. */
const env = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^npm_/i.test(name) || /^npm_config_(registry|cache)$/i.test(name),
  ),
);

const run = (command, cwd) => {
  const shell = { cwd, env, encoding: 'utf8', shell: true, stdio: ['ignore', 'pipe', 'pipe'] };
  return execFileSync(command, shell);
};

const demand = (fact, what) => {
  if (!fact) throw new Error(what);
};

function tryWith(name, tarball) {
  const project = mkdtempSync(join(place, 'project-'));
  writeFileSync(join(project, 'package.json'), '{ "name": "empty", "version": "1.0.0", "private": true }\n');
  for (const command of managers[name](tarball)) run(command, project);
  const langevin = line => run(`${join('node_modules', '.bin', 'langevin')} ${line}`, project);
  const engine = () => JSON.parse(langevin('doctor --json')).find(check => check.name === 'onnx');
  const first = engine();
  const mend = /`(npm [^`]*)`/.exec(first.mend ?? '')?.[1];
  if (!first.works && mend) run(mend, project);
  demand(engine().works, `${name}: the native engine does not work; ${first.what}`);
  checkLinks(join(project, 'node_modules', 'langevin'));
  demand(
    !existsSync(join(project, 'node_modules/@tensorflow/tfjs-node-gpu')),
    `${name}: tfjs-node-gpu was installed`,
  );

  langevin('train moons --steps 20 --width 8 --depth 1 --batch 16 --out run --engine onnx');
  const rows = langevin('sample run --count 5').trim().split('\n');
  demand(rows.length === 6 && rows[0] === 'x1,x2', `${name}: sample prints ${rows.join(' ')}`);
  langevin('plot run');
  const script = `import { openRun, sample } from 'langevin';
    const { shape } = await sample(await openRun('run'), { count: 3 });
    console.log(shape.join());`;
  writeFileSync(join(project, 'use.mjs'), script);
  demand(run('node use.mjs', project).trim() === '3,2', `${name}: the library does not sample`);
  rmSync(project, { recursive: true, force: true });
  return mend && !first.works ? `, after \`${mend}\`` : '';
}

/** The tarball contains what its pages link to, and no source map without its sources. */
function checkLinks(home) {
  const files = readdirSync(home, { recursive: true, encoding: 'utf8' });
  demand(!files.some(file => file.endsWith('.map')), 'the package ships source maps without their sources');
  for (const page of files.filter(file => /^[^/]*\.md$|^docs\/.*\.md$/.test(file))) {
    const text = readFileSync(join(home, page), 'utf8').replace(/^```[\s\S]*?^```$/gm, '');
    for (const [, link] of text.matchAll(/\]\((?![a-z]+:|#)([^)#\s]+)/g))
      demand(
        existsSync(resolve(home, dirname(page), link)),
        `${page} links to ${link}, which the package does not contain`,
      );
  }
}

const selected = process.argv.slice(2);
const names = Object.keys(managers).filter(
  name => selected.length === 0 || selected.includes(name.split(' ')[0]),
);
try {
  const [{ filename }] = JSON.parse(
    run(`npm pack --json --pack-destination ${place}`, resolve(import.meta.dirname, '..')),
  );
  for (const name of names)
    console.log(`${name}: installed, trained, sampled${tryWith(name, join(place, filename))}`);
  console.log(`${names.length} passed, 0 failed`);
} finally {
  rmSync(place, { recursive: true, force: true });
}
