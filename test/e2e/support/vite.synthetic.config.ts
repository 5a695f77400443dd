import { fileURLToPath } from 'node:url';
import { defineConfig, mergeConfig } from 'vite';
import base from '../../../vite.config.ts';

/** The page with the synthetic worker and its scenarios in the place of the real ones; built into a folder of its own. */
export default mergeConfig(
  base,
  defineConfig({
    root: fileURLToPath(new URL('../../..', import.meta.url)),
    build: { outDir: 'test-results/synthetic', emptyOutDir: true },
    plugins: [
      {
        name: 'synthetic-worker',
        enforce: 'pre',
        transform(code, id) {
          if (id.endsWith('/src/app/start-worker.ts')) {
            return code.replace('../worker/worker.ts', '../../test/e2e/support/synthetic-worker.ts');
          }
          if (id.endsWith('/src/app/library.ts')) {
            return code.replace('../../scenarios/*.yaml', '../../test/e2e/support/scenarios/*.yaml');
          }
          return null;
        },
      },
    ],
  }),
);
