import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SHIVIZ_PARSER, toShiViz } from '../../../src/export/shiviz.ts';
import { type Names, TRACE_KINDS, type TraceRow } from '../../../src/trace/trace.ts';
import { groupMessage, privateMessage, TraceWriter, user } from '../diagrams/trace-fixture.ts';

interface LogEvent {
  readonly host: string;
  readonly clock: Readonly<Record<string, number>>;
  readonly event: string;
}

/** Reads a log as ShiViz does: the first line is the parser, the second the delimiter of executions, the rest is scanned with it. */
function read(log: string): LogEvent[] {
  const [parser, delimiter, ...rest] = log.split('\n');
  expect(delimiter).toBe('');
  return [...rest.join('\n').trim().matchAll(new RegExp(parser!, 'gm'))].map(({ groups }) => ({
    host: groups!.host!,
    clock: JSON.parse(groups!.clock!) as Record<string, number>,
    event: groups!.event!,
  }));
}

/** ShiViz refuses a log whose hosts do not count from 1 in steps of 1, or that names a moment that a host never had. */
function expectAcceptable(events: readonly LogEvent[]): void {
  const length = new Map<string, number>();
  for (const { host } of events) length.set(host, (length.get(host) ?? 0) + 1);
  const own = new Map<string, number>();
  for (const { host, clock, event } of events) {
    own.set(host, (own.get(host) ?? 0) + 1);
    expect(clock[host]).toBe(own.get(host));
    for (const [other, time] of Object.entries(clock)) {
      expect(time).toBeGreaterThanOrEqual(1);
      expect(time).toBeLessThanOrEqual(length.get(other) ?? 0);
    }
    expect(event).not.toBe('');
  }
}

const happensBefore = (a: LogEvent, b: LogEvent): boolean =>
  a !== b && Object.entries(a.clock).every(([host, time]) => time <= (b.clock[host] ?? 0));

/** Which rows lead to which, by walking causes and neighbours at a node: no clocks. */
function reachable(rows: readonly TraceRow[]): boolean[][] {
  const before = rows.map(() => rows.map(() => false));
  rows.forEach((row, i) => {
    const direct = [
      rows.findIndex((other) => other.id === row.cause),
      rows.slice(0, i).findLastIndex((other) => other.node === row.node),
    ].filter((k) => k >= 0);
    for (const k of direct) {
      before[k]![i] = true;
      for (let j = 0; j < i; j++) if (before[j]![k]!) before[j]![i] = true;
    }
  });
  return before;
}

/** Pairs of rows on whose order the clocks and the causes disagree. */
function disagreements(rows: readonly TraceRow[], events: readonly LogEvent[]): string[] {
  const before = reachable(rows);
  const found: string[] = [];
  rows.forEach((_, a) => {
    rows.forEach((__, b) => {
      if (happensBefore(events[a]!, events[b]!) !== before[a]![b]!) found.push(`${a} ${b}`);
    });
  });
  return found;
}

const NAMES: Names = { node: (n) => `n${n}`, channel: (c) => `#c${c}`, message: (s, n) => `u${s}/${n}` };

describe('ShiViz log', () => {
  it('begins with the parser, and is read back event by event', () => {
    const f = privateMessage();
    const log = [...toShiViz(f.rows, f.names)].join('');
    expect(log.split('\n')[0]).toBe('(?<host>\\S*) (?<clock>{.*})\\n(?<event>.*)');
    expect(log.startsWith(SHIVIZ_PARSER)).toBe(true);
    const events = read(log);
    expect(events.map((e) => e.host)).toEqual(f.rows.map((r) => f.names.node(r.node)));
    expect(events[0]).toEqual({
      host: 'alice',
      clock: { alice: 1 },
      event: '12345678 us send alice/1 in #general peer gateway-1',
    });
    expectAcceptable(events);
  });

  it('the clocks order two rows exactly when causes do', () => {
    for (const f of [privateMessage(), groupMessage(12, 4, { lostFor: [3], down: [2] })]) {
      const events = read([...toShiViz(f.rows, f.names)].join(''));
      expectAcceptable(events);
      expect(disagreements(f.rows, events)).toEqual([]);
    }
  });

  it('so do they in any trace', () => {
    const row = fc.record({
      node: fc.nat(5),
      cause: fc.double({ min: 0, max: 0.999, noNaN: true }),
      begins: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 40 }), (given) => {
        const w = new TraceWriter();
        given.forEach(({ node }, i) => void w.add(i, { kind: TRACE_KINDS[i % TRACE_KINDS.length]!, node }));
        const rows = w.rows.map((r, i) => ({
          ...r,
          cause: given[i]!.begins ? -1 : Math.floor(given[i]!.cause * i),
        }));
        rows[0] = { ...rows[0]!, cause: -1 };
        const events = read([...toShiViz(rows, NAMES)].join(''));
        expectAcceptable(events);
        expect(disagreements(rows, events)).toEqual([]);
      }),
    );
  });

  it('a mistake is caught: clocks that do not hear of causes, and clocks that forget', () => {
    const f = privateMessage();
    const deaf = read(
      [
        ...toShiViz(
          f.rows.map((r) => ({ ...r, cause: -1 })),
          f.names,
        ),
      ].join(''),
    );
    expect(disagreements(f.rows, deaf).length).toBeGreaterThan(10);
    const good = read([...toShiViz(f.rows, f.names)].join(''));
    const forgetful = good.map((e) => ({ ...e, clock: { [e.host]: e.clock[e.host]! } }));
    expect(disagreements(f.rows, forgetful).length).toBeGreaterThan(10);
  });

  it('hosts have no spaces, are told apart, and are none that every object has', () => {
    const called = [
      'a b',
      'a_b',
      '',
      ' ',
      '__proto__',
      'constructor',
      'x\u00A0y\nz',
      '{"a":1}',
      'a "q" \\',
      'h {x}',
    ];
    const w = new TraceWriter();
    called.forEach((_, i) => void w.add(i, { kind: 'send', node: i, after: i - 1 }));
    const names: Names = { ...NAMES, node: (n) => called[n]!, message: () => 'two\nlines' };
    const rows = w.rows.map((r) => ({ ...r, cause: r.id - 1 }));
    const events = read([...toShiViz(rows, names)].join(''));
    expect(events).toHaveLength(called.length);
    expect(new Set(events.map((e) => e.host)).size).toBe(called.length);
    expect(events.map((e) => e.host).slice(0, 3)).toEqual(['a_b', 'a_b~2', '_']);
    for (const { host } of events) expect(host in Object.prototype).toBe(false);
    expectAcceptable(events);
    expect(disagreements(rows, events)).toEqual([]);
  });

  it('a long trace is cut, and a last event says what is left out', () => {
    const f = groupMessage(30, 4);
    const events = read([...toShiViz(f.rows, f.names, 50)].join(''));
    expect(events).toHaveLength(51);
    expect(events.at(-1)).toEqual({
      host: 'left-out',
      clock: { 'left-out': 1 },
      event: `${f.rows.length - 50} more rows are left out, from ${f.rows[50]!.timeUs} us on`,
    });
    expectAcceptable(events);
  });

  it('rows of nowhere and of users stand on hosts of their own', () => {
    const w = new TraceWriter();
    w.add(0, { kind: 'say', node: -1, sender: -1, nth: 0, channel: -1 });
    w.add(1, { kind: 'send', node: user(0) });
    expect(
      read([...toShiViz(w.rows, { ...NAMES, node: (n) => (n < 0 ? 'bad' : 'alice') })].join('')).map(
        (e) => e.host,
      ),
    ).toEqual(['scenario', 'alice']);
  });
});
