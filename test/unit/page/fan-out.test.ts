import { describe, expect, it } from 'vitest';
import type { TraceKind, TraceRow } from '../../../src/trace/trace.ts';
import { castOf } from '../../../src/views/fan-out/cast.ts';
import { type FanInput, fanModel } from '../../../src/views/fan-out/fan-model.ts';
import { litWords, pathWords, rateWords } from '../../../src/views/fan-out/fan-words.ts';
import { Flights } from '../../../src/views/fan-out/flights.ts';
import { pathOf, sharesOf } from '../../../src/views/fan-out/lit-path.ts';
import { passing } from '../../../src/views/fan-out/passing.ts';
import {
  type OpenedInfo,
  type StationFrame,
  type StationKind,
  USER_NODE,
} from '../../../src/worker/protocol.ts';
import { TestPage } from '../worker/page.ts';

/** One gateway, four servers, a shard, the chat service and the database; alice on the first server, six others, dan away. */
const GROUP = `scenario: group
title: Eight in one channel
duration: 3s
design:
  gateway: { count: 1, balancing: round-robin }
  servers: { count: 4 }
  pubsub: { kind: redis, shards: 1 }
  rateLimit: none
workload:
  users: [alice, bob, carol, dan, erin, frank, grace, heidi]
  channels: { named: { general: [alice, bob, carol, dan, erin, frank, grace, heidi] } }
  messages: { perUserPerMinute: 0 }
  churnPerSecond: 0
script:
  - { at: 100ms, disconnect: dan, for: 2s }
  - { at: 300ms, send: { from: alice, to: general } }
`;

/** The picture of a real run at a moment. */
function picture(text: string, atUs: number, more: Partial<FanInput> = {}) {
  const page = new TestPage();
  const info = page.open(text, { atUs });
  page.work();
  const selection = more.selection ?? null;
  const frame = page.frame({ selection, seats: [] });
  const model = fanModel({
    info,
    stations: frame.stations,
    flows: frame.flows!,
    rows: frame.rows,
    timeUs: frame.timeUs,
    justNowUs: frame.justNowUs ?? 50_000,
    selection,
    inspection: frame.inspection ?? null,
    width: 900,
    height: 520,
    before: new Set(),
    ...more,
  });
  if (model === null) throw new Error('no picture');
  return model;
}

