import { csvParse } from 'd3-dsv';
import { beforeAll, describe, expect, it } from 'vitest';
import { type ExportInput, type ExportName, exportTrace } from '../../../src/export/registry.ts';
import { exportInputOf } from '../../../src/package/run.ts';
import { createRun } from '../../../src/run/run.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';
import { readHops } from '../../../src/trace/hops.ts';

/** What other programs read, from a run with a crash, a lossy link, refusals and a user who is away. */
const SCENARIO = `
scenario: everything-at-once
title: Everything at once
seed: 11
duration: 20s
design:
  servers: { count: 3 }
  rateLimit: { algorithm: sliding-window-log, limit: 3, window: 10s }
workload:
  users: [alice, bob, carol, dan, erin]
  channels: { named: { general: [alice, bob, carol, dan, erin], pair: [alice, bob] } }
  messages: { perUserPerMinute: 40 }
  churnPerSecond: 0
script:
  - { at: 2s, disconnect: dan, for: 3s }
  - { at: 5s, crash: ws-server-2, for: 2s }
  - { at: 8s, link: { from: ws-servers, to: [bob, carol, alice], loss: 20%, duplicate: 0.1 }, for: 6s }
`;

let input: ExportInput;
beforeAll(() => {
  const run = createRun(parseScenario(SCENARIO, 'everything.yaml'));
  while (run.advance(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY) !== 'end');
  input = exportInputOf(run);
});
const written = (format: ExportName): string => [...exportTrace(format, input)].join('');
const countOf = (kind: string): number => input.rows.filter((row) => row.kind === kind).length;

describe('csv', () => {
  it('is read back row by row, with names and microseconds', () => {
    const table = csvParse(written('csv'));
    expect(table.length).toBe(input.rows.length);
    const i = input.rows.findIndex(({ kind }) => kind === 'deliver');
    const { timeUs, node, sender, nth } = input.rows[i]!;
    expect(table[i]).toMatchObject({
      timeUs: String(timeUs),
      kind: 'deliver',
      nodeName: input.names.node(node),
      message: input.names.message(sender, nth),
    });
  });

  it('quotes a name with a comma', () => {
    const names = { ...input.names, node: () => 'a, "b"' };
    const [first] = csvParse([...exportTrace('csv', { ...input, names })].join(''));
    expect(first?.nodeName).toBe('a, "b"');
  });
});

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly events: readonly { readonly name: string; readonly timeUnixNano: string }[];
  readonly status?: { readonly code: number };
}
interface TracesData {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly { key: string; value: { stringValue: string } }[] };
    readonly scopeSpans: readonly { readonly spans: readonly Span[] }[];
  }[];
}

describe('otlp', () => {
  const spansOf = (data: TracesData): Span[] =>
    data.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));

  it('has a span for every stay, in one tree for each message, a child never before its parent', () => {
    const spans = spansOf(JSON.parse(written('otlp')) as TracesData);
    expect(spans.length).toBe(readHops(input.rows).visits.length);
    const byId = new Map(spans.map((span) => [span.spanId, span]));
    expect(byId.size).toBe(spans.length);
    for (const { traceId, spanId, parentSpanId, startTimeUnixNano, endTimeUnixNano } of spans) {
      expect(traceId).toMatch(/^[0-9a-f]{32}$/);
      expect(spanId).toMatch(/^(?!0{16})[0-9a-f]{16}$/);
      expect(BigInt(endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(startTimeUnixNano));
      if (parentSpanId === undefined) continue;
      const parent = byId.get(parentSpanId)!;
      expect(parent.traceId).toBe(traceId);
      expect(BigInt(parent.startTimeUnixNano)).toBeLessThanOrEqual(BigInt(startTimeUnixNano));
    }
    const messages = new Set(spans.map(({ traceId }) => traceId));
    expect(messages.size).toBe(
      new Set(input.rows.filter((r) => r.sender >= 0).map((r) => `${r.sender}/${r.nth}`)).size,
    );
    const roots = spans.filter(({ parentSpanId }) => parentSpanId === undefined);
    expect(roots.length).toBe(messages.size);
  });

  it('tells deliveries as events at their nanosecond, and failures as errors', () => {
    const spans = spansOf(JSON.parse(written('otlp')) as TracesData);
    const events = spans.flatMap((span) => span.events);
    const delivered = events.filter(({ name }) => name === 'deliver').map(({ timeUnixNano }) => timeUnixNano);
    const expected = input.rows.filter(({ kind }) => kind === 'deliver').map(({ timeUs }) => `${timeUs}000`);
    expect(delivered.sort()).toEqual(expected.sort());
    expect(expected.length).toBeGreaterThan(20);
    expect(spans.some(({ status }) => status?.code === 2)).toBe(true);
  });
});

describe('jepsen', () => {
  const FIELDS =
    /^\{:index (\d+), :time (\d+), :type :(\w+), :process (\d+), :f :(\w+), :value (\["[^"]+" "[^"]+"\]), :user ("[^"]+")\}$/;
  const operations = (text: string) =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => {
        const [, index, time, type, process, f, value, user] = FIELDS.exec(line)!;
        return { index: Number(index), time: Number(time), type, process, f, value, user };
      });

  it('is numbered in order of time, and each process does one thing at a time', () => {
    const all = operations(written('jepsen'));
    const open = new Map<string, (typeof all)[number]>();
    all.forEach((operation, i) => {
      expect(operation.index).toBe(i);
      expect(operation.time).toBeGreaterThanOrEqual(all[i - 1]?.time ?? 0);
      const before = open.get(operation.process!);
      if (operation.type === 'invoke') {
        expect(before).toBeUndefined();
        open.set(operation.process!, operation);
      } else {
        expect(before).toMatchObject({ f: operation.f, value: operation.value, user: operation.user });
        open.delete(operation.process!);
      }
    });
    expect([...open.keys()]).toEqual([]);
  });

  it('has what was sent, acknowledged, refused, left open and shown', () => {
    const all = operations(written('jepsen'));
    const count = (type: string, f: string): number =>
      all.filter((one) => one.type === type && one.f === f).length;
    expect(count('ok', 'deliver')).toBe(countOf('deliver'));
    expect(count('invoke', 'send')).toBe(countOf('send'));
    expect(count('ok', 'send')).toBeGreaterThan(5);
    expect(count('fail', 'send')).toBeGreaterThan(0);
    expect(count('ok', 'send') + count('fail', 'send') + count('info', 'send')).toBe(count('invoke', 'send'));
  });
});
