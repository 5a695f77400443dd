import { describe, expect, it } from 'vitest';
import { messageFlow } from '../../../src/diagrams/message-flow.ts';
import { isUserNode } from '../../../src/trace/trace.ts';
import { ARROW_TYPES, type SequenceModel, sequenceModel } from './mermaid-model.ts';
import {
  type Fixture,
  fixtureNames,
  fixtureStations,
  groupMessage,
  privateMessage,
  TraceWriter,
  user,
} from './trace-fixture.ts';

const draw = (f: Fixture, more: Partial<Parameters<typeof messageFlow>[2]> = {}): string =>
  messageFlow(f.rows, f.names, { stations: f.stations, ...more });

const firstLine = (text: string): string => text.split('<br/>')[0]!;

/** `alice ->> gateway-1: send to #general` for each arrow, `note alice..ws-server-1: ...` for each note. */
function story(model: SequenceModel): string[] {
  const name = new Map(model.participants.map((p) => [p.id, firstLine(p.label)]));
  return model.steps.flatMap((s) => {
    if (s.kind === 'arrow')
      return [
        `${name.get(s.from)} ${ARROW_TYPES[s.type]} ${name.get(s.to)}: ${s.text.replace('<br/>', ', ')}`,
      ];
    if (s.kind === 'note') return [`note ${name.get(s.from)}: ${s.text.replaceAll('<br/>', ', ')}`];
    return [];
  });
}

const told = async (f: Fixture, more: Partial<Parameters<typeof messageFlow>[2]> = {}): Promise<string[]> =>
  story(await sequenceModel(draw(f, more)));