describe('the path of a message', () => {
  it('is the lab’s sentence: told once, and pub/sub tells every server that has a member', () => {
    const model = picture(GROUP, 500_000);
    expect(model.focus).toEqual({ sender: 0, nth: 1 });
    const words = litWords(model);
    expect(words.get('node:1>node:6')).toBe('told once');
    expect(words.get('node:6>node:5')).toBe('told once');
    expect(words.get('node:6>node:7')).toBe('stored');
    for (const server of [1, 2, 3, 4]) expect(words.get(`node:5>node:${server}`)).toBe('told once');
    expect(words.get('node:2>node:0')).toBe('2 copies');
    // The sender's server has told nobody but the chat service.
    expect([...model.lit.keys()].filter((id) => id.startsWith('node:1>'))).toEqual([
      'node:1>node:6',
      'node:1>node:0',
    ]);
    expect(pathWords(model)).toBe(
      'alice/1 in #general: the database has it; pub/sub was told once and told 4 servers; 6 of 6 have it.',
    );
  });

  it('counts everybody it is for once it is selected, those who are away too', () => {
    const model = picture(GROUP, 500_000, { selection: { kind: 'message', sender: 0, nth: 1 } });
    expect(pathWords(model)).toMatch(/6 of 7 have it \(1 offline\)\.$/);
    const later = picture(GROUP, 2_900_000, { selection: { kind: 'message', sender: 0, nth: 1 } });
    expect(pathWords(later)).toMatch(/7 of 7 have it; 1 from the history\.$/);
  });

  it('begins with nothing and grows', () => {
    expect(picture(GROUP, 200_000).focus).toBeNull();
    const begun = picture(GROUP, 310_000);
    expect([...begun.lit.keys()]).toEqual([]);
    expect(begun.senderServer).toBeNull();
    const page = new TestPage();
    page.open(GROUP, { atUs: 500_000 });
    page.work();
    const atServer = page.frame().rows.find(({ kind, node }) => kind === 'arrive' && node === 1);
    const passed = picture(GROUP, atServer!.timeUs);
    expect(passed.senderServer).toBe(1);
    expect(pathWords(passed)).toMatch(/^alice\/1 in #general: ws-server-1 has it/);
  });

  it('without pub/sub the sender’s server calls every server itself', () => {
    const model = picture(GROUP.replace('kind: redis, shards: 1', 'kind: none'), 500_000);
    const calls = [...litWords(model)].filter(([, words]) => words.startsWith('called'));
    expect(calls.map(([id]) => id)).toEqual(['node:1>node:2', 'node:1>node:3', 'node:1>node:4']);
  });

  it('tells no server that was down before, and marks what is lost with one that crashes on the way', () => {
    const before = picture(`${GROUP}  - { at: 250ms, crash: ws-server-2 }\n`, 500_000);
    expect(before.frames.get(2)?.up).toBe(false);
    expect(litWords(before).has('node:5>node:2')).toBe(false);
    const crash = '  - { when: { message: alice/1, is: published }, crash: ws-server-2 }\n';
    const onTheWay = picture(GROUP + crash, 500_000);
    expect(litWords(onTheWay).get('node:5>node:2')).toBe('told once, 1 lost');
    expect(pathWords(onTheWay)).toMatch(/1 lost on the way\.$/);
  });
});

const row = (
  id: number,
  kind: TraceKind,
  node: number,
  peer: number,
  more: Partial<TraceRow> = {},
): TraceRow => ({
  id,
  kind,
  node,
  peer,
  timeUs: id,
  sender: 0,
  nth: 1,
  channel: 0,
  attempt: 0,
  seq: 0,
  cause: -1,
  departUs: id,
  dueUs: id,
  reason: 'none',
  ...more,
});
const KINDS: readonly StationKind[] = [
  'gateway',
  'ws-server',
  'ws-server',
  'pubsub',
  'chat-service',
  'database',
];
const kindOf = (node: number) => KINDS[node];

describe('reading a path from rows', () => {
  it('knows Kafka’s servers by what arrives there: no row says that a partition sends', () => {
    const path = pathOf(
      [row(0, 'send', USER_NODE, 0), row(1, 'publish', 3, 4), row(2, 'arrive', 2, 3)],
      { sender: 0, nth: 1 },
      kindOf,
    );
    expect(path?.told.get(2)).toMatchObject({ times: 1 });
    expect(path?.hops.get('3>2')).toMatchObject({ count: 1, lost: 0 });
  });

  it('takes the count of all where the trace holds a sample of the members', () => {
    const path = pathOf(
      [
        row(0, 'send', USER_NODE, 0),
        row(1, 'publish', 3, 4),
        row(2, 'forward', 3, 2),
        row(3, 'arrive', 2, 3),
        row(4, 'forward', 2, USER_NODE + 9),
      ],
      { sender: 0, nth: 1 },
      kindOf,
    );
    const reach = (watchedOneIn: number) => ({
      channel: 0,
      watchedOneIn,
      members: 10_000,
      offline: 0,
      shown: 12,
      senderServer: 1,
      senderGateway: 0,
      pubsub: 3,
      servers: [{ node: 2, members: 10_000, shown: 12 }],
    });
    expect(sharesOf(path, reach(1_009)).get(2)).toMatchObject({ members: 10_000, shown: 12, isTold: true });
    expect(sharesOf(path, reach(1)).get(2)).toMatchObject({ members: 1, shown: 0, isTold: true });
  });

  it('counts a loss on its arrow, and is null for a message that no row is of', () => {
    const path = pathOf(
      [row(0, 'send', USER_NODE, 0), row(1, 'publish', 3, 4), row(2, 'drop', 2, 3, { reason: 'partition' })],
      { sender: 0, nth: 1 },
      kindOf,
    );
    expect(path?.hops.get('3>2')).toMatchObject({ count: 0, lost: 1 });
    expect(path?.story.losses.map(({ reason }) => reason)).toEqual(['partition']);
    expect(pathOf([], { sender: 0, nth: 1 }, kindOf)).toBeNull();
  });
});

describe('what is under way', () => {
  const forward = (id: number, departUs: number, dueUs: number): TraceRow =>
    row(id, 'forward', 3, 2, { timeUs: departUs, departUs, dueUs });
  const all = () => true;

  it('grows with the trace, forgets what is long over, and is read anew after a rewind', () => {
    const rows = [forward(0, 0, 100), forward(1, 50, 150)];
    const flights = new Flights();
    flights.update(rows, 60, 0, 'all', all);
    expect(flights.recent.map(({ id }) => id)).toEqual([0, 1]);
    rows.push(forward(2, 200, 300));
    flights.update(rows, 210, 120, 'all', all);
    expect(flights.recent.map(({ id }) => id)).toEqual([1, 2]);
    rows.length = 1;
    flights.update(rows, 40, 0, 'all', all);
    expect(flights.recent.map(({ id }) => id)).toEqual([0]);
  });

  it('is read anew when something else is wanted, and says how many it leaves out', () => {
    const rows = Array.from({ length: 2_500 }, (_, id) => forward(id, 0, 1_000));
    const flights = new Flights();
    flights.update(rows, 1, 0, 'all', all);
    expect([flights.recent.length, flights.leftOut]).toEqual([2_000, 500]);
    flights.update(rows, 1, 0, 'one', ({ id }) => id === 7);
    expect([flights.recent.map(({ id }) => id), flights.leftOut]).toEqual([[7], 0]);
  });
});

describe('who is drawn', () => {
  const stations = Array.from({ length: 100 }, (_, node) => ({
    node,
    name: `ws-server-${node + 1}`,
    kind: 'ws-server' as const,
    workers: 1,
    queueLimit: 10,
  }));
  const frames = (of: Partial<Record<number, Partial<StationFrame>>>): StationFrame[] =>
    stations.map(({ node }) => ({
      node,
      up: true,
      slowFactor: 1,
      queue: 0,
      utilisation: 0,
      ratePerSecond: 0,
      connections: 0,
      ...of[node],
    }));
  const cast = (of: Partial<Parameters<typeof castOf>[0]>) =>
    castOf({
      stations,
      frames: frames({}),
      selected: null,
      passed: new Set(),
      told: new Map(),
      room: { gateways: 3, servers: 5, shards: 3 },
      before: new Set(),
      ...of,
    }).servers;
  const drawn = (of: Partial<Parameters<typeof castOf>[0]>) => cast(of).drawn.map(({ node }) => node);

  it('those selected, on the way, in trouble, told, with the longest queue; all others are counted', () => {
    const of = {
      selected: 50,
      passed: new Set([60]),
      told: new Map([
        [70, 1],
        [71, 9],
      ]),
      frames: frames({ 80: { up: false }, 90: { queue: 1_000 } }),
    };
    expect(drawn({ ...of, room: { gateways: 3, servers: 6, shards: 3 } })).toEqual([50, 60, 70, 71, 80]);
    expect(drawn(of)).toEqual([50, 60, 71, 80]);
    expect(cast(of).rest.length).toBe(96);
    expect(drawn({ frames: frames({ 90: { queue: 1_000 } }) })).toContain(90);
  });

  it('does not change with every breath of a queue', () => {
    const before = new Set([10, 11, 12, 13]);
    expect(drawn({ before, frames: frames({ 40: { queue: 15 } }) })).toEqual([10, 11, 12, 13]);
    expect(drawn({ before, frames: frames({ 40: { queue: 25 } }) })).toContain(40);
  });
});

describe('at a large scale', () => {
  const LARGE = `scenario: large
title: Twelve hundred
duration: 3s
design:
  gateway: { count: 2 }
  servers: { count: 12 }
  pubsub: { kind: redis, shards: 2 }
  rateLimit: none
workload:
  users: 1200
  channels: { private: 100, groups: { count: 100, size: 20 } }
  messages: { perUserPerMinute: 60 }
`;

  it('the arrows carry rates that add up to what is counted, and no message is picked', () => {
    const page = new TestPage();
    const info: OpenedInfo = page.open(LARGE, { atUs: 1_000_000 });
    page.work();
    page.frame();
    page.send({ type: 'goTo', timeUs: 1_040_000 });
    page.work();
    const frame = page.frame();
    const model = fanModel({
      info,
      stations: frame.stations,
      flows: frame.flows!,
      rows: frame.rows,
      timeUs: frame.timeUs,
      justNowUs: frame.justNowUs ?? 0,
      selection: null,
      inspection: null,
      width: 900,
      height: 520,
      before: new Set(),
    })!;
    expect(model.focus).toBeNull();
    expect(model.isRates).toBe(true);
    expect(model.flows.sent).toBeGreaterThan(500);
    expect(model.flows.shown).toBeGreaterThan(model.flows.sent);
    const sum = (test: (to: string, from: string) => boolean): number =>
      model.layout.links
        .filter(({ from, to }) => test(to, from))
        .reduce((all, link) => all + passing(model, link), 0);
    expect(sum((to) => to.startsWith('clients:'))).toBeCloseTo(model.flows.shown, 3);
    expect(sum((_, from) => from.startsWith('clients:'))).toBeCloseTo(model.flows.sent, 3);
    expect(sum((_, from) => from === 'frame:pubsub')).toBeCloseTo(model.flows.notified, 3);
    const units = [...rateWords(model).values()].map((words) => words.replace(/^.* /, ''));
    expect(units.sort()).toEqual(['published', 'sent', 'shown', 'stored', 'told']);
  });
});
