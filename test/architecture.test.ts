import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import ts from 'typescript';
import { beforeAll, describe, expect, test } from 'vitest';
import { OPTIONS, ROOMS, RULES } from './architecture/rooms.ts';

/**
 * The walls between the rooms. dependency-cruiser reads the imports of src here; `npm run lint` and `npm run types` read all of it for what may
 * not be used below the worker. A breach of each rule is planted, to see that it is caught.
 */

const root = join(import.meta.dirname, '..');

interface Breach {
  readonly file: string;
  readonly rule: string;
  readonly target: string;
}

/** The breaches of the table of rooms in `src` of a folder. */
async function breachesIn(folder: string): Promise<{ readonly files: number; readonly breaches: Breach[] }> {
  const { output } = await cruise(['src'], {
    ...OPTIONS,
    baseDir: folder,
    validate: true,
    ruleSet: { forbidden: RULES },
  });
  const { modules, summary } = output as ICruiseResult;
  return {
    files: modules.filter(({ source }) => source.startsWith('src/')).length,
    breaches: summary.violations.map(({ from, to, rule }) => ({ file: from, rule: rule.name, target: to })),
  };
}

/** A folder with these files, below the project so that packages are found. */
function plant(name: string, files: Readonly<Record<string, string>>): string {
  const folder = join(root, '.cache', 'planted', name);
  rmSync(folder, { recursive: true, force: true });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), `${text}\n`);
  }
  return folder;
}

describe('the imports of src', () => {
  test('are those that the table of rooms allows', async () => {
    const { files, breaches } = await breachesIn(root);
    expect(files).toBeGreaterThan(500);
    expect(breaches).toEqual([]);
  });

  test('lie in the rooms of the table, and the arrows of the table point one way', () => {
    expect(readdirSync(join(root, 'src')).sort()).toEqual(Object.keys(ROOMS).sort());
    const reaches = (from: string, seen: readonly string[]): string[] => {
      if (seen.includes(from)) return [[...seen, from].join(' -> ')];
      const { rooms, types } = ROOMS[from]!;
      return [...rooms, ...types].flatMap((to) => reaches(to.split('/')[0]!, [...seen, from]));
    };
    expect(Object.keys(ROOMS).flatMap((room) => reaches(room, []))).toEqual([]);
  });
});

/** What others import: `name` is a value, `Name` a type. */
const OFFERED = Object.fromEntries(
  [
    'base/of.ts',
    'kernel/world.ts',
    'system/of.ts',
    'run/of.ts',
    'scenario/of.ts',
    'trace/trace.ts',
    'views/of.ts',
    'worker/main.ts',
  ].map((path) => [`src/${path}`, 'export const name = 1;\nexport type Name = string;']),
);

/** A breach in a room: the file, what it says, and the rule that it breaks. */
const PLANTED_IMPORTS: readonly (readonly [string, string, string])[] = [
  ['base/a.ts', "import { name } from '../kernel/world.ts';", 'base may import'],
  ['kernel/a.ts', "import { name } from '../system/of.ts';", 'kernel may import'],
  ['kernel/b.ts', "export * from '../system/of.ts';", 'kernel may import'],
  ['kernel/c.ts', "export const x = await import('../system/of.ts');", 'kernel may import'],
  ['kernel/d.ts', "export type X = import('../system/of.ts').Name;", 'kernel may import'],
  ['kernel/e.ts', "import { readFileSync } from 'node:fs';", 'kernel may import'],
  ['kernel/f.ts', "import fs from 'fs';", 'kernel may import'],
  ['kernel/g.ts', "import type { Name } from '../system/of.ts';", 'kernel may import'],
  ['algorithms/a.ts', "import { parse } from 'yaml';", 'algorithms may import'],
  ['guarantees/a.ts', "import type { Name } from '../kernel/world.ts';", 'guarantees may import'],
  ['diagrams/a.ts', "import { name } from '../scenario/of.ts';", 'diagrams may import types of'],
  [
    'diagrams/b.ts',
    "import { type Name, name } from '../scenario/of.ts';\nexport const x: Name = String(name);",
    'diagrams may import types of',
  ],
  ['worker/protocol.ts', "import { name } from './main.ts';", 'worker/protocol.ts may import'],
  ['views/a.tsx', "import W from '../worker/main.ts?worker';", 'views may import'],
  ['cli/a.ts', "import { name } from '../views/of.ts';", 'cli may import'],
  ['testkit/a.ts', "import { name } from '../views/of.ts';", 'testkit may import'],
  ['app/a.ts', "import { root } from '../../scripts/install.mjs';", 'app may import'],
];

