import { fileURLToPath } from 'node:url';

const place = path => fileURLToPath(new URL(path, import.meta.url));

/** The runtime of 14 MB is no part of the pages: it lies beside them, copied or served. */
const withoutRuntime = {
  name: 'without-runtime',
  generateBundle(_options, bundle) {
    for (const name of Object.keys(bundle)) if (name.endsWith('.wasm')) delete bundle[name];
  },
};

/** Static files with relative addresses, which work in any folder of any server. */
export default {
  root: place('.'),
  base: './',
  build: {
    outDir: place('../../dist/pages'),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    rolldownOptions: { input: ['play.html', 'run.html', 'table.html'].map(name => place(name)) },
  },
  plugins: [withoutRuntime],
  worker: { format: 'es', plugins: () => [withoutRuntime] },
};
