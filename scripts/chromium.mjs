/** Finds a Chromium for the browser tests, or installs one. Needs the dependencies installed. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { findInPath } from './open-browser.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const USUAL_PLACES = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
  ],
};

/** A command in PATH can be a stub that only says how to install the real one (Ubuntu's): ask for its version. */
function works(path) {
  if (process.platform === 'win32') return existsSync(path); // Chrome opens a window when asked there
  return spawnSync(path, ['--version'], { stdio: 'ignore', timeout: 60_000 }).status === 0;
}

const findInstalled = () =>
  [...NAMES.map(findInPath), ...(USUAL_PLACES[process.platform] ?? []).filter(existsSync)].find(
    (path) => path !== null && works(path),
  ) ?? null;

function run(command, args, env = {}) {
  console.log(`  ${command} ${args.join(' ')}`);
  const { status } = spawnSync(command, args, { stdio: ['ignore', 2, 2], env: { ...process.env, ...env } });
  return status === 0;
}

function installWithApt() {
  if (findInPath('apt-get') === null || process.getuid?.() !== 0) return null;
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  run('apt-get', ['update', '-qq'], env);
  return run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], env)
    ? findInstalled()
    : null;
}

async function playwrightPath() {
  const { chromium } = await import('playwright-core');
  const path = chromium.executablePath();
  return existsSync(path) && works(path) ? path : null;
}

async function installWithPlaywright() {
  const cli = join(dirname(createRequire(import.meta.url).resolve('playwright-core/package.json')), 'cli.js');
  return run(process.execPath, [cli, 'install', '--no-shell', 'chromium']) ? await playwrightPath() : null;
}

/** The path of a Chromium that runs, installed if need be; throws one line when there is no way to get one. */
export async function findChromium() {
  const asked = process.env.CHROMIUM_PATH;
  if (asked !== undefined && asked !== '') {
    if (works(asked)) return asked;
    throw new Error(
      `CHROMIUM_PATH is ${asked}, which does not run; let it name a Chromium or Chrome, or unset it`,
    );
  }
  const found = findInstalled() ?? (await playwrightPath());
  if (found !== null) return found;
  console.log('No Chromium in PATH: installing one for the browser tests.');
  const installed = installWithApt() ?? (await installWithPlaywright());
  if (installed !== null) return installed;
  throw new Error(
    'no Chromium found, and neither apt-get (as root) nor Playwright could install one; install Chromium or Chrome, or set CHROMIUM_PATH',
  );
}
