// Builds a script that samples with webpack, without a setting: npm run try-webpack
import { mkdtempSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import webpack from 'webpack';

const place = mkdtempSync(join(tmpdir(), 'langevin-webpack-'));
const entry = join(place, 'script.js');
const door = JSON.stringify(fileURLToPath(new URL('../dist/src/browser.js', import.meta.url)));
writeFileSync(entry, `import { openRun, sample } from ${door};\nglobalThis.use = { openRun, sample };\n`);

const path = join(place, 'out');
webpack({ mode: 'production', devtool: false, entry, output: { path } }, (cause, stats) => {
  if (cause || stats.hasErrors()) throw cause ?? new Error(stats.toString('errors-only'));
  for (const name of readdirSync(path)) process.stdout.write(`${statSync(join(path, name)).size} ${name}\n`);
});
