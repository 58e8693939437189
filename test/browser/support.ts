import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, extname, join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { chromium, type Page } from 'playwright-core';

const root = join(import.meta.dirname, '../..');

/** Where Debian and others put Chromium; `LANGEVIN_CHROMIUM` names another place. */
const executable = [process.env.LANGEVIN_CHROMIUM ?? '', '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
  existsSync,
);

/** Why the tests in a page are left out; undefined where Chromium is there. */
export const chromiumAbsent = executable ? undefined : 'Chromium is not there (apt install chromium)';

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.html': 'text/html',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
};

/** onnxruntime's WebAssembly, alone and for WebGPU. */
export const [WASM, WEBGPU] = ['ort-wasm-simd-threaded.wasm', 'ort-wasm-simd-threaded.asyncify.wasm'];
/** What a page needs, as docs/browser.md says. */
const POLICY = "default-src 'self' data:; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:";

export interface OpenPage {
  readonly page: Page;
  /** What was written to the console, or was thrown without being caught. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

type Files = Readonly<Record<string, Uint8Array | string>>;

/** The twins for pages, in place of sources that need Node. */
const twins: Plugin = {
  name: 'twins',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^\.{1,2}\/.*\.ts$/ }, ({ path, resolveDir }) => {
      const twin = join(resolveDir, path.replace(/\.ts$/, '.browser.ts'));
      return existsSync(twin) ? { path: twin } : undefined;
    });
  },
};

/** The files of a fixture, bundled by esbuild, and a page that loads them. */
export async function fixturePage(fixture = 'page.js', wasm: readonly string[] = [WASM!]): Promise<Files> {
  const bundle = await build({
    ...{ entryPoints: [join(import.meta.dirname, 'fixtures', fixture)], outdir: '/', write: false },
    ...{ bundle: true, splitting: true, format: 'esm', logLevel: 'warning', plugins: [twins] },
  });
  const runtime = (name: string) => readFileSync(join(root, 'node_modules/onnxruntime-web/dist', name));
  return {
    ...Object.fromEntries(bundle.outputFiles.map(({ path, contents }) => [basename(path), contents])),
    ...Object.fromEntries(wasm.map(name => [name, runtime(name)])),
    'index.html': `<!doctype html>${ICON}<script type="module" src="${fixture.replace(/ts$/, 'js')}"></script>`,
  };
}

/** Without one, Chromium asks for `/favicon.ico`. */
const ICON = '<link rel="icon" href="data:,">';

/** Opens `index.html` of these files in Chromium. */
export async function openPage(files: Files, flags: readonly string[] = []): Promise<OpenPage> {
  const server = createServer(({ url = '' }, reply) => {
    const name = url.slice(1) || 'index.html';
    const type = TYPES[extname(name)] ?? 'application/octet-stream';
    const body = Object.hasOwn(files, name) ? files[name] : undefined;
    reply.writeHead(body ? 200 : 404, { 'content-type': type, 'content-security-policy': POLICY }).end(body);
  });
  await new Promise<void>(done => void server.listen(0, '127.0.0.1', done));
  const visited = await visit(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, flags);
  const close = async () => {
    await visited.close();
    server.close();
  };
  return { ...visited, close };
}

/** Opens an address in Chromium. */
export async function visit(url: string, flags: readonly string[] = []): Promise<OpenPage> {
  const browser = await chromium.launch({ executablePath: executable!, args: ['--no-sandbox', ...flags] });
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on('console', message => complaints.push(message.text()));
  page.on('pageerror', error => complaints.push(String(error)));
  await page.goto(url);
  return { page, complaints, close: () => browser.close() };
}
