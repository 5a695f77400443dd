import { US_PER_SECOND } from '../base/units.ts';
import { parseScenario as parseInside, worldsOf } from '../scenario/parse.ts';
import type { Scenario as InnerScenario, Override, ScenarioSource } from '../scenario/types.ts';

/** What may be changed over the text of a scenario, as the options of the command line do. */
export interface ScenarioChanges {
  /** Settings by their path, such as `{ 'design.delivery': 'at-most-once' }`. */
  readonly set?: Readonly<Record<string, unknown>>;
  /** The number of users: `5000` or `'10k'`. */
  readonly users?: number | string;
  /** The virtual time that the run takes, such as `'60s'`. */
  readonly for?: string;
  /** A whole number from 0. */
  readonly seed?: number;
}

/**
 * A scenario that has been read and checked. It is plain data: it can be sent to a worker, and stored. What else it holds is no part of
 * the interface.
 */
export interface ParsedScenario {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly teaches: readonly string[];
  readonly seed: number;
  readonly users: number;
  /** Virtual seconds that a run takes. */
  readonly durationSeconds: number;
  /** The world as it is written, then those under `compare:`. A run is one of each. */
  readonly worlds: readonly string[];
  /** The text and what was changed over it. */
  readonly source: ScenarioSource;
}

/**
 * Reads the YAML text of a scenario, and checks all of it, every world under `compare:` included.
 *
 * @param fileName - stands in messages.
 * @throws InputError, with `FILE:LINE:COLUMN: what is wrong; what would be right` for each problem.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { parseScenario } from 'fanout';
 *
 * const text = 'scenario: two\ntitle: Two\nworkload: { users: [alice, bob], channels: { named: { us: [alice, bob] } }, messages: { perUserPerMinute: 0 } }';
 * assert.equal(parseScenario(text, 'two.yaml', { for: '5s' }).durationSeconds, 5);
 * assert.throws(() => parseScenario(`${text}\nsede: 3`, 'two.yaml'), /two.yaml:4:1: .*did you mean seed/);
 * ```
 */
export function parseScenario(
  text: string,
  fileName = 'scenario.yaml',
  changes: ScenarioChanges = {},
): ParsedScenario {
  const scenario = parseInside(text, fileName, overridesOf(changes));
  return {
    name: scenario.name,
    title: scenario.title,
    summary: scenario.summary,
    teaches: scenario.teaches,
    seed: scenario.seed,
    users: scenario.workload.users,
    durationSeconds: scenario.durationUs / US_PER_SECOND,
    worlds: worldsOf(scenario).map(({ name }) => name),
    source: scenario.source,
  };
}

function overridesOf({ set = {}, users, for: duration, seed }: ScenarioChanges): Override[] {
  const given = [
    ['users', 'users', users],
    ['for', 'duration', duration],
    ['seed', 'seed', seed],
  ] as const;
  return [
    ...Object.entries(set).map(([path, value]): Override => ({ kind: 'set', path, value })),
    ...given.flatMap(([kind, path, value]) => (value === undefined ? [] : [{ kind, path, value }])),
  ];
}

/** As the simulation wants it. */
export const insideOf = ({ source: { text, fileName, overrides } }: ParsedScenario): InnerScenario =>
  parseInside(text, fileName, overrides);
