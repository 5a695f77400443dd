import { describe, expect, it } from 'vitest';
import { ordering } from '../../../src/diagrams/ordering.ts';
import type { TraceRow } from '../../../src/trace/trace.ts';
import { ARROW_TYPES, sequenceModel } from './mermaid-model.ts';
import {
  crossingMessages,
  type Fixture,
  fixtureNames,
  fixtureStations,
  TraceWriter,
  user,
} from './trace-fixture.ts';

async function story(f: Fixture, options = {}): Promise<string[]> {
  const model = await sequenceModel(ordering(f.rows, f.names, options));
  const name = new Map(model.participants.map((p) => [p.id, p.label.split('<br/>')[0]!]));
  return model.steps.map((s) =>
    s.kind === 'note'
      ? `note ${name.get(s.from)}: ${s.text.replaceAll('<br/>', ', ')}`
      : `${name.get(s.from)} ${ARROW_TYPES[s.type]} ${name.get(s.to)}: ${s.text.replaceAll('<br/>', ', ')}`,
  );
}

describe('ordering diagram', () => {
  it('without a reorder buffer two members are shown two messages in opposite order', async () => {
    expect(await story(crossingMessages(false))).toEqual([
      'note alice: #general, m1 is alice/1, m2 is bob/1',
      'alice ->> Chat service: m1, number 41, +12.6 ms',
      'bob ->> Chat service: m2, number 42, +13.6 ms',
      'Chat service ->> carol: m1, +30 ms',
      'Chat service ->> dave: m2, +33 ms',
      'Chat service ->> carol: m2, +36 ms',
      'Chat service ->> dave: m1, +52 ms',
      'note carol: shown, m1, m2',
      'note dave: shown, m2, m1',
      'note alice: carol was shown m1 before m2, dave m2 before m1, no one order fits both',
    ]);
  });

  it('with one the early message waits and all agree', async () => {
    const lines = await story(crossingMessages(true));
    expect(lines).toContain('note dave: m2 waits in the reorder buffer for number 41');
    expect(lines.slice(-5)).toEqual([
      'Chat service ->> dave: m1, +52 ms',
      'dave ->> dave: show m2, +52 ms',
      'note carol: shown, m1, m2',
      'note dave: shown, m1, m2',
      'note alice: no two of 2 members disagree on the order',
    ]);
  });

  it('one member alone out of the numbers\u2019 order is said too', async () => {
    const f = crossingMessages(false);
    const rows = f.rows.filter((r) => r.node !== user(2));
    expect((await story({ ...f, rows })).at(-1)).toBe(
      'note alice: dave was shown m2 before m1, against their numbers',
    );
  });

  it('of many members those who disagree are drawn, and the rest is counted', async () => {
    const stations = fixtureStations(2);
    const w = new TraceWriter();
    for (const nth of [1, 2]) w.add(nth, { kind: 'send', node: user(0), peer: 1, nth });
    const shown = (t: number, member: number, nth: number): TraceRow =>
      w.add(t, { kind: 'deliver', node: user(member), peer: 1, nth });
    for (let member = 1; member <= 200; member++) {
      const first = member === 137 ? 2 : 1;
      shown(1_000 + member * 2, member, first);
      shown(1_001 + member * 2, member, 3 - first);
    }
    const f: Fixture = { rows: w.rows, stations, names: fixtureNames(stations, ['alice']) };
    const lines = await story(f);
    expect(lines).toContain('note user-138: shown, m2, m1');
    expect(lines.at(-1)).toBe(
      'note alice: user-2 was shown m1 before m2, user-138 m2 before m1, no one order fits both, 197 more members not drawn',
    );
  });

  it('at most four messages are drawn, those sent closest together, and the key says how many are not', async () => {
    const stations = fixtureStations(2);
    const w = new TraceWriter();
    const times = [0, 500, 900, 1_000, 1_010, 1_020, 1_030, 2_000, 3_000];
    times.forEach((t, i) => void w.add(t, { kind: 'send', node: user(0), peer: 1, nth: i + 1 }));
    const f: Fixture = { rows: w.rows, stations, names: fixtureNames(stations, ['alice']) };
    const lines = await story(f);
    expect(lines[0]).toBe(
      'note alice: #general, m1 is alice/4, m2 is alice/5, m3 is alice/6, m4 is alice/7, 5 more messages not drawn',
    );
    expect(lines.at(-1)).toBe('note alice: nobody was shown anything yet');
    expect((await story(f, { maxMessages: 2 })).filter((l) => l.startsWith('alice ->>'))).toHaveLength(2);
  });

  it('of many messages in many channels those are drawn that a member was shown out of order', async () => {
    const stations = fixtureStations(2);
    const w = new TraceWriter();
    for (let nth = 1; nth <= 40; nth++)
      w.add(nth, { kind: 'send', node: user(0), peer: 1, nth, channel: nth % 2 });
    for (let nth = 1; nth <= 40; nth++) {
      const swapped = nth === 21 ? 23 : nth === 23 ? 21 : nth;
      w.add(1_000 + nth, { kind: 'deliver', node: user(1), peer: 1, nth: swapped, channel: nth % 2 });
    }
    const f: Fixture = { rows: w.rows, stations, names: fixtureNames(stations, ['alice'], ['even', 'odd']) };
    const lines = await story(f);
    expect(lines[0]).toMatch(/^note alice: #odd, m1 is alice\/21, m2 is alice\/23, m3 is alice\/25/);
    expect(lines).toContain('note user-2: shown, m2, m1, m3, m4');
  });

  it('a channel without messages is refused in one line', () => {
    const f = crossingMessages(false);
    expect(() => ordering(f.rows, f.names, { channel: 7 })).toThrow(
      'the trace has no message in #channel-8: watch that channel',
    );
    expect(() => ordering([], f.names)).toThrow('the trace holds no message: watch one');
  });
});
