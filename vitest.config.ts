import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/**
 * Rooms whose files share processes, one for each core: modules are loaded and engines started once, which
 * took a third of the time of all tests. Files of other rooms have a process each: they train, end processes,
 * exhaust memory, or open a browser.
 */
const together = {
  numbers: 'measure,formula,math,random,schedules,sde,files,quality,report',
  solving: 'solve,solvers,chains,compare,likelihood,objectives,presets,diagnosis,train,contracts',
  models: 'guide,export,data,weights,score',
  commands: 'cli,docs,types',
};
const filesOf = (rooms: string) => `test/{${rooms}}/**/*.test.ts`;

export default defineConfig({
  test: {
    globalSetup: ['test/cli/build.ts'],
    setupFiles: ['test/support/matchers.ts'],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    pool: 'forks',
    maxWorkers: availableParallelism(),
    // What was built, and the modules of a workplace that use it, are loaded by Node, as users load them.
    server: { deps: { external: [/\/dist\/src\//, /\/langevin-cli-\w+\//] } },
    projects: [
      ...Object.entries(together).map(([name, rooms]) => ({
        extends: true as const,
        test: { name, isolate: false, include: [filesOf(rooms)] },
      })),
      {
        extends: true,
        test: {
          name: 'alone',
          include: ['test/**/*.test.ts'],
          exclude: Object.values(together).map(filesOf),
        },
      },
    ],
  },
});
