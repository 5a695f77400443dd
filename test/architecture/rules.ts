/**
 * The rooms of src/, who may import whom, and what may not be used below the worker. This table is the law; ARCHITECTURE.md
 * explains it.
 */

export interface Room {
  /** Rooms (`kernel`) and single files of rooms (`trace/trace.ts`); with `types:` in front, for their types alone. */
  readonly rooms: readonly string[];
  /** Packages; `@stdlib/*` is every package of a scope, `d3*` every package that begins so. */
  readonly packages: readonly string[];
}

const TRACE = 'trace/trace.ts';
/** Reads a trace as ways between nodes. */
const HOPS = 'trace/hops.ts';
const WITHOUT_A_SCREEN =
  'base kernel trace algorithms machines system guarantees scenario run futures diagrams export'.split(' ');
const FOR_A_SCREEN = (
  'react react-dom react-aria-components @xstate/react xstate d3* mermaid fflate ' +
  'codemirror @codemirror/* @lezer/* dompurify react-markdown yaml'
).split(' ');

export const ROOMS: Readonly<Record<string, Room>> = {
  base: { rooms: [], packages: [] },
  kernel: { rooms: ['base'], packages: ['@stdlib/*'] },
  trace: { rooms: ['base', 'kernel'], packages: [] },
  algorithms: { rooms: ['base'], packages: ['@stdlib/*'] },
  machines: { rooms: ['base'], packages: ['xstate'] },
  system: { rooms: ['base', 'kernel', 'trace', 'algorithms', 'machines'], packages: ['@stdlib/*'] },
  // Checkers see histories only: they can judge a real system's log, and cannot peek at the answer.
  guarantees: { rooms: ['base', TRACE], packages: [] },
  scenario: {
    rooms: ['base', 'kernel', 'trace', 'algorithms', 'system'],
    packages: ['yaml', 'zod', '@stdlib/*'],
  },
  run: {
    rooms: ['base', 'kernel', 'trace', 'system', 'guarantees', 'scenario'],
    packages: ['fflate'],
  },
  futures: { rooms: ['base', 'kernel', 'trace', 'guarantees', 'scenario', 'run'], packages: [] },
  // It draws what an algorithm decided; it does not decide.
  diagrams: {
    rooms: ['base', TRACE, HOPS, 'types:algorithms', 'types:system', 'types:scenario'],
    packages: [],
  },
  export: {
    rooms: ['base', TRACE, HOPS, 'types:guarantees', 'types:system', 'types:scenario'],
    packages: [],
  },
  worker: {
    rooms: [
      'base',
      'kernel',
      'trace',
      'system',
      'guarantees',
      'scenario',
      'run',
      'futures',
      'diagrams',
      'export',
    ],
    packages: ['fflate'],
  },
  // A view draws and decides nothing about a run: of the simulation it knows the protocol, and the machines as drawings. The rate-limit
  // laboratory runs the algorithms by themselves, with no run at all.
  views: {
    rooms: [
      'base',
      'machines',
      'algorithms',
      TRACE,
      HOPS,
      'system/faults/actions.ts',
      'worker/protocol.ts',
      'diagrams',
    ],
    packages: FOR_A_SCREEN,
  },
  app: {
    rooms: ['base', 'machines', TRACE, 'system/faults/actions.ts', 'worker', 'diagrams', 'views'],
    packages: FOR_A_SCREEN,
  },
  cli: {
    rooms: [...WITHOUT_A_SCREEN, 'worker', 'testkit', 'bench'],
    packages: ['commander', 'yaml', 'node:*'],
  },
  bench: { rooms: WITHOUT_A_SCREEN, packages: ['node:*', 'flatqueue', 'tinyqueue'] },
  testkit: { rooms: WITHOUT_A_SCREEN, packages: ['fast-check', '@stdlib/*'] },
};

/** Files that may import less than their room. */
export const FILES: Readonly<Record<string, Room>> = {
  'worker/protocol.ts': { rooms: [TRACE, 'system/faults/actions.ts', 'types:algorithms'], packages: [] },
};

/** Rooms whose files run the same, bit for bit, in every engine and at any wall time. */
export const BELOW_THE_WORKER = [...WITHOUT_A_SCREEN, 'testkit'];

const all = (names: string, instead: string): [string, string][] =>
  names.split(' ').map((name) => [name, instead]);
const members = (owner: string, names: string, instead: string): [string, string][] =>
  all(names, instead).map(([name]) => [`${owner}.${name}`, instead]);

/** What may not be used below the worker, and what to use in its place. */
export const BANNED: ReadonlyMap<string, string> = new Map([
  ['Math.random', 'a choice of the kernel, keyed by (purpose, entity, count)'],
  ...members(
    'Math',
    'log exp pow sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh atanh log2 log10 log1p expm1 cbrt hypot',
    '@stdlib/math-base-special-*, or integers: engines differ in the last bit',
  ),
  ['Math[]', 'the function of Math by its name, so that it can be checked'],
  [
    '**',
    'a product, a constant (2 ** -32 is one, 1 << n another), or @stdlib/math-base-special-pow: engines differ',
  ],
  ...all('Date performance', 'virtual time, which arrives with each event'),
  ...all(
    'setTimeout setInterval setImmediate clearTimeout clearInterval queueMicrotask requestAnimationFrame requestIdleCallback',
    'schedule() or arm() of the event list',
  ),
  ...all(
    'window document navigator location history self localStorage sessionStorage indexedDB fetch XMLHttpRequest WebSocket ' +
      'EventSource Worker postMessage addEventListener matchMedia alert confirm OffscreenCanvas Image HTMLElement',
    'nothing: the browser belongs to worker, views and app',
  ),
  ...all('process Buffer require __dirname __filename', 'nothing: Node belongs to cli'),
  ...all('globalThis', 'the thing itself by its name, so that it can be checked'),
  ...all('crypto', 'a choice of the kernel, or a hash of base/hash.ts'),
  ...all('WeakRef FinalizationRegistry', 'a column: what the garbage collector does is no part of a run'),
  ...all('Intl', 'formatDuration and formatCount of base/units.ts: locales differ'),
  ...members(
    '',
    'toLocaleString toLocaleDateString toLocaleTimeString toLocaleLowerCase toLocaleUpperCase localeCompare',
    'formatDuration and formatCount of base/units.ts, and < for order: locales differ',
  ),
  ['import.meta.glob', 'a registry file: this is known to Vite alone'],
]);

export const MAX_LINES = 400;
