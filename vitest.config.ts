import { configDefaults, defineConfig } from 'vitest/config';

const LONG_MS = 120_000;

export default defineConfig({
  test: {
    // Property tests and runs of the simulation take seconds on a slow machine; no test here measures time.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // As many as there are cores: the default leaves one idle, of two.
    maxWorkers: '100%',
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          environment: 'node',
          pool: 'threads',
          include: ['test/{unit,property,golden,validation}/**/*.test.{ts,tsx,mjs}', 'test/*.test.ts'],
          exclude: configDefaults.exclude,
        },
      },
      {
        extends: './vite.config.ts',
        test: {
          name: 'e2e',
          environment: 'node',
          include: ['test/e2e/**/*.e2e.ts'],
          globalSetup: ['./test/e2e/serve-page.mjs'],
          // One browser at a time: they share two cores with the page's own worker.
          fileParallelism: false,
          testTimeout: LONG_MS,
          hookTimeout: LONG_MS,
        },
      },
    ],
  },
});
