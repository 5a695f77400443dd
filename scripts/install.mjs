/** Installs the locked dependencies when they are missing or out of date. Plain Node: it runs before anything is installed. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));

/**
 * Why `npm ci` has to run, in a few words, or null when what is installed is what is locked. npm records what it has
 * installed in node_modules/.package-lock.json; packages for other platforms are locked and not installed.
 */
export function whyInstall(directory = root) {
  const installedPath = join(directory, 'node_modules', '.package-lock.json');
  if (!existsSync(installedPath)) return 'no dependencies are installed';
  const installed = readJson(installedPath).packages;
  for (const [path, locked] of Object.entries(readJson(join(directory, 'package-lock.json')).packages)) {
    if (path === '') continue;
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const found = installed[path];
    if (found === undefined && locked.optional === true) continue;
    if (found === undefined) return `${name} ${locked.version} is not installed`;
    if (found.version !== locked.version || found.integrity !== locked.integrity) {
      return `${name} is ${found.version}, and ${locked.version} is locked`;
    }
  }
  return null;
}

/** Says how this Node is too old for package.json's `engines`, or null. */
export function whyNotThisNode(directory = root) {
  const wanted = readJson(join(directory, 'package.json')).engines.node.replace('>=', '');
  const parts = (version) => version.split('.').map(Number);
  const [major, minor] = parts(process.versions.node);
  const [wantedMajor, wantedMinor] = parts(wanted);
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return null;
  return `Fanout needs Node ${wanted} or newer, and this is Node ${process.versions.node}; get a newer one from https://nodejs.org`;
}

/** Runs `npm ci` if it has to; all output goes to standard error. Returns false, having said why, when that fails. */
export function installDependencies(directory = root) {
  const old = whyNotThisNode(directory);
  if (old !== null) {
    console.error(old);
    return false;
  }
  const why = whyInstall(directory);
  if (why === null) return true;
  console.error(`Installing the locked dependencies (${why}): npm ci, about a minute.`);
  // npm tells its scripts where it is; a script that is run by node itself takes the npm in PATH.
  const npm = process.env.npm_execpath;
  const args = ['ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund'];
  const [command, commandArgs] = npm?.endsWith('.js') ? [process.execPath, [npm, ...args]] : ['npm', args];
  const { status, error } = spawnSync(command, commandArgs, {
    cwd: directory,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32' && command === 'npm',
  });
  if (status === 0) return true;
  console.error(`npm ci failed (${error?.message ?? `status ${status}`}); the lines above say why.`);
  return false;
}