describe('message flow', () => {
  it('a private message goes through the eight participants of the lab, in its order, and Mermaid holds just that', async () => {
    const model = await sequenceModel(draw(privateMessage(), { roles: { pubsub: 'Redis Pub/Sub' } }));
    expect(model.participants.map((p) => p.label)).toEqual([
      'alice<br/>Client A (sender)',
      'gateway-1<br/>API gateway / load balancer',
      'ws-server-1<br/>WebSocket server of alice',
      'pubsub-1<br/>Redis Pub/Sub',
      'Chat service',
      'Database',
      'ws-server-7<br/>WebSocket server of bob',
      'bob<br/>Client B (receiver)',
    ]);
    expect(story(model)).toEqual([
      'note alice: alice writes alice/1 in #general, times count from 12.345678 s',
      'alice ->> gateway-1: send to #general, +24.3 ms',
      'gateway-1 ->> ws-server-1: pass on, +24.7 ms',
      'ws-server-1 ->> Chat service: submit, +25.3 ms',
      'Chat service ->> Chat service: validate, number 42',
      'Chat service ->> Database: persist, +26.2 ms',
      'Database -->> Chat service: persisted, +29 ms',
      'Chat service ->> pubsub-1: publish to #general, +29.4 ms',
      'note pubsub-1: fan-out to 1 server, ws-server-1 need not know it',
      'pubsub-1 ->> ws-server-7: notify (fan-out), +29.7 ms',
      'pubsub-1 -->> Chat service: published, +30.1 ms',
      'Chat service -->> ws-server-1: ack, +30.5 ms',
      'ws-server-7 ->> bob: deliver, +47.7 ms',
      'ws-server-1 -->> alice: ack (sent), +53.4 ms',
    ]);
  });

  it('each station is active while it works on the message and no longer', async () => {
    const { steps } = await sequenceModel(draw(privateMessage()));
    const activity = steps.filter((s) => s.kind === 'activate' || s.kind === 'deactivate');
    // ws-server-1 has the message and the ack; the chat service works before the database, after it, and after pub/sub.
    expect(
      activity
        .filter((s) => s.kind === 'activate')
        .map((s) => s.from)
        .sort(),
    ).toEqual(['p1', 'p2', 'p2', 'p3', 'p4', 'p4', 'p4', 'p5', 'p6'].sort());
    const active = new Map<string, number>();
    for (const s of activity) {
      const count = (active.get(s.from) ?? 0) + (s.kind === 'activate' ? 1 : -1);
      expect(count).toBeGreaterThanOrEqual(0);
      active.set(s.from, count);
    }
    expect([...active.values()].every((count) => count === 0)).toBe(true);
    // ws-server-1 has handed the ack to the client's link long before it arrives there.
    const at = (what: (s: (typeof steps)[number]) => boolean): number => steps.findLastIndex(what);
    expect(at((s) => s.kind === 'deactivate' && s.from === 'p2')).toBeLessThan(
      at((s) => s.text.startsWith('ack (sent)')),
    );
  });

  it('of 5,000 receivers a few are drawn and the rest is counted, clients and servers', async () => {
    const f = groupMessage(5_000, 98, { lostFor: [7, 77, 777], down: [3] });
    const model = await sequenceModel(draw(f));
    const rest = model.participants.at(-1)!.label;
    const delivered = f.rows.filter((r) => r.kind === 'deliver').length;
    const drawn = model.participants.filter((p) => p.label.includes('(receiver)')).length;
    const lost = 3;
    expect(drawn).toBe(3);
    expect(rest).toBe(`${(delivered + lost - drawn).toLocaleString('en')} more clients<br/>on 97 servers`);
    const lines = story(model);
    expect(lines.filter((l) => l.includes(' -x ')).map((l) => l.replace(/, \+.*/, ''))).toEqual([
      'ws-server-78 -x user-78: deliver, lost on the link',
      'pubsub-1 -x ws-server-3: notify (fan-out), lost, it is down',
    ]);
    expect(lines.at(-2)).toMatch(
      /^note 4,9\d\d more clients: shown to [\d,]+, \+.* to .*, 2 lost on the link$/,
    );
    expect(lines.some((l) => l.startsWith('note pubsub-1: fan-out to 98 servers'))).toBe(true);
    expect(model.steps.filter((s) => s.kind !== 'activate' && s.kind !== 'deactivate').length).toBeLessThan(
      60,
    );
  });

  it('who is told, folded or drawn, adds up to all who were told', async () => {
    for (const members of [1, 3, 4, 5, 40, 333]) {
      const f = groupMessage(members, 12, { lostFor: [2, 5] });
      const lines = await told(f);
      const count = (word: string): number =>
        lines
          .filter((l) => l.includes(`: ${word}`) && !l.startsWith('note'))
          .reduce((sum, l) => sum + Number(/: ([\d,]+) more/.exec(l)?.[1]?.replace(',', '') ?? 1), 0);
      const servers = new Set(
        f.rows
          .filter(
            (r) =>
              r.kind === 'forward' &&
              f.stations[r.node]?.kind === 'pubsub' &&
              f.stations[r.peer]?.kind === 'ws-server',
          )
          .map((r) => r.peer),
      );
      expect([members, count('notify')]).toEqual([members, servers.size]);
      const inRest = Number(/shown to (?:all )?([\d,]+)/.exec(lines.join('\n'))?.[1]?.replace(',', '') ?? 0);
      const drawnDeliveries = lines.filter((l) => / ->> .*: deliver,/.test(l)).length;
      expect([members, inRest + drawnDeliveries]).toEqual([
        members,
        f.rows.filter((r) => r.kind === 'deliver').length,
      ]);
    }
  });

  it('with few receivers every hop of the trace is one arrow, and each arrow is a hop or a step of one participant', async () => {
    for (const members of [1, 2, 3, 4]) {
      const f = groupMessage(members, 5, { lostFor: [2] });
      const model = await sequenceModel(draw(f));
      const name = new Map(
        model.participants.map((p) => [firstLine(p.label).toLowerCase().replace(' ', '-'), p.id]),
      );
      const expected = f.rows
        .filter((r) => r.kind === 'forward')
        .map((r) => `${name.get(f.names.node(r.node))} ${name.get(f.names.node(r.peer))}`);
      const drawn = model.steps
        .filter((s) => s.kind === 'arrow' && s.from !== s.to)
        .map((s) => `${s.from} ${s.to}`);
      expect([...drawn].sort()).toEqual([...expected].sort());
    }
  });

  it('arrows stand in the order of their arrival', async () => {
    const f = groupMessage(4, 5);
    const due = new Map(
      f.rows.filter((r) => r.kind === 'deliver').map((r) => [f.names.node(r.node), r.timeUs]),
    );
    const order = (await told(f)).flatMap((l) => /->> (\S+): deliver/.exec(l)?.[1] ?? []);
    expect(order).toEqual([...due].sort((a, b) => a[1] - b[1]).map(([name]) => name));
  });

  it('at most 200 arrows and notes are drawn, and the last note says how many are left out', async () => {
    const w = new TraceWriter();
    const stations = fixtureStations(2);
    for (let n = 1; n <= 300; n++) {
      w.add(n * 1000, { kind: 'send', node: user(0), peer: 0, nth: n });
      w.add(n * 1000 + 10, { kind: 'arrive', node: 0, peer: user(0), after: user(0), nth: n });
    }
    const f: Fixture = { rows: w.rows, stations, names: fixtureNames(stations, ['alice']) };
    const model = await sequenceModel(draw(f));
    expect(model.steps.filter((s) => s.kind === 'arrow')).toHaveLength(200);
    expect(model.steps.at(-1)!.text).toBe('100 of 300 steps are left out');
    const few = await sequenceModel(draw(f, { maxMessages: 10 }));
    expect(few.steps.at(-1)!.text).toBe('290 of 300 steps are left out');
  });

  it('names of the worst kind still leave the text short enough for Mermaid to render', async () => {
    const w = new TraceWriter();
    const stations = fixtureStations(2);
    for (let n = 1; n <= 300; n++) {
      w.add(n * 1000, { kind: 'send', node: user(0), peer: 0, nth: n });
      w.add(n * 1000 + 10, { kind: 'arrive', node: 0, peer: user(0), after: user(0), nth: n });
    }
    const names = fixtureNames(stations, ['#'.repeat(100)], [';'.repeat(100)]);
    const text = draw({ rows: w.rows, stations, names });
    expect(text.length).toBeLessThan(50_000);
    expect((await sequenceModel(text)).steps.at(-1)!.text).toMatch(/of 300 steps are left out/);
  });

  it('a message that the trace does not have is refused with what it has', () => {
    const f = privateMessage();
    expect(() => draw(f, { message: { sender: 0, nth: 9 } })).toThrow(
      'the trace has no message alice/9; it has alice/1',
    );
    expect(() => messageFlow([], f.names, { stations: f.stations, message: { sender: 0, nth: 9 } })).toThrow(
      'it holds no message: watch one',
    );
  });

  it('where only a sample of the members is watched, the heading says how many of how many', async () => {
    expect((await told(privateMessage(), { otherMembers: 999 }))[0]).toBe(
      'note alice: alice writes alice/1 in #general, times count from 12.345678 s, 1 of 999 other members are in the trace',
    );
    expect((await told(privateMessage(), { otherMembers: 1 }))[0]).not.toContain('in the trace');
  });

  it('an empty trace says so', async () => {
    const f = privateMessage();
    const lines = await told({ ...f, rows: [] });
    expect(lines).toEqual(
      ['note nobody: the trace holds no message, times count from 0 s'].map((l) => l.split(', times')[0]),
    );
  });

  it('one message among several is told alone, with the faults of its time at its stations', async () => {
    const f = privateMessage();
    const w = new TraceWriter();
    w.add(1, { kind: 'crash', node: 13, sender: -1, nth: 0 });
    const t0 = f.rows[0]!.timeUs;
    const other = (timeUs: number) =>
      w.add(timeUs, { kind: 'send', node: user(2), peer: 0, sender: 2, nth: 1 });
    other(t0 - 5);
    const shifted = f.rows.map((r) => ({ ...r, id: r.id + 100, cause: r.cause < 0 ? -1 : r.cause + 100 }));
    const crash = { ...w.rows[0]!, id: 999, timeUs: f.rows.at(-1)!.timeUs };
    const rows = [...w.rows, ...shifted, crash];
    const lines = await told({ ...f, rows }, { message: { sender: 0, nth: 1 } });
    expect(lines.some((l) => l.includes('carol'))).toBe(false);
    expect(lines.filter((l) => l.includes('crashes'))).toEqual(['note Database: crashes, +53.4 ms']);
    const all = await told({ ...f, rows });
    expect(all[0]).toMatch(/^note .*: 2 messages, times count from/);
    expect(all.some((l) => l.includes('send to #general carol/1'))).toBe(true);
  });
});

