import type { DiagramName } from '../diagrams/registry.ts';
import { drawDiagram } from '../package/draw-diagram.ts';
import { readScenario } from './read-scenario.ts';

/** The diagrams of the lab, each from a shipped scenario: what `diagrams/` holds. */
export const LAB_DIAGRAMS: readonly {
  readonly file: string;
  readonly scenario: string;
  readonly kind: DiagramName;
}[] = [
  { file: 'message-flow-private', scenario: 'one-message', kind: 'message-flow' },
  { file: 'message-flow-group', scenario: 'one-message-group', kind: 'message-flow' },
  { file: 'fan-out', scenario: 'million-users', kind: 'fan-out' },
  { file: 'connection', scenario: 'one-message', kind: 'connection' },
  { file: 'server-state', scenario: 'server-crash', kind: 'server-state' },
  { file: 'rate-limit', scenario: 'rate-limit-basics', kind: 'rate-limit' },
  { file: 'rate-limit-placement', scenario: 'limiter-down', kind: 'rate-limit-placement' },
  { file: 'rate-limit-states', scenario: 'rate-limit-basics', kind: 'rate-limit-states' },
];

/** The text of one of these, with the command that draws the same on its first line. */
export function labDiagramText({ scenario, kind }: (typeof LAB_DIAGRAMS)[number]): string {
  const text = drawDiagram(readScenario(scenario, []), kind, null).trimEnd();
  return `%% npm run -s fanout -- diagram ${scenario} --kind ${kind}\n${text}\n`;
}
