import { readdir } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { failure, usage } from '../../errors.ts';
import { readRegular } from '../../files/disk.ts';

/** The pages, as they are built beside the library. */
const PAGES = fileURLToPath(new URL('../../../pages', import.meta.url));
const RUNTIME = 'ort-wasm-simd-threaded.wasm';
const RUN = 'run.safetensors';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

/** A page may load scripts and data from here alone, and compile WebAssembly. */
const HEADERS = {
  'content-security-policy':
    "default-src 'self' data: blob:; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'",
  'x-content-type-options': 'nosniff',
};

/** Scripts have names of their own for each version. The runtime has not, and is kept for ten minutes. */
const keptFor = (pathname: string): string => {
  if (pathname.startsWith('/assets/')) return 'private, max-age=86400, immutable';
  return pathname === `/${RUNTIME}` ? 'private, max-age=600' : 'no-store';
};

/** How pages are served. */
export interface ServeOptions {
  /** The port on this machine; default 0, any that is free. */
  readonly port?: number;
  /** The folder of the built pages; default: that beside the library. */
  readonly pages?: string;
}

/** Pages that are being served. */
export interface Served {
  /** The address of the page that shows the run. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves the pages with one run, the bytes of `exportSafetensors`, to this machine alone. It reads a fixed
 * list of files and writes nothing.
 * @throws failure if the pages are not built; usage if the port is taken
 */
export async function serveRun(
  run: Uint8Array,
  { port = 0, pages = PAGES }: ServeOptions = {},
): Promise<Served> {
  const files = await pageFiles(pages);
  const server = createServer((request, reply) => {
    answer(request, reply, files, run).catch(() => void reply.writeHead(500).end());
  });
  await new Promise<void>((done, fail) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      fail(usage('The port cannot be opened', { where: '--port', got: `${port}: ${cause.code}` })),
    );
    server.listen(port, '127.0.0.1', done);
  });
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${taken}/run.html?run=${RUN}`,
    close: () =>
      new Promise(done => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

/** The files that may be read, by their addresses. */
async function pageFiles(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => {
    throw failure('The pages are not there', { where: folder, remedy: 'In a checkout: npm run build:pages' });
  });
  const files = entries.filter(entry => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const named = files.map(path => [`/${relative(folder, path).replaceAll('\\', '/')}`, path] as const);
  return new Map([...named, [`/${RUNTIME}`, runtimePath()]]);
}

function runtimePath(): string {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('onnxruntime-web')), RUNTIME);
  } catch {
    throw failure('onnxruntime-web is not there, which the pages compute with', {
      remedy: 'npm install onnxruntime-web',
    });
  }
}

async function answer(
  { method, url = '/', headers }: IncomingMessage,
  reply: ServerResponse,
  files: ReadonlyMap<string, string>,
  run: Uint8Array,
): Promise<void> {
  // A foreign page whose name points to this machine must not read the run.
  const local = /^(127\.0\.0\.1|localhost)(:\d+)?$/i.test(headers.host ?? '');
  if (!local) return void reply.writeHead(403).end();
  if (method !== 'GET' && method !== 'HEAD') return void reply.writeHead(405, { allow: 'GET, HEAD' }).end();
  const pathname = url.split('?')[0]!;
  if (pathname === '/') return void reply.writeHead(302, { location: `/run.html?run=${RUN}` }).end();
  const path = files.get(pathname);
  const body = pathname === `/${RUN}` ? run : path && (await readRegular(path));
  if (!body) return void reply.writeHead(404).end();
  const type = TYPES[extname(pathname)] ?? 'application/octet-stream';
  const kept = { ...HEADERS, 'cache-control': keptFor(pathname) };
  reply.writeHead(200, { ...kept, 'content-type': type, 'content-length': body.length });
  reply.end(method === 'HEAD' ? undefined : body);
}
