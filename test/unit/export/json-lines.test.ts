import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/base/errors.ts';
import { parseJsonLines, toJsonLines } from '../../../src/export/json-lines.ts';
import { DROP_REASONS, TRACE_KINDS } from '../../../src/trace/trace.ts';
import { groupMessage, TraceWriter, user } from '../diagrams/trace-fixture.ts';

const refusals = (lines: readonly string[]): string[] => {
  try {
    parseJsonLines(lines);
  } catch (error) {
    if (error instanceof InputError) return error.message.split('\n');
    throw error;
  }
  return [];
};

describe('JSON Lines', () => {
  it('what is written is read back, rows and names', () => {
    const f = groupMessage(20, 5, { lostFor: [3], down: [2] });
    const lines = [...toJsonLines(f.rows, f.names)];
    expect(lines.every((line) => line.endsWith('}\n') && line.indexOf('\n') === line.length - 1)).toBe(true);
    const back = parseJsonLines(lines.join('').split('\n'));
    expect(back.rows).toEqual(f.rows);
    for (const row of f.rows) {
      expect(back.names.node(row.node)).toBe(f.names.node(row.node));
      expect(back.names.message(row.sender, row.nth)).toBe('alice/1');
      expect(back.names.channel(row.channel)).toBe('#general');
    }
  });

  it('every kind and every reason survives, and rows that concern no message', () => {
    const w = new TraceWriter();
    TRACE_KINDS.forEach((kind, i) => {
      const reason = DROP_REASONS[i % DROP_REASONS.length]!;
      w.add(i, { kind, node: i % 2 === 0 ? user(i) : -1, sender: -1, nth: 0, channel: -1, reason });
    });
    const names = { node: (n: number) => `"${n}"\n`, channel: String, message: () => 'm' };
    const back = parseJsonLines([...toJsonLines(w.rows, names)]);
    expect(back.rows).toEqual(w.rows);
    expect(back.names.node(user(0))).toBe(`"${user(0)}"\n`);
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

  it('what cannot be used is refused with line, column and what would be right', () => {
    const good = [
      ...toJsonLines(groupMessage(1, 2).rows.slice(0, 1), groupMessage(1, 2).names),
    ][0]!.trimEnd();
    const broken = (from: string, to: string): string[] => refusals(['', good.replace(from, to)]);
    expect(broken('', '')).toEqual([]);
    expect(refusals(['{'])).toEqual(['trace.jsonl:1:1: this is no JSON; write one object a line']);
    expect(refusals(['[1]'])).toEqual(['trace.jsonl:1:1: this is no JSON object; write one object a line']);
    expect(broken('"kind":"send"', '"kind":"sned"')[0]).toMatch(
      /^trace\.jsonl:2:\d+: kind is "sned"; it must be one of send, arrive, /,
    );
    const column = good.indexOf('"timeUs"') + 1;
    expect(broken('"timeUs":12345678', '"timeUs":1.5')).toEqual([
      `trace.jsonl:2:${column}: timeUs is 1.5; it must be a whole number from 0 on`,
    ]);
    expect(broken('"seq":0,', '')[0]).toContain('seq is missing');
    expect(broken('"nodeName":"alice"', '"nodeName":7')[0]).toContain(
      'nodeName is 7; it must be text or null',
    );
    expect(broken('"seq":0', '"seq":0,"extra":1')[0]).toContain('there is no field "extra"');
  });

  it('of very many problems twenty are told, and how many more there are', () => {
    const told = refusals(Array.from({ length: 50 }, () => 'x'));
    expect(told).toHaveLength(21);
    expect(told.at(-1)).toBe('trace.jsonl:50:1: and 30 more problems');
  });
});
