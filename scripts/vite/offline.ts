import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const SOURCE = fileURLToPath(new URL('./service-worker.js', import.meta.url));

/** The names of assets carry hashes of what is in them: the names of all stand for the build. */
const buildOf = (files: readonly string[]): string =>
  createHash('sha256').update(files.join('\n')).digest('hex').slice(0, 16);

const assetsOf = (bundle: object): string[] =>
  Object.keys(bundle)
    .filter((file) => file.startsWith('assets/'))
    .sort();

/**
 * Writes `service-worker.js` beside the page, with the list of all files of the build, also of those that are loaded when asked for; and the
 * build's name into the page, by which it knows whether a worker belongs to it. By hand and not by Workbox, because a list and a cache are
 * all that is needed, and because its precaching answers with the stored page first, which hides a new build on a server on localhost.
 */
export function offline(): Plugin {
  return {
    name: 'offline',
    apply: 'build',
    enforce: 'post',
    transformIndexHtml: {
      order: 'post',
      handler: (_html, { bundle }) => [
        { tag: 'meta', attrs: { name: 'build', content: buildOf(assetsOf(bundle ?? {})) }, injectTo: 'head' },
      ],
    },
    generateBundle(_options, bundle) {
      const files = assetsOf(bundle);
      const source = readFileSync(SOURCE, 'utf8')
        .replace('%BUILD%', buildOf(files))
        .replace("['%FILES%']", JSON.stringify(['index.html', ...files]));
      this.emitFile({ type: 'asset', fileName: 'service-worker.js', source });
    },
  };
}
