import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Plugin } from 'vite';

/**
 * Writes the names, versions, licences and notices of all packages of which something is in the built folder into one text beside the page.
 * By hand and not by `build.license` of Vite, because that leaves out what only the workers are made of.
 */
const LICENSES_FILE = 'third-party-licenses.txt';

/** Files in which a package says what its users have to pass on. */
const LEGAL = /^(licen[cs]e|copying|notice)/i;

interface Package {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly folder: string;
}

/** `page` belongs to the plugins of the build, `worker` to those of its workers, which are bundled by themselves, before the page. */
export function thirdPartyLicenses(): { readonly page: Plugin; readonly worker: () => Plugin } {
  const modules = new Set<string>();
  const collect = (bundle: object): void => {
    for (const part of Object.values(bundle) as { readonly moduleIds?: readonly string[] }[])
      for (const id of part.moduleIds ?? []) modules.add(id);
  };
  return {
    page: {
      name: 'third-party-licenses',
      apply: 'build',
      enforce: 'post',
      generateBundle(_options, bundle) {
        collect(bundle);
        this.emitFile({ type: 'asset', fileName: LICENSES_FILE, source: textOf(packagesOf(modules)) });
      },
    },
    worker: () => ({
      name: 'third-party-licenses-of-workers',
      generateBundle: (_options, bundle) => collect(bundle),
    }),
  };
}

/** Each package once, by name and version. */
function packagesOf(modules: ReadonlySet<string>): readonly Package[] {
  const found = new Map<string, Package>();
  for (const id of modules) {
    if (!id.includes('/node_modules/')) continue;
    const one = packageOf(dirname(id.replace(/^\0+/, '').replace(/\?.*$/, '')));
    if (one !== null) found.set(`${one.name}@${one.version}`, one);
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

/** The package that a folder belongs to. A package may have more `package.json` inside, which name no version. */
function packageOf(folder: string): Package | null {
  if (!folder.includes('/node_modules/')) return null;
  const file = join(folder, 'package.json');
  const { name, version, license } = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  if (typeof name !== 'string' || typeof version !== 'string') return packageOf(dirname(folder));
  return { name, version, license: typeof license === 'string' ? license : 'see below', folder };
}

function textOf(packages: readonly Package[]): string {
  const parts = packages.map(({ name, version, license, folder }) => {
    const texts = readdirSync(folder, { withFileTypes: true })
      .filter((file) => file.isFile() && LEGAL.test(file.name))
      .map((file) => readFileSync(join(folder, file.name), 'utf8').trim());
    return [`${name} ${version}: ${license}`, ...texts].join('\n\n');
  });
  const rule = `\n\n${'-'.repeat(100)}\n\n`;
  return `${[`This page is made with ${packages.length} packages of others.`, ...parts].join(rule)}\n`;
}
