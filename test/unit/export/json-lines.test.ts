import { describe, expect, it } from 'vitest';
import { toJsonLines } from '../../../src/export/json-lines.ts';
import { DROP_REASONS, TRACE_KINDS } from '../../../src/trace/trace.ts';
import { groupMessage, TraceWriter, user } from '../diagrams/trace-fixture.ts';
import { readBack } from './read-back.ts';

describe('JSON Lines', () => {
  it('each line is a row with the names of what it is about', () => {
    const f = groupMessage(20, 5, { lostFor: [3], down: [2] });
    const lines = [...toJsonLines(f.rows, f.names)];
    expect(lines.every((line) => line.endsWith('}\n') && line.indexOf('\n') === line.length - 1)).toBe(true);
    expect(readBack(lines)).toEqual(f.rows);
    for (const [i, row] of f.rows.entries()) {
      expect(JSON.parse(lines[i]!)).toMatchObject({
        nodeName: f.names.node(row.node),
        message: 'alice/1',
        channelName: '#general',
      });
    }
  });

  it('every kind and every reason survives, and rows that concern no message', () => {
    const w = new TraceWriter();
    TRACE_KINDS.forEach((kind, i) => {
      const reason = DROP_REASONS[i % DROP_REASONS.length]!;
      w.add(i, { kind, node: i % 2 === 0 ? user(i) : -1, sender: -1, nth: 0, channel: -1, reason });
    });
    const names = { node: (n: number) => `"${n}"\n`, channel: String, message: () => 'm' };
    const lines = [...toJsonLines(w.rows, names)];
    expect(readBack(lines)).toEqual(w.rows);
    expect(JSON.parse(lines[0]!)).toMatchObject({
      nodeName: `"${user(0)}"\n`,
      message: null,
      channelName: null,
    });
  });

  it('it is written line by line, not all at once', () => {
    let taken = 0;
    const f = groupMessage(5, 2);
    function* rows() {
      for (const row of f.rows) {
        taken++;
        yield row;
      }
    }
    const first = toJsonLines(rows(), f.names)[Symbol.iterator]().next();
    expect([first.done, taken]).toEqual([false, 1]);
  });
});
