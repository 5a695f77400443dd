/**
 * Runs a TypeScript program in this process: `node scripts/run-ts.mjs src/cli/main.ts ARGS`. A program that wants a second thread
 * starts `new Worker(<this file>, { argv: [FILE.ts, ...ARGS] })`, because a worker has its own loader. Standard output belongs to
 * the program: what is said here goes to standard error.
 */
import { existsSync } from 'node:fs';
import { register } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { installDependencies, root } from './install.mjs';

const [entry, ...rest] = process.argv.slice(2);
if (entry === undefined) {
  console.error('usage: node scripts/run-ts.mjs FILE.ts [ARGS]');
  process.exit(2);
}
if (!existsSync(join(root, 'node_modules')) && !installDependencies()) process.exit(1);

const path = resolve(root, entry);
if (!existsSync(path)) {
  console.error(`${entry}: there is no such file`);
  process.exit(2);
}
process.argv = [process.execPath, path, ...(rest[0] === '--' ? rest.slice(1) : rest)];
process.setSourceMapsEnabled(true);
register('./ts-hooks.mjs', import.meta.url);
await import(pathToFileURL(path).href);
