import { version } from '../../package.json';

/** Two runs of the same scenario and seed are the same only within one version. */
export const VERSION: string = version;