const LET_PASS: readonly (readonly [string, string])[] = [
  ['kernel/fine.ts', "import { name } from '../base/of.ts';\nimport { name as own } from './world.ts';"],
  ['kernel/fine-package.ts', "import ln from '@stdlib/math-base-special-ln';"],
  ['guarantees/fine.ts', "import type { Name } from '../trace/trace.ts';"],
  ['diagrams/fine.ts', "import type { Name } from '../scenario/of.ts';"],
  ['diagrams/fine-inline.ts', "import { type Name } from '../scenario/of.ts';"],
  ['cli/fine.ts', "import { readFileSync } from 'node:fs';\nimport { name } from '../run/of.ts';"],
  ['views/fine.tsx', "import { scaleLinear } from 'd3-scale';\nimport './fine.css';"],
  ['app/fine.ts', "import { version } from '../../package.json';"],
];

describe('the table of rooms', () => {
  let found: readonly Breach[] = [];
  beforeAll(async () => {
    const folder = plant('imports', {
      ...OFFERED,
      ...Object.fromEntries([...PLANTED_IMPORTS, ...LET_PASS].map(([path, text]) => [`src/${path}`, text])),
      'src/views/fine.css': '',
      'package.json': '{}',
      'scripts/install.mjs': '',
      'src/system/two-a.ts': "import './two-b.ts';",
      'src/system/two-b.ts': "import type { X } from './two-a.ts';",
    });
    found = (await breachesIn(folder)).breaches;
  });
  const inFile = (file: string): string[] =>
    found.filter((one) => one.file === `src/${file}`).map(({ rule }) => rule);

  test.each(PLANTED_IMPORTS)('catches in %s: %s', (path, _text, rule) => {
    expect(inFile(path)).toEqual([rule]);
  });

  test.each(LET_PASS)('lets pass in %s: %s', (path) => {
    expect(inFile(path)).toEqual([]);
  });

  test('catches two files that import each other, be it for types alone', () => {
    expect(found.filter(({ rule }) => rule === 'no cycles')).toHaveLength(1);
  });
});

const PLANTED_USES: readonly string[] = [
  'export const x = Math.random();',
  'export const { log } = Math;',
  'export const x = Math["random"]();',
  'export const f = Math.hypot;',
  'export const m = Math;',
  'export const x = (a: number, b: number) => a ** b;',
  'export let a = 3; a **= 2;',
  'export const x = 2 ** 0.5;',
  'export const x = 10 ** -6;',
  'export const x = 10 ** 300;',
  'export const x = Date.now();',
  'export const x = new Date();',
  'export const x = globalThis.document;',
  'export const x = (5).toLocaleString();',
  'export const x = (names: string[]) => names.sort((a, b) => a.localeCompare(b));',
  'export const x = (name?: string) => name?.localeCompare("");',
  'export const x = new Intl.NumberFormat();',
  'export const x = new WeakRef({});',
];

const FINE_USES: readonly string[] = [
  'export const x = Math.imul(Math.floor(Math.sqrt(2)), 3);',
  'export const x = (u: number) => 2 ** 32 - 1 + u * 2 ** -32 + 10 ** 6 + 1024 ** 2;',
  'export const text = "Math.random() ** 2"; // Date.now()',
  'export const x = (station: { readonly Date: number }) => station.Date;',
];

