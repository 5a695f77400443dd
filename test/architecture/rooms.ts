import { builtinModules } from 'node:module';
import type { ICruiseOptions, IForbiddenRuleType } from 'dependency-cruiser';

/** Who may import whom in src/, as rules for dependency-cruiser. This table is the law; ARCHITECTURE.md explains it. */

export interface Room {
  /** Rooms (`kernel`) and single files of rooms (`trace/trace.ts`). */
  readonly rooms: readonly string[];
  /** Rooms of which it may import types alone. */
  readonly types: readonly string[];
  /** Names of packages as regular expressions; NODE is all that Node brings along. */
  readonly packages: readonly string[];
}

const room = (rooms: string, packages = '', types = ''): Room => ({
  rooms: rooms.split(' ').filter(Boolean),
  types: types.split(' ').filter(Boolean),
  packages: packages.split(' ').filter(Boolean),
});

const WITHOUT_A_SCREEN =
  'base kernel trace algorithms machines system guarantees scenario run futures diagrams export';
/** What reads a trace: as ways between nodes, and as stories of messages. */
const ROWS = 'trace/trace.ts trace/hops.ts trace/story.ts';
const FOR_A_SCREEN =
  'react react-dom react-aria-components @xstate/react xstate d3-.* mermaid fflate ' +
  'codemirror @codemirror/.* @lezer/.* react-markdown yaml';

export const ROOMS: Readonly<Record<string, Room>> = {
  base: room(''),
  kernel: room('base', '@stdlib/.*'),
  trace: room('base kernel'),
  algorithms: room('base', '@stdlib/.*'),
  machines: room('base', 'xstate'),
  system: room('base kernel trace algorithms machines', '@stdlib/.*'),
  // Checkers see histories only: they can judge a real system's log, and cannot peek at the answer.
  guarantees: room('base trace/trace.ts'),
  scenario: room('base kernel trace algorithms system', 'yaml zod @stdlib/.*'),
  run: room('base kernel trace system guarantees scenario', 'fflate'),
  futures: room('base kernel trace guarantees scenario run'),
  // It draws what an algorithm decided; it does not decide.
  diagrams: room(`base ${ROWS}`, '', 'algorithms system scenario'),
  export: room(`base ${ROWS}`, 'd3-dsv', 'guarantees system scenario'),
  worker: room('base kernel trace system guarantees scenario run futures diagrams export', 'fflate'),
  // A view draws and decides nothing about a run: of the simulation it knows the protocol, and the machines as drawings. The rate-limit
  // laboratory runs the algorithms by themselves, with no run at all.
  views: room(
    `base machines algorithms ${ROWS} system/faults/actions.ts worker/protocol.ts diagrams`,
    FOR_A_SCREEN,
  ),
  app: room(
    `base machines ${ROWS} guarantees/verdict.ts system/faults/actions.ts worker diagrams views`,
    FOR_A_SCREEN,
  ),
  bench: room(WITHOUT_A_SCREEN, 'flatqueue tinyqueue NODE'),
  package: room(`${WITHOUT_A_SCREEN} testkit`),
  cli: room(`${WITHOUT_A_SCREEN} worker testkit bench package`, 'commander yaml NODE'),
  testkit: room(WITHOUT_A_SCREEN, 'fast-check @stdlib/.*'),
};

/** Files that may import less than their room. */
const FILES: Readonly<Record<string, Room>> = {
  'worker/protocol.ts': room(
    'trace/trace.ts system/faults/actions.ts worker/design-setting.ts',
    '',
    'algorithms',
  ),
};

/** What is no code is data: a style sheet, a scenario, package.json. */
const DATA = '\\.(css|json|yaml)$';

const inSource = (entry: string): string =>
  `^src/${entry.includes('.') ? `${entry.replaceAll('.', '\\.')}$` : `${entry}/`}`;
const inPackages = (name: string): string =>
  name === 'NODE' ? `^(node:)?(${builtinModules.join('|')})$` : `node_modules/${name}/`;
const orNothing = (list: readonly string[]): string => (list.length === 0 ? 'nothing' : list.join(', '));

/** The rules for a room or a file: what it may import, and what of that for its types alone. */
function rulesOf(name: string, { rooms, types, packages }: Room): IForbiddenRuleType[] {
  const from = { path: inSource(name) };
  const may = `src/${name} may import ${orNothing([...rooms, ...types.map((type) => `types of ${type}`), ...packages])}`;
  const all: IForbiddenRuleType = {
    name: `${name} may import`,
    comment: may,
    severity: 'error',
    from: name.includes('.') ? from : { ...from, pathNot: Object.keys(FILES).map(inSource) },
    to: {
      pathNot: [
        ...(name.includes('.') ? [] : [inSource(name)]),
        ...[...rooms, ...types].map(inSource),
        ...packages.map(inPackages),
        DATA,
      ],
    },
  };
  const values: IForbiddenRuleType = {
    name: `${name} may import types of`,
    comment: may,
    severity: 'error',
    from,
    to: { path: types.map(inSource), pathNot: rooms.map(inSource), dependencyTypesNot: ['type-only'] },
  };
  return types.length === 0 ? [all] : [all, values];
}

export const RULES: IForbiddenRuleType[] = [
  ...Object.entries({ ...ROOMS, ...FILES }).flatMap(([name, may]) => rulesOf(name, may)),
  {
    name: 'no cycles',
    comment: 'a file that imports itself by way of others cannot be read by itself',
    severity: 'error',
    from: {},
    to: { circular: true },
  },
];

export const OPTIONS: ICruiseOptions = {
  doNotFollow: { path: 'node_modules' },
  tsPreCompilationDeps: true,
  enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'default', 'types'] },
};
