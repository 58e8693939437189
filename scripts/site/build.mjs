// The site as static files in site/dist: the documentation, the live pages with their runtime, and the API
// reference. `npm run site` makes what it puts together.
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const at = (...path) => join(root, ...path);
const RUNTIME = 'ort-wasm-simd-threaded.wasm';

// A page finds the tools in a folder above it.
rmSync(at('scripts/site/content'), { recursive: true, force: true });
cpSync(at('docs'), at('scripts/site/content'), { recursive: true });
execFileSync(
  process.execPath,
  [at('scripts/site/node_modules/vitepress/bin/vitepress.js'), 'build', at('scripts/site')],
  {
    stdio: 'inherit',
  },
);
cpSync(at('dist/pages'), at('site/dist/live'), { recursive: true });
copyFileSync(at('node_modules/onnxruntime-web/dist', RUNTIME), at('site/dist/live', RUNTIME));
cpSync(at('api'), at('site/dist/api'), { recursive: true });
