import { describe, expect, it } from 'vitest';
import { messageWay } from '../../../src/diagrams/message-way.ts';
import { createRun } from '../../../src/run/run.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';
import { namesOf as systemNames } from '../../../src/system/design/names.ts';
import { stationList } from '../../../src/system/design/stations.ts';
import { readHops } from '../../../src/trace/hops.ts';
import type { TraceRow } from '../../../src/trace/trace.ts';
import { chooseMessages } from '../../../src/views/sequence/choose-messages.ts';
import { describeWay } from '../../../src/views/sequence/describe.ts';
import { sequenceLayout } from '../../../src/views/sequence/layout.ts';
import { TextPlacer, textWidth } from '../../../src/views/sequence/place-texts.ts';
import { follow, stepGraph } from '../../../src/views/sequence/step-graph.ts';

const GROUP = `
scenario: layout
title: T
summary: S
teaches: [x]
seed: 4
duration: 5s
design:
  gateway: { count: 1, balancing: round-robin }
  servers: { count: 3 }
  database: { write: 20ms, workers: 1 }
  rateLimit: none
workload:
  users: [alice, bob, carol, dan, erin, frank, grace]
  channels: { named: { general: [alice, bob, carol, dan, erin, frank, grace] } }
  messages: { perUserPerMinute: 0 }
  churnPerSecond: 0
script:
  - { at: 1s, send: { from: alice, to: general } }
  - { at: 1s, send: { from: bob, to: general } }
  - { at: 1s, send: { from: carol, to: general } }
`;

