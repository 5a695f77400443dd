import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toPerfetto } from '../../../src/export/perfetto.ts';
import { readHops } from '../../../src/trace/hops.ts';
import {
  crossingMessages,
  type Fixture,
  groupMessage,
  privateMessage,
  TraceWriter,
  user,
} from '../diagrams/trace-fixture.ts';
import { type Processed, processTrace } from './trace-processor.ts';

const write = (f: Fixture): string => [...toPerfetto(f.rows, f.names, f.stations)].join('');
const processed = (f: Fixture): Processed => processTrace(write(f));
const threadOf = (p: Processed, at: { pid: number; tid: number }): string =>
  p.threads.get(`${at.pid} ${at.tid}`)!;
/** The node of a thread: without what tells its lanes apart. */
const nodeOf = (p: Processed, at: { pid: number; tid: number }): string => threadOf(p, at).split(',')[0]!;

describe('Perfetto trace', () => {
  it('a private message is eleven arrows from stay to stay, on threads named after the nodes', () => {
    const p = processed(privateMessage());
    expect(p.errors).toEqual([]);
    expect([...p.processes.values()]).toEqual([
      'Clients',
      'API gateways / load balancers',
      'WebSocket servers',
      'Pub/sub',
      'Chat service',
      'Database',
    ]);
    expect(p.arrows.map((a) => `${threadOf(p, a.from)} > ${threadOf(p, a.to)}`)).toEqual([
      'alice > gateway-1',
      'gateway-1 > ws-server-1',
      'ws-server-1 > chat-service',
      'chat-service > database',
      'database > chat-service',
      'chat-service > pubsub-1',
      'pubsub-1 > ws-server-7',
      'pubsub-1 > chat-service',
      'chat-service > ws-server-1',
      'ws-server-7 > bob',
      'ws-server-1 > alice',
    ]);
  });

  it('a slice of the sender lasts from its send to the answer, one of a station as long as the message stays', () => {
    const f = privateMessage();
    const p = processed(f);
    const [send, ack] = [f.rows[0]!, f.rows.find((r) => r.kind === 'ack')!];
    const waiting = p.slices.find((s) => threadOf(p, s) === 'alice')!;
    expect([waiting.startUs, waiting.endUs]).toEqual([send.timeUs, ack.timeUs]);
    const work = p.slices.find((s) => threadOf(p, s) === 'database')!;
    expect(work.endUs - work.startUs).toBeCloseTo(2_130, 2);
    expect(work).toMatchObject({
      name: 'alice/1',
      args: { channel: '#general', what: 'arrive, persist, forward', seq: 42 },
    });
  });

  it('in a fan-out every hop that arrived is one arrow between its two nodes at its two times', () => {
    for (const f of [
      groupMessage(200, 13, { lostFor: [3, 5], down: [2] }),
      crossingMessages(true),
      crossingMessages(false),
    ]) {
      const p = processed(f);
      expect(p.errors).toEqual([]);
      const drawn = p.arrows
        .map((a) => [nodeOf(p, a.from), nodeOf(p, a.to), a.departUs, a.arriveUs].join(' '))
        .sort();
      const hops = readHops(f.rows)
        .hops.filter((h) => h.outcome === 'arrived')
        .map((h) => [f.names.node(h.from), f.names.node(h.to), h.departUs, h.endUs].join(' '))
        .sort();
      expect(drawn).toEqual(hops);
    }
  });

  it('stays of several messages at one station lie on several threads of it', () => {
    const w = new TraceWriter();
    for (const nth of [1, 2, 3]) w.add(nth, { kind: 'arrive', node: 0, nth });
    for (const nth of [1, 2, 3])
      w.add(10 + nth, { kind: 'forward', node: 0, peer: 1, after: 0, nth, dueUs: 20 + nth });
    w.add(14, { kind: 'arrive', node: 0, nth: 4 });
    const p = processed({ ...privateMessage(), rows: w.rows });
    expect(p.errors).toEqual([]);
    expect(p.slices.map((s) => threadOf(p, s))).toEqual([
      'gateway-1',
      'gateway-1, at the same time 2',
      'gateway-1, at the same time 3',
      'gateway-1',
    ]);
  });

  it('losses and faults stand beside the stays, on a thread of their own', () => {
    const w = new TraceWriter();
    w.add(0, { kind: 'send', node: user(0), peer: 1 });
    w.add(20, { kind: 'arrive', node: 1, peer: user(0), after: user(0) });
    w.add(25, { kind: 'crash', node: 1, sender: -1, nth: 0 });
    w.add(25, { kind: 'drop', node: 1, peer: user(0), after: 1, reason: 'crashed' });
    w.add(30, { kind: 'say', node: -1, sender: -1, nth: 0, channel: -1 });
    const p = processed({ ...privateMessage(), rows: w.rows });
    expect(p.errors).toEqual([]);
    expect(p.instants.map((i) => [threadOf(p, i), i.name, i.us])).toEqual([
      ['ws-server-1, losses and faults', 'crash', 25],
      ['ws-server-1, losses and faults', 'drop alice/1 (alice): crashed', 25],
      ['script, losses and faults', 'say', 30],
    ]);
  });

  it('any trace gives a file without errors', () => {
    const step = fc.record({
      kind: fc.constantFrom(
        'send',
        'arrive',
        'forward',
        'deliver',
        'ack',
        'buffer',
        'drop',
        'crash',
        'retry',
        'persist',
      ),
      node: fc.constantFrom(0, 1, 2, 11, 12, user(0), user(1)),
      peer: fc.constantFrom(-1, 0, 1, 2, 11, 12, user(0), user(1)),
      after: fc.constantFrom(0, 1, 2, 11, 12, user(0), user(1)),
      nth: fc.integer({ min: 1, max: 3 }),
      gapUs: fc.nat(3),
      linkUs: fc.nat(5),
      attempt: fc.nat(1),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const w = new TraceWriter();
        let timeUs = 0;
        for (const { gapUs, linkUs, ...s } of steps) {
          timeUs += gapUs;
          w.add(timeUs, {
            ...s,
            ...(s.kind === 'forward' ? { departUs: timeUs + 1, dueUs: timeUs + 1 + linkUs } : {}),
          });
        }
        const f = { ...privateMessage(), rows: w.rows };
        expect(processed(f).errors).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('a mistake is caught: arrows that end where slices end, stays on one thread, threads without a name', () => {
    const text = write(groupMessage(40, 3));
    const { traceEvents } = JSON.parse(text) as { traceEvents: Record<string, unknown>[] };
    const broken = (
      change: (e: Record<string, unknown>) => Record<string, unknown> | null,
    ): readonly string[] =>
      processTrace(JSON.stringify({ traceEvents: traceEvents.flatMap((e) => change(e) ?? []) })).errors;
    expect(broken((e) => e)).toEqual([]);
    expect(
      broken((e) => (e.ph === 'X' ? { ...e, dur: Math.floor(e.dur as number) } : e)).length,
    ).toBeGreaterThan(0);
    expect(
      broken((e) => (e.tid === undefined || e.ph === 'M' ? e : { ...e, tid: 1 })).length,
    ).toBeGreaterThan(0);
    expect(broken((e) => (e.name === 'thread_name' ? null : e)).length).toBeGreaterThan(0);
    expect(broken((e) => (e.ph === 'f' && e.id === 3 ? null : e))).toEqual(['arrow 3 hop hop has no end']);
  });

  it('the file holds no character that Perfetto\u2019s own JSON reader cannot take', () => {
    const f = privateMessage({ userNames: ['a\u0000li\nce', 'b"o\\b'], channels: ['x\u2028y'] });
    expect(write(f)).not.toMatch(/\\u00|\\n[^"]/);
    expect(processed(f).errors).toEqual([]);
  });
});