describe('the linter', () => {
  let found: readonly { readonly location: { readonly path: string }; readonly severity: string }[] = [];
  beforeAll(() => {
    const bad = PLANTED_USES.map((text, i) => [`bad-${i}.ts`, text] as const);
    const fine = FINE_USES.map((text, i) => [`fine-${i}.ts`, text] as const);
    const folder = plant(
      'uses',
      Object.fromEntries([
        ...[...bad, ...fine].map(([name, text]) => [`src/kernel/${name}`, text]),
        ...bad.map(([name, text]) => [`src/cli/${name}`, text]),
        [
          'src/views/thread.ts',
          "export const x = () => new Worker(new URL('../worker/main.ts', import.meta.url));",
        ],
        [
          'src/app/thread.ts',
          "export const x = () => new Worker(new URL('../worker/main.ts', import.meta.url));",
        ],
        ['src/app/long.ts', Array(401).fill('void 0;').join('\n')],
        ['src/app/long-enough.ts', Array(400).fill('void 0;').join('\n')],
      ]),
    );
    cpSync(join(root, 'scripts/lint'), join(folder, 'scripts/lint'), { recursive: true });
    cpSync(join(root, 'biome.json'), join(folder, 'biome.json'));
    const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
    const { stdout } = spawnSync(
      process.execPath,
      [biome, 'lint', '--reporter=json', '--max-diagnostics=none', '--diagnostic-level=error', 'src'],
      { cwd: folder, encoding: 'utf8' },
    );
    found = JSON.parse(stdout).diagnostics;
  });
  const inFile = (file: string): number =>
    found.filter(({ location }) => location.path === `src/${file}`).length;

  test.each(PLANTED_USES.map((text, i) => [text, i] as const))('catches below the worker: %s', (_text, i) => {
    expect(inFile(`kernel/bad-${i}.ts`)).toBeGreaterThan(0);
    expect(inFile(`cli/bad-${i}.ts`)).toBe(0);
  });

  test.each(FINE_USES.map((text, i) => [text, i] as const))('lets pass below the worker: %s', (_text, i) => {
    expect(inFile(`kernel/fine-${i}.ts`)).toBe(0);
  });

  test('catches a view that starts a thread, and lets the page', () => {
    expect(inFile('views/thread.ts')).toBe(1);
    expect(inFile('app/thread.ts')).toBe(0);
  });

  test('catches a file of 401 lines and lets one of 400 pass', () => {
    expect(inFile('app/long.ts')).toBe(1);
    expect(inFile('app/long-enough.ts')).toBe(0);
  });
});

/** Names that are there in a browser or in Node, and that the compiler must not know in the rooms of a project. */
const UNKNOWN_BELOW_THE_WORKER =
  'performance setTimeout setInterval setImmediate queueMicrotask requestAnimationFrame window document navigator location ' +
  'history self localStorage indexedDB fetch WebSocket Worker postMessage HTMLElement process Buffer require crypto';

describe('the compiler', () => {
  test.each([
    ['simulation', UNKNOWN_BELOW_THE_WORKER],
    ['runs', UNKNOWN_BELOW_THE_WORKER],
    ['worker', 'window document HTMLElement localStorage process Buffer require'],
    ['page', 'process Buffer require'],
  ])('knows in the rooms of tsconfig/%s.json none of: %s', (project, names) => {
    const file = join(root, 'tsconfig', `${project}.json`);
    const { options } = ts.parseJsonConfigFileContent(
      ts.readConfigFile(file, (path) => readFileSync(path, 'utf8')).config,
      ts.sys,
      dirname(file),
    );
    const folder = plant(project, { 'names.ts': `${names.split(' ').join(';\n')};\nexport {};` });
    const program = ts.createProgram([join(folder, 'names.ts')], {
      ...options,
      noEmit: true,
      composite: false,
      emitDeclarationOnly: false,
    });
    const unknown = program
      .getSemanticDiagnostics(program.getSourceFile(join(folder, 'names.ts')))
      .map(
        ({ messageText }) =>
          /Cannot find name '(\w+)'/.exec(ts.flattenDiagnosticMessageText(messageText, ' '))?.[1],
      );
    expect(unknown).toEqual(names.split(' '));
  });
});