function ran(text = GROUP): {
  rows: TraceRow[];
  wayOf: (nth: readonly { sender: number; nth: number }[], max?: number) => ReturnType<typeof messageWay>;
} {
  const scenario = parseScenario(text, 'layout.yaml');
  const run = createRun(scenario);
  run.advance(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  const rows = run.system.context.watching.tracer.rows();
  const { design, workload } = scenario;
  return {
    rows,
    wayOf: (messages, maxClients = 3) =>
      messageWay(rows, systemNames(design, workload), {
        stations: stationList(design),
        messages,
        maxClients,
      }),
  };
}

const ALICE = [{ sender: 0, nth: 1 }];
const ROOM = { width: 800, height: 450, toScale: false };

describe('the sequence picture', () => {
  it('has an arrow for each hop of the trace, that slants with the time it took', () => {
    const way = ran().wayOf(ALICE, 24);
    const { arrows, time } = sequenceLayout(way, ROOM);
    const hops = way.read.hops;
    expect(arrows.map(({ departUs, endUs }) => [departUs, endUs]).sort()).toEqual(
      hops.map(({ departUs, endUs }) => [departUs, endUs]).sort(),
    );
    for (const arrow of arrows) {
      expect(arrow.toY).toBeGreaterThan(arrow.fromY);
      expect(arrow.toY - arrow.fromY).toBeCloseTo(time.at(arrow.endUs) - time.at(arrow.departUs), 6);
    }
  });

  it('draws time in the queue apart from time at work, and together they are the stay', () => {
    const { rows, wayOf } = ran();
    const way = wayOf([{ sender: 2, nth: 1 }, ...ALICE, { sender: 1, nth: 1 }]);
    const { bars } = sequenceLayout(way, ROOM);
    const database = way.cast.nodes.find((node) => way.kindOf(node) === 'database')!;
    const waits = bars.filter((bar) => bar.node === database && bar.kind === 'queue');
    const works = bars.filter((bar) => bar.node === database && bar.kind === 'work');
    // One writer: of three that come at about the same time two wait, and no two are written at once.
    expect(works).toHaveLength(3);
    expect(waits).toHaveLength(2);
    const inOrder = [...works].sort((a, b) => a.startUs - b.startUs);
    for (let i = 1; i < inOrder.length; i++) expect(inOrder[i]!.startUs).toBe(inOrder[i - 1]!.endUs);
    for (const wait of waits) {
      const arrival = rows.find((row) => row.id === wait.rowId)!;
      const begins = rows.find(
        ({ kind, node, sender, nth }) =>
          kind === 'begin' && node === database && sender === arrival.sender && nth === arrival.nth,
      )!;
      expect([wait.startUs, wait.endUs]).toEqual([arrival.timeUs, begins.timeUs]);
      expect(works.some((work) => work.rowId === wait.rowId && work.startUs === wait.endUs)).toBe(true);
    }
  });

  it('what is drawn of the past does not move when more happens', () => {
    const { rows } = ran();
    const scenario = parseScenario(GROUP, 'layout.yaml');
    const names = systemNames(scenario.design, scenario.workload);
    const stations = stationList(scenario.design);
    const own = rows.filter((row) => row.sender === 0);
    // Room enough: density is chosen in steps and would change the place of everything at once.
    const room = { ...ROOM, height: 5_000 };
    let before = new Map<number, number>();
    for (let n = 4; n <= own.length; n++) {
      const way = messageWay(own.slice(0, n), names, { stations, messages: ALICE, maxClients: 24 });
      const nowUs = own[n - 1]!.timeUs;
      const layout = sequenceLayout(way, room);
      const now = new Map(layout.arrows.filter((a) => a.endUs <= nowUs).map((a) => [a.endUs, a.toY]));
      for (const [endUs, y] of before) if (now.has(endUs)) expect(now.get(endUs)).toBe(y);
      before = now;
    }
    expect(before.size).toBeGreaterThan(8);
  });

  it('of many receivers draws a few and one lane for the rest, and all of them when asked', () => {
    const { wayOf } = ran();
    const few = sequenceLayout(wayOf(ALICE, 2), ROOM);
    expect(few.lanes.at(-1)).toMatchObject({ kind: 'rest', name: '4 more clients' });
    const all = sequenceLayout(wayOf(ALICE, 24), ROOM);
    expect(all.lanes.filter(({ kind }) => kind === 'user')).toHaveLength(7);
    expect(all.lanes.some(({ kind }) => kind === 'rest')).toBe(false);
  });

  it('puts the lanes in the order of the lab', () => {
    const kinds = sequenceLayout(ran().wayOf(ALICE), ROOM).lanes.map(({ kind }) => kind);
    expect(kinds.slice(0, 6)).toEqual(['user', 'gateway', 'ws-server', 'pubsub', 'chat-service', 'database']);
  });
});

describe('cause and consequence', () => {
  const { rows } = ran();
  const own = rows.filter((row) => row.sender === 0);
  const graph = stepGraph(own, readHops(own));

  it('go from arrow to arrow: from the ack back to the sending, through the database', () => {
    let at: TraceRow = own.find((row) => row.kind === 'ack')!;
    const way: string[] = [at.kind];
    for (let i = 0; i < 30; i++) {
      const next = follow(rows, at, 'cause');
      if (next === null) break;
      at = rows.find((row) => row.id === next)!;
      way.push(at.kind);
    }
    expect(way.at(-1)).toBe('send');
    expect(way).toContain('persist');
    expect(way).not.toContain('forward');
  });

  it('every consequence has its cause as its cause, and comes no earlier', () => {
    for (let index = 0; index < own.length; index++) {
      for (const next of graph.consequencesOf(index)) {
        expect(graph.causeOf(next)).toBe(index);
        expect(own[next]!.timeUs).toBeGreaterThanOrEqual(own[index]!.timeUs);
      }
    }
  });

  it('everything but the sending has a cause', () => {
    own.forEach((row, index) => {
      if (row.kind !== 'send') expect(graph.causeOf(index)).toBeGreaterThanOrEqual(0);
    });
  });
});

describe('which message is drawn', () => {
  const { rows } = ran();

  it('the one that is selected, the last of a user, the last few of a channel, else the latest', () => {
    const of = (selection: Parameters<typeof chooseMessages>[1]) =>
      chooseMessages(rows, selection, null, null)?.messages.map(({ sender }) => sender);
    expect(of({ kind: 'message', sender: 1, nth: 1 })).toEqual([1]);
    expect(of({ kind: 'channel', channel: 0 })).toEqual([0, 1, 2]);
    expect(of({ kind: 'station', node: 0 })).toEqual([2]);
    expect(of(null)).toEqual([2]);
    expect(of({ kind: 'message', sender: 5, nth: 1 })).toBeUndefined();
    const ofFrank = of({ kind: 'user', user: 5 });
    const lastOfFrank = rows.findLast((row) => row.kind === 'deliver' && row.node === 0x4000_0000 + 5)!;
    expect(ofFrank).toEqual([lastOfFrank.sender]);
  });

  it('stays with the one that is held, as long as the trace has it', () => {
    const held = { sender: 0, nth: 1 };
    expect(chooseMessages(rows, null, null, held)?.messages).toEqual([held]);
    expect(chooseMessages(rows, null, null, { sender: 6, nth: 9 })?.messages).toEqual([
      { sender: 2, nth: 1 },
    ]);
  });

  it('says how many of a witness it leaves out', () => {
    const witness = [...ALICE, { sender: 6, nth: 7 }];
    expect(chooseMessages(rows, null, witness, null)).toMatchObject({ messages: ALICE, leftOut: 1 });
  });
});

describe('the same in words', () => {
  it('tells every step with its time, and who waited how long', () => {
    const words = describeWay(ran().wayOf([...ALICE, { sender: 1, nth: 1 }, { sender: 2, nth: 1 }], 24));
    expect(words.map(({ timeUs }) => timeUs)).toEqual(
      [...words.map(({ timeUs }) => timeUs)].sort((a, b) => a - b),
    );
    expect(words.some(({ what }) => what.startsWith('send'))).toBe(true);
    expect(words.filter(({ took }) => took.endsWith('waiting')).length).toBeGreaterThanOrEqual(2);
  });
});

describe('texts', () => {
  it('get a place of their own while there is one, and none when they would hide another', () => {
    const placer = new TextPlacer(400);
    const at = { x: 100, y: 50, anchor: 'middle' } as const;
    const other = { x: 100, y: 80, anchor: 'middle' } as const;
    expect(placer.place('publish', [at, other])).toEqual(at);
    expect(placer.place('publish', [at, other])).toEqual(other);
    expect(placer.place('publish', [at, other])).toBeNull();
  });

  it('stay within the picture', () => {
    const text = 'persisted, number 12';
    const place = new TextPlacer(400).place(text, [{ x: 395, y: 20, anchor: 'start' }])!;
    expect(place.x + textWidth(text)).toBeLessThanOrEqual(400);
  });
});
