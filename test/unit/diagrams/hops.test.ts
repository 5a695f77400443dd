import { describe, expect, it } from 'vitest';
import { readHops } from '../../../src/trace/hops.ts';
import type { TraceRow } from '../../../src/trace/trace.ts';
import { groupMessage, privateMessage, TraceWriter, user } from './trace-fixture.ts';

const ways = (rows: readonly TraceRow[]) =>
  readHops(rows).hops.map((h) => [h.from, h.to, h.outcome] as const);

describe('hops of a trace', () => {
  it('a private message is eleven hops, each from the row that sent it to the row that received it', () => {
    const { rows } = privateMessage();
    const { hops } = readHops(rows);
    const [gateway, a, b, pubsub, chat, database] = [0, 1, 7, 11, 12, 13];
    expect(hops.map((h) => [h.from, h.to])).toEqual([
      [user(0), gateway],
      [gateway, a],
      [a, chat],
      [chat, database],
      [database, chat],
      [chat, pubsub],
      [pubsub, b],
      [pubsub, chat],
      [chat, a],
      [b, user(1)],
      [a, user(0)],
    ]);
    for (const hop of hops) {
      expect(hop.outcome).toBe('arrived');
      expect(rows[hop.departRow]!.node).toBe(hop.from);
      expect(rows[hop.endRow]!.node).toBe(hop.to);
      expect(hop.endUs).toBeGreaterThan(hop.departUs);
    }
  });

  it('after a fan-out each arrival belongs to the copy that went there, although all causes point to the last copy', () => {
    const { rows } = groupMessage(30, 10);
    const arrivals = rows.filter((r) => r.kind === 'arrive' && r.peer === 11);
    expect(new Set(arrivals.map((r) => r.cause)).size).toBe(1);
    for (const hop of readHops(rows).hops.filter((h) => h.from === 11)) {
      expect(rows[hop.departRow]!.peer).toBe(hop.to);
      expect(rows[hop.departRow]!.dueUs).toBe(hop.endUs);
    }
  });

  it('a station that is down loses what was on the way to it, a link what was on it', () => {
    const { rows } = groupMessage(3, 3, { down: [2], lostFor: [1] });
    const lost = readHops(rows).hops.filter((h) => h.outcome === 'lost');
    expect(lost.map((h) => [h.from, h.to, h.reason])).toEqual(
      expect.arrayContaining([[4, 2, 'station-down']]),
    );
    const onLink = readHops(privateMessage({ lostFor: [1] }).rows).hops.filter((h) => h.outcome === 'lost');
    expect(onLink.map((h) => [h.from, h.to, h.reason])).toEqual([[7, user(1), 'link-loss']]);
  });

  it('what has not arrived when the trace ends is under way', () => {
    const { rows } = privateMessage();
    const cut = rows.slice(
      0,
      rows.findIndex((r) => r.kind === 'deliver'),
    );
    const open = readHops(cut).hops.filter((h) => h.outcome === 'under-way');
    expect(open.map((h) => [h.from, h.to])).toEqual(expect.arrayContaining([[7, user(1)]]));
    expect(open.every((h) => h.endUs >= cut.at(-1)!.timeUs)).toBe(true);
  });

  it('a link that duplicates gives one hop and one copy of it', () => {
    const w = new TraceWriter();
    w.add(0, { kind: 'forward', node: 1, peer: user(1), departUs: 0, dueUs: 10 });
    w.add(10, { kind: 'deliver', node: user(1), peer: 1, after: 1 });
    w.add(15, { kind: 'duplicate', node: user(1), peer: 1, after: 1, reason: 'duplicate' });
    expect(readHops(w.rows).hops.map((h) => [h.endUs, h.copy])).toEqual([
      [10, false],
      [15, true],
    ]);
  });

  it('of two answers the second arrives too, although its recorded cause is the first', () => {
    const w = new TraceWriter();
    w.add(0, { kind: 'forward', node: 1, peer: user(0), dueUs: 10 });
    w.add(1, { kind: 'forward', node: 1, peer: user(0), after: 1, dueUs: 11 });
    w.add(10, { kind: 'nack', node: user(0), after: 1 });
    w.add(11, { kind: 'nack', node: user(0), after: user(0) });
    expect(readHops(w.rows).hops.map((h) => [h.departRow, h.endRow, h.outcome])).toEqual([
      [0, 2, 'arrived'],
      [1, 3, 'arrived'],
    ]);
  });

  it('a client\u2019s send and the forward that it causes are one departure, with the time at which it is due', () => {
    const w = new TraceWriter();
    w.add(0, { kind: 'send', node: user(0), peer: 0 });
    w.add(0, { kind: 'forward', node: user(0), peer: 0, after: user(0), dueUs: 30 });
    expect(readHops(w.rows).hops.map((h) => [h.departRow, h.outcome, h.endUs])).toEqual([
      [1, 'under-way', 30],
    ]);
    w.add(30, { kind: 'arrive', node: 0, peer: user(0), after: user(0) });
    expect(readHops(w.rows).hops.map((h) => [h.departRow, h.outcome, h.endUs])).toEqual([[1, 'arrived', 30]]);
  });

  it('a retry and its first attempt are told apart even when the first is lost without a word', () => {
    const w = new TraceWriter();
    w.add(0, { kind: 'send', node: user(0), peer: 0 });
    w.add(100, { kind: 'retry', node: user(0), peer: 0, after: user(0), attempt: 1 });
    w.add(130, { kind: 'arrive', node: 0, peer: user(0), after: user(0), attempt: 1 });
    const [arrived, open] = [...readHops(w.rows).hops].sort((x) => (x.outcome === 'arrived' ? -1 : 1));
    expect([arrived!.departUs, arrived!.endUs]).toEqual([100, 130]);
    expect([open!.departRow, open!.outcome]).toEqual([0, 'under-way']);
  });

  it('what a crash loses in a queue is no hop', () => {
    const w = new TraceWriter();
    w.add(0, { kind: 'forward', node: 1, peer: 2, departUs: 0, dueUs: 10 });
    w.add(10, { kind: 'arrive', node: 2, peer: 1, after: 1 });
    w.add(12, { kind: 'drop', node: 2, peer: 1, after: 2, reason: 'crashed' });
    expect(ways(w.rows)).toEqual([[1, 2, 'arrived']]);
  });

  it('a visit lasts from the arrival to the last departure, and a node that is met again has another', () => {
    const { rows } = privateMessage();
    const { visits } = readHops(rows);
    const chat = visits.filter((v) => v.node === 12);
    // Before the database, after it, and when pub/sub has answered.
    expect(chat).toHaveLength(3);
    expect(chat[0]!.endUs - chat[0]!.startUs).toBe(600);
    expect(visits.filter((v) => v.node === user(0))).toHaveLength(2);
  });
});
