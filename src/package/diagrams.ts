/**
 * fanout/diagrams: a design, or what a run of it did, as Mermaid text.
 *
 * @packageDocumentation
 */

import { DIAGRAMS, type DiagramName } from '../diagrams/registry.ts';
import { drawDiagram } from './draw-diagram.ts';
import { insideOf, type ParsedScenario } from './scenario.ts';

export type { Override, ScenarioSource } from '../scenario/types.ts';
export { type ParsedScenario, parseScenario, type ScenarioChanges } from './scenario.ts';

/** What a diagram shows. */
export type DiagramKind =
  | 'message-flow'
  | 'fan-out'
  | 'ordering'
  | 'connection'
  | 'server-state'
  | 'rate-limit'
  | 'rate-limit-placement'
  | 'rate-limit-states';

/** Every kind of diagram. */
export const DIAGRAM_KINDS: readonly DiagramKind[] = Object.keys(DIAGRAMS) as readonly DiagramName[];

/**
 * A diagram of a scenario as Mermaid text. Kinds that show what happened run the scenario's own world to its end.
 *
 * @param message - a message by its sender and the how-manyth it is, such as `alice/1`; the first that was sent when left out.
 * @throws InputError when there is no such message; UserError when the run has nothing to show; and as `runScenario` does.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { diagramOf, parseScenario } from 'fanout/diagrams';
 *
 * const scenario = parseScenario(`
 * scenario: hello
 * title: Hello
 * duration: 5s
 * workload: { users: [alice, bob], channels: { named: { us: [alice, bob] } }, messages: { perUserPerMinute: 0 } }
 * script:
 *   - { at: 1s, send: { from: alice, to: us } }
 * `);
 * assert.match(diagramOf(scenario, 'message-flow', 'alice/1'), /^sequenceDiagram/);
 * ```
 */
export function diagramOf(scenario: ParsedScenario, kind: DiagramKind, message?: string): string {
  return drawDiagram(insideOf(scenario), kind, message ?? null);
}
