import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: ['test/cli/build.ts'],
    setupFiles: ['test/support/matchers.ts'],
    include: ['test/**/*.test.ts'],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    pool: 'forks',
    // What was built, and the modules of a workplace that use it, are loaded by Node, as users load them.
    server: { deps: { external: [/\/dist\/src\//, /\/langevin-cli-\w+\//] } },
  },
});
