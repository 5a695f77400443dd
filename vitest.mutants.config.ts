import { defineConfig } from 'vitest/config';

/** The tests that judge the mutants of one slice: `scripts/mutants.mjs` says which. */
export default defineConfig({
  test: {
    environment: 'node',
    pool: 'threads',
    include: (process.env.FANOUT_MUTANTS_TESTS ?? '').split(' '),
    testTimeout: 60_000,
  },
});