describe('what goes wrong with a message', () => {
  const stations = fixtureStations(3);
  const [gateway, ws, pubsub, chat, database] = [0, 1, 4, 5, 6];
  const names = fixtureNames(stations, ['alice', 'bob']);
  const fixture = (w: TraceWriter): Fixture => ({ rows: w.rows, stations, names });

  it('a refusal by the rate limit is a note where it happened and a dashed arrow back to the sender', async () => {
    const w = new TraceWriter();
    w.add(0, { kind: 'send', node: user(0), peer: gateway });
    w.add(20_000, { kind: 'arrive', node: gateway, peer: user(0), after: user(0) });
    w.add(20_010, { kind: 'refuse', node: gateway, peer: user(0), after: gateway, reason: 'rate-limit' });
    w.add(20_010, {
      kind: 'forward',
      node: gateway,
      peer: user(0),
      after: gateway,
      departUs: 20_010,
      dueUs: 40_000,
    });
    w.add(40_000, { kind: 'nack', node: user(0), peer: gateway, after: gateway, reason: 'rate-limit' });
    expect((await told(fixture(w))).slice(1)).toEqual([
      'alice ->> gateway-1: send to #general, +20 ms',
      'note gateway-1: refused: rate limit',
      'gateway-1 -->> alice: refused, +40 ms',
    ]);
  });

  it('the rate limiter\u2019s answer is what came of it', async () => {
    for (const refused of [false, true]) {
      const w = new TraceWriter();
      const limiter = 7;
      w.add(0, { kind: 'send', node: user(0), peer: ws });
      w.add(10, { kind: 'arrive', node: ws, peer: user(0), after: user(0) });
      w.add(10, { kind: 'forward', node: ws, peer: limiter, after: ws, dueUs: 20 });
      w.add(20, { kind: 'arrive', node: limiter, peer: ws, after: ws });
      w.add(20, { kind: 'forward', node: limiter, peer: ws, after: limiter, dueUs: 30 });
      w.add(30, { kind: 'arrive', node: ws, peer: limiter, after: limiter });
      if (refused) w.add(30, { kind: 'refuse', node: ws, peer: user(0), after: ws, reason: 'rate-limit' });
      else w.add(30, { kind: 'forward', node: ws, peer: chat, after: ws, dueUs: 40 });
      const withLimiter = [...stations, { node: limiter, name: 'limiter', kind: 'limiter' as const }];
      const lines = await told({
        rows: w.rows,
        stations: withLimiter,
        names: fixtureNames(withLimiter, ['alice']),
      });
      expect(lines).toContain(`limiter -->> ws-server-1: ${refused ? 'no' : 'yes'}, +30 us`);
    }
  });

  it('a lost ack is a dashed arrow with a cross, the retry says which attempt, the duplicate is dropped', async () => {
    const w = new TraceWriter();
    const hop = (t: number, from: number, to: number, attempt = 0): void => {
      w.add(t, { kind: 'forward', node: from, peer: to, after: from, departUs: t, dueUs: t + 500, attempt });
      w.add(t + 500, { kind: 'arrive', node: to, peer: from, after: from, attempt });
    };
    w.add(0, { kind: 'send', node: user(0), peer: gateway });
    w.add(20_000, { kind: 'arrive', node: gateway, peer: user(0), after: user(0) });
    hop(20_000, gateway, ws);
    hop(21_000, ws, chat);
    w.add(22_000, { kind: 'validate', node: chat, after: chat, seq: 7 });
    hop(22_000, chat, database);
    w.add(24_000, { kind: 'persist', node: database, after: database, seq: 7 });
    hop(24_000, database, chat);
    hop(24_500, chat, pubsub);
    hop(24_500, chat, ws);
    w.add(25_000, { kind: 'forward', node: ws, peer: user(0), after: ws, departUs: 25_000, dueUs: 45_000 });
    w.add(25_001, { kind: 'drop', node: ws, peer: user(0), after: ws, reason: 'link-loss' });
    w.add(5_000_000, { kind: 'retry', node: user(0), peer: gateway, after: user(0), attempt: 1 });
    w.add(5_020_000, { kind: 'arrive', node: gateway, peer: user(0), after: user(0), attempt: 1 });
    hop(5_020_000, gateway, ws, 1);
    hop(5_020_500, ws, chat, 1);
    w.add(5_021_500, { kind: 'duplicate', node: chat, after: chat, attempt: 1, reason: 'duplicate' });
    hop(5_021_500, chat, ws, 1);
    w.add(5_022_000, {
      kind: 'forward',
      node: ws,
      peer: user(0),
      after: ws,
      departUs: 5_022_000,
      dueUs: 5_040_000,
      attempt: 1,
    });
    w.add(5_040_000, { kind: 'ack', node: user(0), peer: ws, after: ws, attempt: 1 });
    const lines = await told(fixture(w));
    expect(lines).toContain(
      'ws-server-1 --x alice: ack, lost on the link, +25 ms'.replace('ack,', 'ack (sent),'),
    );
    expect(lines).toContain('alice ->> gateway-1: send again to #general (attempt 2), +5.02 s');
    expect(lines).toContain('note Chat service: seen before: dropped');
    expect(lines.at(-1)).toBe('ws-server-1 -->> alice: ack (sent) (attempt 2), +5.04 s');
  });

  it('without pub/sub the sender\u2019s server calls every other server, and the diagram says so', async () => {
    const w = new TraceWriter();
    w.add(0, { kind: 'send', node: user(0), peer: gateway });
    w.add(20_000, { kind: 'arrive', node: gateway, peer: user(0), after: user(0) });
    const hop = (t: number, from: number, to: number): void => {
      w.add(t, { kind: 'forward', node: from, peer: to, after: from, departUs: t, dueUs: t + 500 });
      w.add(t + 500, { kind: 'arrive', node: to, peer: from, after: from });
    };
    hop(20_000, gateway, ws);
    hop(20_500, ws, chat);
    w.add(21_500, { kind: 'validate', node: chat, after: chat, seq: 1 });
    hop(21_500, chat, ws);
    hop(22_100, ws, 2);
    w.add(22_650, { kind: 'forward', node: ws, peer: ws, after: ws, dueUs: 22_650 });
    hop(22_700, ws, 3);
    hop(22_710, ws, chat);
    w.add(22_800, { kind: 'forward', node: 2, peer: user(1), after: 2, departUs: 22_800, dueUs: 30_000 });
    w.add(30_000, { kind: 'deliver', node: user(1), peer: 2, after: 2 });
    const lines = await told(fixture(w));
    expect(lines).toContain('Chat service ->> ws-server-1: fan out, +22 ms');
    expect(lines).toContain('ws-server-1 -->> Chat service: the others are called, +23.2 ms');
    expect(lines).toContain('note ws-server-1: no pub/sub, calls 2 servers itself');
    expect(lines).toContain('ws-server-1 ->> ws-server-2: call, +22.6 ms');
    expect(lines).toContain('ws-server-2 ->> bob: deliver, +30 ms');
  });

  it('a message that waits in the reorder buffer arrives first and is shown later', async () => {
    const w = new TraceWriter();
    w.add(0, { kind: 'send', node: user(0), peer: ws });
    w.add(10, { kind: 'forward', node: ws, peer: user(1), after: ws, departUs: 10, dueUs: 30_000, seq: 42 });
    w.add(30_000, { kind: 'buffer', node: user(1), peer: ws, after: ws, seq: 42 });
    w.add(80_000, { kind: 'deliver', node: user(1), peer: ws, after: user(1), seq: 42 });
    expect((await told(fixture(w))).slice(1)).toEqual([
      'alice -) ws-server-1: send to #general, under way',
      'ws-server-1 ->> bob: deliver, +30 ms',
      'note bob: waits in the reorder buffer, until number 41 is shown',
      'bob ->> bob: show, +80 ms',
    ]);
  });

  it('a crash loses what is in the queue, at the station and not on a link', async () => {
    const w = new TraceWriter();
    w.add(0, { kind: 'send', node: user(0), peer: ws });
    w.add(20_000, { kind: 'arrive', node: ws, peer: user(0), after: user(0) });
    w.add(20_005, { kind: 'crash', node: ws, sender: -1, nth: 0 });
    w.add(20_005, { kind: 'drop', node: ws, peer: user(0), after: ws, reason: 'crashed' });
    w.add(9_000_000, { kind: 'fail', node: user(0), after: user(0), attempt: 4 });
    expect((await told(fixture(w))).slice(1)).toEqual([
      'alice ->> ws-server-1: send to #general, +20 ms',
      'note ws-server-1: crashes, +20 ms',
      'note ws-server-1: lost here: it crashed',
      'note alice: gives up after 5 attempts',
    ]);
  });

  it('a long stay is told; with the usual time of the work, as queueing', async () => {
    const f = privateMessage({ chatUs: 60_000 });
    expect(await told(f)).toContain('note Chat service: 60 ms here, queue and work');
    const withTypical = f.stations.map((s) =>
      s.kind === 'chat-service' ? { ...s, typicalServiceUs: 500 } : s,
    );
    expect(await told(f, { stations: withTypical })).toContain(
      'note Chat service: 60 ms here, (its work takes about 500 us)',
    );
    expect((await told(privateMessage())).filter((l) => l.includes(' here'))).toEqual([]);
  });
});

describe('fixture', () => {
  it('is a trace: times never go back and causes come first', () => {
    for (const { rows } of [privateMessage(), groupMessage(50, 7, { lostFor: [3], down: [2] })]) {
      rows.forEach((row, i) => {
        expect(row.id).toBe(i);
        expect(row.cause).toBeLessThan(i);
        if (i > 0) expect(row.timeUs).toBeGreaterThanOrEqual(rows[i - 1]!.timeUs);
      });
      expect(rows.some((row) => isUserNode(row.node) && row.kind === 'deliver')).toBe(true);
    }
  });
});
