import { describe, expect, it } from 'vitest';
import { rateLimit } from '../../../src/algorithms/rate-limit/config.ts';
import { rateLimitDecisions } from '../../../src/algorithms/rate-limit/decisions.ts';
import { STATE_FLOWS } from '../../../src/algorithms/rate-limit/states.ts';
import { DIAGRAMS, type DiagramInput, type DiagramName } from '../../../src/diagrams/registry.ts';
import { DEFAULT_DESIGN } from '../../../src/system/design/defaults.ts';
import { ganttModel, stateModel } from '../rate-limit/mermaid-models.ts';
import { flowModel, sequenceModel } from './mermaid-model.ts';
import { crossingMessages, privateMessage } from './trace-fixture.ts';

const NAMES = Object.keys(DIAGRAMS) as DiagramName[];
const LIMIT = rateLimit('sliding-window-log', 5, 60_000_000);
const input: DiagramInput = {
  design: DEFAULT_DESIGN,
  ...privateMessage(),
  rateLimit: {
    config: LIMIT,
    flow: STATE_FLOWS[LIMIT.algorithm],
    decisions: rateLimitDecisions(LIMIT, [0, 15e6, 20e6, 35e6, 55e6, 60e6, 65e6]),
  },
};
/** What Mermaid has understood of a text of any kind: its steps, bars or arrows. */
async function understood(text: string): Promise<readonly unknown[]> {
  if (text.startsWith('sequenceDiagram')) return (await sequenceModel(text)).steps;
  if (text.startsWith('gantt')) return (await ganttModel(text)).tasks;
  if (text.startsWith('stateDiagram')) return (await stateModel(text)).edges;
  return (await flowModel(text)).edges;
}

describe('registry of diagrams', () => {
  it.each(NAMES)(
    '%s says in one sentence what it shows, and draws text that Mermaid understands',
    async (name) => {
      expect(DIAGRAMS[name].description).toMatch(/^[A-Z][^.]+\.$/);
      expect((await understood(DIAGRAMS[name].draw(input))).length).toBeGreaterThan(3);
    },
  );

  it('the same input gives the same text', () => {
    for (const name of NAMES) expect(DIAGRAMS[name].draw(input)).toBe(DIAGRAMS[name].draw(input));
  });

  it('pub/sub is called by the design\u2019s technology', async () => {
    const kafka: DiagramInput = {
      ...input,
      design: { ...DEFAULT_DESIGN, pubsub: { ...DEFAULT_DESIGN.pubsub, kind: 'kafka' } },
    };
    const { participants } = await sequenceModel(DIAGRAMS['message-flow'].draw(kafka));
    expect(participants.map((p) => p.label)).toContain('pubsub-1<br/>Kafka');
  });

  it('what a kind is asked for reaches it: a message, a channel', () => {
    expect(() => DIAGRAMS['message-flow'].draw({ ...input, message: { sender: 5, nth: 1 } })).toThrow(
      'no message user-6/1',
    );
    expect(() => DIAGRAMS.ordering.draw({ ...input, ...crossingMessages(true), channel: 3 })).toThrow(
      '#channel-4',
    );
  });

  it('a design without a rate limit has no time line and no states of one, and its picture of the place says so', async () => {
    const { rateLimit: _, ...none } = { ...input, design: { ...DEFAULT_DESIGN, rateLimit: null } };
    for (const kind of ['rate-limit', 'rate-limit-states'] as const)
      expect(() => DIAGRAMS[kind].draw(none)).toThrow('the design has no rate limit; give it one');
    expect(DIAGRAMS['rate-limit-placement'].draw(none)).toContain('a flood reaches the database');
  });

  it('server-state marks what the design does', async () => {
    const { groups } = await flowModel(DIAGRAMS['server-state'].draw(input));
    expect(groups.map((g) => g.title).sort()).toEqual([
      'Stateful servers (this design)',
      'Stateless servers, external state',
    ]);
  });
});
