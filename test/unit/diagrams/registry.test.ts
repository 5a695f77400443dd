import { describe, expect, it } from 'vitest';
import { DIAGRAMS, type DiagramInput, type DiagramName } from '../../../src/diagrams/registry.ts';
import { DEFAULT_DESIGN } from '../../../src/system/defaults.ts';
import { flowModel, sequenceModel } from './mermaid-model.ts';
import { crossingMessages, privateMessage } from './trace-fixture.ts';

const NAMES = Object.keys(DIAGRAMS) as DiagramName[];
const input: DiagramInput = { design: DEFAULT_DESIGN, ...privateMessage() };

describe('registry of diagrams', () => {
  it.each(NAMES)(
    '%s says in one sentence what it shows, and draws text that Mermaid understands',
    async (name) => {
      expect(DIAGRAMS[name].description).toMatch(/^[A-Z][^.]+\.$/);
      const text = DIAGRAMS[name].draw(input);
      const model = text.startsWith('sequenceDiagram')
        ? (await sequenceModel(text)).steps
        : (await flowModel(text)).edges;
      expect(model.length).toBeGreaterThan(3);
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

  it('server-state marks what the design does', async () => {
    const { groups } = await flowModel(DIAGRAMS['server-state'].draw(input));
    expect(groups.map((g) => g.title).sort()).toEqual([
      'Stateful servers (this design)',
      'Stateless servers, external state',
    ]);
  });
});
