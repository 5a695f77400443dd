/**
 * `npm run package`: writes the package that is published to .cache/package: JavaScript with its types and source maps, the shipped
 * scenarios and the built page. `npm publish .cache/package` would publish it.
 *
 * tsc alone makes it: a file of the package is a file of the source, so a bundler leaves out whatever is not used, and an error names
 * its place. The dependencies are what the JavaScript imports.
 */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { root } from './install.mjs';
import { buildPage, isBuilt } from './page.mjs';

export const PACKAGE_FOLDER = join(root, '.cache', 'package');

/** What others import, by the module of dist/ that it is. */
export const ENTRIES = {
  '.': 'package/index',
  './algorithms': 'package/algorithms',
  './diagrams': 'package/diagrams',
  './guarantees': 'package/guarantees',
  './kernel': 'package/kernel',
  './lab': 'package/lab',
  './testkit': 'package/testkit',
};

/** What the user's tests may have themselves, so that there is one of it. */
const PEERS = ['fast-check'];

/** Another version of these may give other bits, and so other hashes. */
const DECIDES_BYTES = /^@stdlib\//;

/** Builds the package. Throws when the compiler fails, or something that it imports is no dependency. */
export async function buildPackage() {
  rmSync(PACKAGE_FOLDER, { recursive: true, force: true });
  const { status } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/typescript/bin/tsc'), '--project', join(root, 'tsconfig/package.json')],
    { stdio: ['ignore', 2, 2] },
  );
  if (status !== 0) throw new Error('tsc could not compile the package; the lines above say why');
  const dist = join(PACKAGE_FOLDER, 'dist');
  const files = readdirSync(dist, { recursive: true }).filter((file) => /\.(js|d\.ts)$/.test(file));
  const imported = new Set();
  for (const file of files) {
    const text = readFileSync(join(dist, file), 'utf8');
    if (file.endsWith('.d.ts')) writeFileSync(join(dist, file), withJsSpecifiers(text));
    else for (const name of packagesIn(text)) imported.add(name);
  }
  chmodSync(join(dist, 'cli/main.js'), 0o755);

  for (const file of ['scenarios', 'LICENSE', 'CHANGELOG.md'])
    cpSync(join(root, file), join(PACKAGE_FOLDER, file), { recursive: true });
  cpSync(join(root, 'src/package/README.md'), join(PACKAGE_FOLDER, 'README.md'));
  if (!isBuilt()) await buildPage('warn');
  cpSync(join(root, 'dist'), join(PACKAGE_FOLDER, 'lab'), { recursive: true });
  writeFileSync(join(PACKAGE_FOLDER, 'package.json'), `${JSON.stringify(manifestOf(imported), null, 2)}\n`);
}

/** tsc rewrites the specifiers of JavaScript alone: `from './a.ts'` and `import('./a.ts')` of a declaration stay. */
const withJsSpecifiers = (text) => text.replace(/((?:from |import\()["']\.[^"']*)\.ts(["'])/g, '$1.js$2');

/** The packages that a module imports by a literal name. */
const packagesIn = (text) =>
  ts
    .preProcessFile(text)
    .importedFiles.map(({ fileName }) => fileName)
    .filter((name) => !/^(\.|node:)/.test(name) && !builtinModules.includes(name))
    .map((name) => /^(@[^/]+\/)?[^/]+/.exec(name)[0]);

function manifestOf(imported) {
  const { name, version, description, license, engines, dependencies, devDependencies } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  );
  const versionOf = (of) => {
    const pinned = dependencies[of] ?? devDependencies[of];
    if (pinned === undefined) throw new Error(`the package imports ${of}, which package.json does not have`);
    return DECIDES_BYTES.test(of) ? pinned : `^${pinned}`;
  };
  const listed = (names) => Object.fromEntries(names.map((of) => [of, versionOf(of)]));
  const names = [...imported].sort();
  const absent = Object.values(ENTRIES).filter(
    (entry) => !existsSync(join(PACKAGE_FOLDER, 'dist', `${entry}.js`)),
  );
  if (absent.length > 0) throw new Error(`tsconfig/package.json does not compile ${absent.join(', ')}`);
  return {
    name,
    version,
    description,
    license,
    keywords: [
      'discrete-event-simulation',
      'chat',
      'fan-out',
      'rate-limiting',
      'property-based-testing',
      'jepsen',
    ],
    type: 'module',
    engines,
    sideEffects: ['./dist/cli/*'],
    bin: { [name]: 'dist/cli/main.js' },
    exports: {
      ...Object.fromEntries(
        Object.entries(ENTRIES).map(([entry, module]) => [
          entry,
          { types: `./dist/${module}.d.ts`, default: `./dist/${module}.js` },
        ]),
      ),
      './lab/*': './lab/*',
      './scenarios/*': './scenarios/*',
      './package.json': './package.json',
    },
    files: ['dist', 'lab', 'scenarios', 'CHANGELOG.md'],
    dependencies: listed(names.filter((of) => !PEERS.includes(of))),
    peerDependencies: listed(PEERS),
  };
}

/** Packs what was built. Returns the path of the tarball. */
export function packPackage(into) {
  mkdirSync(into, { recursive: true });
  const { stdout, status, stderr } = spawnSync(
    'npm',
    ['pack', '--json', '--ignore-scripts', '--pack-destination', into],
    {
      cwd: PACKAGE_FOLDER,
      encoding: 'utf8',
      shell: process.platform === 'win32',
    },
  );
  if (status !== 0) throw new Error(`npm pack failed:\n${stderr}`);
  return join(into, JSON.parse(stdout)[0].filename);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildPackage();
  console.log(packPackage(join(root, '.cache')));
}
