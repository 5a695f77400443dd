import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fanOut } from '../../../src/diagrams/fan-out.ts';
import { shownName } from '../../../src/diagrams/mermaid-text.ts';
import { messageFlow } from '../../../src/diagrams/message-flow.ts';
import { ordering } from '../../../src/diagrams/ordering.ts';
import { DEFAULT_DESIGN } from '../../../src/system/design/defaults.ts';
import type { TraceKind } from '../../../src/trace/trace.ts';
import { flowModel, sequenceModel } from '../../unit/diagrams/mermaid-model.ts';
import {
  crossingMessages,
  fixtureNames,
  privateMessage,
  TraceWriter,
  user,
} from '../../unit/diagrams/trace-fixture.ts';

/** Names that a scenario may give: any text, and what means something to Mermaid, Markdown or HTML. */
const piece = fc.constantFrom(
  ...[
    'end',
    'note',
    'loop',
    'activate',
    'as',
    'style',
    'classDef',
    'subgraph',
    'graph',
    'title',
    'wrap:',
    'over',
  ],
  ...[
    '#',
    ';',
    ':',
    '"',
    "'",
    '`',
    '<',
    '>',
    '&',
    '%%',
    '{',
    '}',
    '[',
    ']',
    '(',
    ')',
    '|',
    '\\',
    '$$',
    '~~~',
    '---',
  ],
  ...[
    '->>',
    '-->',
    '-x',
    '#35;',
    '&amp;',
    '<br/>',
    '<b>',
    '\n',
    '\t',
    '1. ',
    '- ',
    '* ',
    '\u202E',
    '\u00B6\u00DF',
    '\uFB02\u00B0',
  ],
);
const name = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.array(fc.oneof(piece, fc.string({ maxLength: 4 })), { maxLength: 8 }).map((pieces) => pieces.join('')),
  fc.string({ minLength: 100, maxLength: 300 }),
);

describe('whatever things are called', () => {
  it('the message flow shows the names, and nothing else becomes of its lines', async () => {
    const { rows, stations } = privateMessage();
    await fc.assert(
      fc.asyncProperty(name, name, name, name, async (sender, receiver, channel, server) => {
        const names = fixtureNames(stations, [sender, receiver], [channel]);
        const renamed = stations.map((s) => (s.kind === 'ws-server' ? { ...s, name: server } : s));
        const text = messageFlow(rows, names, { stations: renamed });
        const { participants, steps } = await sequenceModel(text);
        expect(participants[0]!.label).toBe(`${shownName(sender)}<br/>Client A (sender)`);
        expect(participants[2]!.label).toBe(
          `${shownName(server)}<br/>WebSocket server of ${shownName(sender, 20)}`,
        );
        expect(participants[7]!.label).toBe(`${shownName(receiver)}<br/>Client B (receiver)`);
        expect(participants).toHaveLength(8);
        const shown = `${shownName(sender, 24)} writes ${shownName(`${sender}/1`, 24)} in ${shownName(`#${channel}`, 24)}`;
        expect(steps[0]!.text).toBe(`${shown}<br/>times count from 12.345678 s`);
        expect(steps).toHaveLength(text.trimEnd().split('\n').length - 9);
      }),
      { numRuns: 150 },
    );
  });

  it('the ordering diagram shows the names', async () => {
    const { rows, stations } = crossingMessages(false);
    await fc.assert(
      fc.asyncProperty(name, name, async (one, other) => {
        const names = fixtureNames(stations, ['alice', 'bob', one, other]);
        const { participants, steps } = await sequenceModel(ordering(rows, names));
        const labels = ['alice<br/>sender', 'bob<br/>sender', 'Chat service<br/>and all between'];
        const members = [one, other].map((n) => `${shownName(n)}<br/>member`);
        expect(participants.map((p) => p.label)).toEqual([...labels, ...members]);
        const verdict = `${shownName(one, 24)} was shown m1 before m2, ${shownName(other, 24)} m2 before m1`;
        expect(steps.at(-1)!.text).toBe(`${verdict}<br/>no one order fits both`);
      }),
      { numRuns: 100 },
    );
  });

  it('the component diagram shows the names of the classes of clients', async () => {
    await fc.assert(
      fc.asyncProperty(name, name, async (one, other) => {
        const [first] = DEFAULT_DESIGN.network.clients;
        const clients = [one, other].map((name) => ({ ...first!, name, share: 0.5 }));
        const text = fanOut({ ...DEFAULT_DESIGN, network: { ...DEFAULT_DESIGN.network, clients } });
        const { vertices, edges, groups } = await flowModel(text);
        expect(vertices.slice(0, 2).map((v) => v.label)).toEqual(
          [one, other].map((n) => `${shownName(n, 20)}<br/>50 % of the clients`),
        );
        expect([vertices.length, edges.length, groups.length]).toEqual([13, 10, 3]);
      }),
      { numRuns: 60 },
    );
  });
});

