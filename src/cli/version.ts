import { readFileSync } from 'node:fs';

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** Two runs of the same scenario and seed are the same only within one version. */
export const VERSION: string = manifest.version;
