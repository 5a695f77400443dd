/** Two runs of the same scenario and seed are the same only within one version. A test holds it equal to that of package.json. */
export const VERSION = '0.1.0';