describe('whatever happens', () => {
  const kinds: readonly TraceKind[] = [
    ...[
      'send',
      'arrive',
      'forward',
      'refuse',
      'validate',
      'persist',
      'publish',
      'ack',
      'nack',
      'deliver',
      'buffer',
    ],
    ...[
      'duplicate',
      'drop',
      'retry',
      'fail',
      'lost',
      'connect',
      'disconnect',
      'crash',
      'restart',
      'cut',
      'say',
    ],
  ] as TraceKind[];
  const nodes = fc.constantFrom(0, 1, 2, 3, 4, 5, 6, user(0), user(1), user(2), 77);
  const step = fc.record({
    kind: fc.constantFrom(...kinds),
    node: nodes,
    peer: fc.oneof(nodes, fc.constant(-1)),
    after: nodes,
    sender: fc.constantFrom(0, 1),
    nth: fc.constantFrom(1, 2),
    channel: fc.constantFrom(0, 1),
    attempt: fc.nat(2),
    seq: fc.nat(3),
    reason: fc.constantFrom('none' as const, 'link-loss' as const, 'crashed' as const, 'queue-full' as const),
    gapUs: fc.nat(1_000),
  });
  const stations = privateMessage().stations.slice(0, 7);
  const names = fixtureNames(stations, ['alice', 'bob', 'carol']);

  it('a station that no hop leads to has no note of its own', async () => {
    const row = { peer: -1, after: 0, sender: 0, channel: 0, attempt: 0, seq: 0, reason: 'none' as const };
    const w = new TraceWriter();
    w.add(0, { ...row, kind: 'retry', node: 0, nth: 1 });
    w.add(34, { ...row, kind: 'send', node: 3, nth: 2 });
    w.add(100, { ...row, kind: 'forward', node: 0, nth: 1, dueUs: 400 });
    expect(messageFlow(w.rows, names, { stations })).not.toMatch(/undefined/);
  });

  it('each line of a message flow is one step of what Mermaid holds, at most as many as asked, and activations are balanced', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 60 }),
        fc.integer({ min: 0, max: 40 }),
        async (steps, maxMessages) => {
          const w = new TraceWriter();
          let timeUs = 0;
          for (const { gapUs, ...s } of steps) {
            timeUs += gapUs;
            w.add(timeUs, { ...s, ...(s.kind === 'forward' ? { dueUs: timeUs + 300 } : {}) });
          }
          const text = messageFlow(w.rows, names, { stations, maxMessages });
          const model = await sequenceModel(text);
          expect(model.steps).toHaveLength(text.trimEnd().split('\n').length - 1 - model.participants.length);
          expect(
            model.steps.filter((s) => s.kind === 'arrow' || s.kind === 'note').length,
          ).toBeLessThanOrEqual(maxMessages + 2);
          const count = (kind: string): number => model.steps.filter((s) => s.kind === kind).length;
          expect(count('activate')).toBe(count('deactivate'));
          expect(count('other')).toBe(0);
          expect(text).not.toMatch(/undefined|NaN/);
        },
      ),
      { numRuns: 150 },
    );
  });
});
