/** Builds the page when its sources have changed since the last build, and serves it. Needs the dependencies installed. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { root } from './install.mjs';

/** What a build is made from; a folder counts with everything in it. */
const SOURCES = [
  'index.html',
  'public',
  'src',
  'scenarios',
  'diagrams',
  'package.json',
  'package-lock.json',
  'vite.config.ts',
  'scripts/vite',
];
const BUILT_PAGE = join(root, 'dist', 'index.html');
const STAMP = join(root, '.cache', 'build.json');

function filesOf(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesOf(join(path, name)));
}

/** A hash of the sources and, because its asset names carry hashes, of the built page. */
function stampOf() {
  const sources = createHash('sha256');
  for (const source of SOURCES) {
    for (const file of filesOf(join(root, source))) {
      sources
        .update(`${relative(root, file)}\0`)
        .update(readFileSync(file))
        .update('\0');
    }
  }
  const page = createHash('sha256').update(readFileSync(BUILT_PAGE));
  return JSON.stringify({ sources: sources.digest('hex'), page: page.digest('hex') });
}

export function isBuilt() {
  return existsSync(BUILT_PAGE) && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === stampOf();
}

/** Builds into dist/. Throws what vite throws. */
export async function buildPage(logLevel = 'info') {
  const { build } = await import('vite');
  await build({ root, logLevel });
  mkdirSync(dirname(STAMP), { recursive: true });
  writeFileSync(STAMP, stampOf());
}

/** Serves dist/ on localhost at `port` or the next free one. Returns the address and how to stop. */
export async function servePage(port = 4173) {
  const { preview } = await import('vite');
  const server = await preview({
    root,
    logLevel: 'error',
    preview: { port, strictPort: false, open: false },
  });
  return { url: server.resolvedUrls.local[0], close: () => server.close() };
}
