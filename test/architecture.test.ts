import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bannedUses, forbiddenImports, importCycles, longFiles } from './architecture/check.ts';
import { FILES, ROOMS } from './architecture/rules.ts';
import { readSource, type Source } from './architecture/source.ts';

const root = join(import.meta.dirname, '..');

function readSources(folder: string, endings: RegExp): Source[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => `${folder}/${file.replaceAll('\\', '/')}`)
    .filter((path) => endings.test(path))
    .sort()
    .map((path) => readSource(path, readFileSync(join(root, path), 'utf8')));
}

const sources = readSources('src', /\.tsx?$/);

describe('the source', () => {
  test('imports only what the table of rooms allows', () => {
    expect(sources.length).toBeGreaterThan(0);
    expect(sources.flatMap(forbiddenImports)).toEqual([]);
  });

  test('uses nothing below the worker that is not the same in every engine and at every hour', () => {
    expect(sources.flatMap(bannedUses)).toEqual([]);
  });

  test('has no file that imports itself by way of others', () => {
    expect(importCycles(sources)).toEqual([]);
  });

  test('has no file, in src or scripts, that is longer than a person reads at one sitting', () => {
    expect(longFiles([...sources, ...readSources('scripts', /\.mjs$/)])).toEqual([]);
  });
});

test('the table of rooms is itself without cycles and names rooms only', () => {
  const reaches = (from: string, seen: readonly string[]): string[] => {
    if (seen.includes(from)) return [[...seen, from].join(' -> ')];
    const rooms = ROOMS[from]!.rooms.map((entry) => entry.replace('types:', '').split('/')[0]!);
    return rooms.flatMap((room) =>
      ROOMS[room] === undefined ? [`no room ${room}`] : reaches(room, [...seen, from]),
    );
  };
  expect(Object.keys(ROOMS).flatMap((room) => reaches(room, []))).toEqual([]);
  expect(Object.keys(FILES).every((file) => ROOMS[file.split('/')[0]!] !== undefined)).toBe(true);
});

/** Bad sources, and the part of the complaint that names the rule. */
const PLANTED_IMPORTS: [string, string, string][] = [
  ['src/base/a.ts', "import { x } from '../kernel/b.ts';", 'src/base may import nothing'],
  ['src/kernel/a.ts', "import { x } from '../system/b.ts';", 'src/kernel may import base'],
  ['src/kernel/a.ts', "export * from '../system/b.ts';", 'src/kernel may import base'],
  ['src/kernel/a.ts', "const x = await import('../system/b.ts');", 'src/kernel may import base'],
  ['src/kernel/a.ts', "type X = import('../system/b.ts').X;", 'src/kernel may import base'],
  ['src/kernel/a.ts', "import { readFileSync } from 'node:fs';", 'imports node:fs'],
  ['src/kernel/a.ts', "import fs from 'fs';", 'imports fs'],
  ['src/algorithms/a.ts', "import { x } from 'lodash/fp';", 'imports lodash/fp'],
  ['src/guarantees/a.ts', "import type { World } from '../kernel/world.ts';", 'base, trace/trace.ts'],
  ['src/diagrams/a.ts', "import { run } from '../scenario/run.ts';", 'types:scenario'],
  ['src/diagrams/a.ts', "import { type Run, run } from '../scenario/run.ts';", 'types:scenario'],
  [
    'src/worker/protocol.ts',
    "import { x } from './main.ts';",
    'src/worker/protocol.ts may import trace/trace.ts',
  ],
  ['src/worker/protocol.ts', "import type { x } from '../scenario/run.ts';", 'system/faults/actions.ts'],
  [
    'src/views/a.tsx',
    "const w = new Worker(new URL('../worker/main.ts', import.meta.url));",
    'worker/protocol.ts',
  ],
  ['src/views/a.tsx', "import W from '../worker/main.ts?worker';", 'worker/protocol.ts'],
  ['src/cli/a.ts', "import { Stage } from '../views/stage.tsx';", 'src/cli may import'],
  ['src/testkit/a.ts', "import { Stage } from '../app/stage.tsx';", 'src/testkit may import'],
  ['src/app/a.ts', "import { root } from '../../scripts/install.mjs';", 'no code from outside'],
  ['src/attic/a.ts', '', 'lies in no room'],
  ['src/a.ts', '', 'lies in no room'],
];

