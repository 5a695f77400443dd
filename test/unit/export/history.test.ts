import { describe, expect, it } from 'vitest';
import { toHistory } from '../../../src/export/history.ts';
import { FIELDS, type HistoryEvent } from '../../../src/guarantees/history.ts';
import { parseHistory } from '../../../src/guarantees/history-reader.ts';
import { groupMessage, privateMessage, TraceWriter, user } from '../diagrams/trace-fixture.ts';

const events = (lines: Iterable<string>): HistoryEvent[] =>
  [...lines].map((line) => JSON.parse(line) as HistoryEvent);
const END = { quiescent: true, endUs: 99_000_000 };

describe('history', () => {
  it('a private message is sent, persisted, delivered and acked, in milliseconds', () => {
    const f = privateMessage();
    const members = () => [0, 1];
    expect(events(toHistory(f.rows, f.names, { ...END, members }))).toEqual([
      { type: 'join', user: 'alice', channel: '#general', time: 0 },
      { type: 'join', user: 'bob', channel: '#general', time: 0 },
      { type: 'send', message: 'alice/1', user: 'alice', channel: '#general', time: 12345.678 },
      { type: 'persist', message: 'alice/1', time: 12374.028 },
      { type: 'deliver', message: 'alice/1', user: 'bob', channel: '#general', time: 12393.352 },
      { type: 'ack', message: 'alice/1', user: 'alice', time: 12399.073 },
      { type: 'end', quiescent: true, time: 99000 },
    ]);
  });

  it('a message is sent once however often it is tried, and refused when its sender is told', () => {
    const w = new TraceWriter();
    w.add(1_000, { kind: 'send', node: user(0), peer: 0 });
    w.add(2_000, { kind: 'refuse', node: 0, peer: user(0), after: user(0), reason: 'rate-limit' });
    w.add(3_000, { kind: 'nack', node: user(0), after: 0, reason: 'rate-limit' });
    w.add(4_000, { kind: 'retry', node: user(0), peer: 0, after: user(0), attempt: 1 });
    w.add(5_000, { kind: 'persist', node: 3, attempt: 1 });
    w.add(6_000, { kind: 'lost', node: 3 });
    w.add(7_000, { kind: 'deliver', node: user(1) });
    w.add(8_000, { kind: 'deliver', node: user(1) });
    w.add(9_000, { kind: 'leave', node: user(1), sender: -1, nth: 0 });
    w.add(9_500, { kind: 'crash', node: 3, sender: -1, nth: 0 });
    const f = privateMessage();
    const told = events(toHistory(w.rows, f.names, { ...END, quiescent: false }));
    expect(told.map((e) => [e.type, e.time])).toEqual([
      ['send', 1],
      ['refuse', 3],
      ['persist', 5],
      ['lost', 6],
      ['deliver', 7],
      ['deliver', 8],
      ['leave', 9],
      ['end', 99_000],
    ]);
    expect(told.at(-1)).toMatchObject({ quiescent: false });
  });

  it('every line has just the fields that a history has, and the reader of the guarantees takes them all', () => {
    const f = groupMessage(50, 7, { lostFor: [3], down: [2] });
    const lines = [
      ...toHistory(f.rows, f.names, { ...END, members: () => Array.from({ length: 51 }, (_, i) => i) }),
    ];
    for (const event of events(lines)) {
      expect(Object.keys(event).sort()).toEqual(['time', 'type', ...Object.keys(FIELDS[event.type])].sort());
    }
    expect(parseHistory(lines.join(''), 'history.jsonl')).toEqual(events(lines));
  });

  it('messages of which rows are missing are left out', () => {
    const f = privateMessage();
    const told = events(toHistory(f.rows, f.names, { ...END, isWhole: () => false }));
    expect(told.map((e) => e.type)).toEqual(['end']);
  });

  it('rows that are not in the order of time are put into it', () => {
    const w = new TraceWriter();
    w.add(5_000, { kind: 'deliver', node: user(2) });
    w.add(4_000, { kind: 'deliver', node: user(1) });
    const f = privateMessage();
    expect(events(toHistory(w.rows, f.names, END)).map((e) => e.time)).toEqual([4, 5, 99_000]);
  });
});
