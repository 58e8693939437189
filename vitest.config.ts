import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: ['test/cli/build.ts'],
    setupFiles: ['test/support/matchers.ts'],
    include: ['test/**/*.test.ts'],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    pool: 'forks',
    // What was built is loaded by Node, as users load it.
    server: { deps: { external: [/\/dist\/src\//] } },
  },
});