const PLANTED_USES: [string, string][] = [
  ['const x = Math.random();', 'Math.random'],
  ['const { log } = Math;', 'Math.log'],
  ['const x = Math["random"]();', 'Math[]'],
  ['const f = Math.hypot;', 'Math.hypot'],
  ['const x = a ** b;', '**'],
  ['a **= 2;', '**'],
  ['const x = 2 ** 0.5;', '**'],
  ['const x = 10 ** -6;', '**'],
  ['const x = 10 ** 300;', '**'],
  ['const x = Date.now();', 'Date'],
  ['const x = new Date();', 'Date'],
  ['const x = performance.now();', 'performance'],
  ['setTimeout(() => {}, 1);', 'setTimeout'],
  ['const x = { setInterval };', 'setInterval'],
  ['class X extends HTMLElement {}', 'HTMLElement'],
  ['document.body.append("x");', 'document'],
  ['const x = globalThis.document;', 'globalThis'],
  ['const x = (5).toLocaleString();', '.toLocaleString'],
  ['const x = names.sort((a, b) => a.localeCompare(b));', '.localeCompare'],
  ['const x = new Intl.NumberFormat();', 'Intl'],
  ['const x = process.argv;', 'process'],
  ['const x = import.meta.glob("./*.ts");', 'import.meta.glob'],
];

describe('the check itself', () => {
  test.each(PLANTED_IMPORTS)('catches in %s: %s', (path, text, rule) => {
    const complaints = forbiddenImports(readSource(path, text));
    expect(complaints).toHaveLength(1);
    expect(complaints[0]).toContain(rule);
    expect(complaints[0]).toContain(path);
  });

  test.each(PLANTED_USES)('catches below the worker: %s', (text, name) => {
    const complaints = bannedUses(readSource('src/kernel/a.ts', text));
    expect(complaints).toHaveLength(1);
    expect(complaints[0]).toContain(`src/kernel/a.ts:1: uses ${name}; below the worker use `);
    expect(bannedUses(readSource('src/worker/a.ts', text))).toEqual([]);
  });

  test.each([
    ['src/kernel/a.ts', "import { x } from '../base/b.ts'; import { y } from './c.ts';"],
    ['src/kernel/a.ts', "import ln from '@stdlib/math-base-special-ln';"],
    ['src/guarantees/a.ts', "import type { TraceRow } from '../trace/trace.ts';"],
    [
      'src/diagrams/a.ts',
      "import type { Run } from '../scenario/run.ts'; import { type R } from '../scenario/r.ts';",
    ],
    ['src/cli/a.ts', "import { readFileSync } from 'node:fs'; import { run } from '../scenario/run.ts';"],
    ['src/views/a.tsx', "import { scaleLinear } from 'd3-scale'; import './a.css';"],
    ['src/app/a.ts', "const w = new Worker(new URL('../worker/main.ts', import.meta.url));"],
    ['src/app/a.ts', "import { version } from '../../package.json';"],
    ['src/app/a.ts', "import schema from '../../scenarios/scenario.schema.json';"],
  ])('lets pass in %s: %s', (path, text) => {
    expect(forbiddenImports(readSource(path, text))).toEqual([]);
  });

  test.each([
    'const x = Math.imul(Math.floor(Math.sqrt(2)), 3);',
    'const x = 2 ** 32 - 1 + u * 2 ** -32 + 10 ** 6;',
    'const location = 1; const y = location + 1;',
    'interface History { history: number; process(x: Date): void }',
    'const text = "Math.random() ** 2"; // Date.now()',
    'const x = station.process + world.history.length + { document: 1 }.document;',
  ])('lets pass below the worker: %s', (text) => {
    expect(bannedUses(readSource('src/kernel/a.ts', text))).toEqual([]);
  });

  test('finds a cycle of two and one of three, and each once', () => {
    const cycle = [
      readSource('src/kernel/a.ts', "import './b.ts';"),
      readSource('src/kernel/b.ts', "import './a.ts'; import type { C } from './c.ts';"),
      readSource('src/kernel/c.ts', "import './a.ts';"),
      readSource('src/kernel/d.ts', "import './a.ts';"),
    ];
    expect(importCycles(cycle)).toEqual([
      'src/kernel/a.ts -> src/kernel/b.ts -> src/kernel/a.ts',
      'src/kernel/a.ts -> src/kernel/b.ts -> src/kernel/c.ts -> src/kernel/a.ts',
    ]);
    expect(importCycles(cycle.slice(3))).toEqual([]);
  });

  test('finds a file of 401 lines and leaves one of 400 alone', () => {
    expect(longFiles([readSource('src/kernel/a.ts', '\n'.repeat(400))])).toEqual([]);
    expect(longFiles([readSource('src/kernel/a.ts', '\n'.repeat(401))])).toHaveLength(1);
  });
});
