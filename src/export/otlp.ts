import { readHops } from '../trace/hops.ts';
import type { Names, TraceRow } from '../trace/trace.ts';
import type { ExportStation } from './perfetto.ts';

/** What nothing but a loss or a refusal ends with. */
const FAILURES: ReadonlySet<string> = new Set(['drop', 'lost', 'refuse', 'nack', 'fail']);

const STATUS_CODE_ERROR = 2;
const SPAN_KIND_INTERNAL = 1;

/**
 * A trace as OpenTelemetry spans (OTLP JSON, one TracesData message): a trace a message, a span a stay of it at a node, its parent the stay from which it
 * came. A resource is a node (`service.name`). What happened during the stay are the events of the span; what ended in a loss or a refusal has the status
 * ERROR. What concerns no message (a crash, a link that is cut) is left out. Virtual time 0 is the Unix epoch.
 *
 * Format: opentelemetry-proto, trace/v1/trace.proto, and docs/specification.md, "JSON Protobuf Encoding": ids in hexadecimal, 64-bit
 * numbers as strings, enums as numbers.
 */
export function* toOtlp(
  rows: readonly TraceRow[],
  names: Names,
  stations: readonly ExportStation[],
): Iterable<string> {
  const { hops, visits, visitOf } = readHops(rows);
  const parents = new Int32Array(visits.length).fill(-1);
  for (const { departRow, endRow, outcome } of hops) {
    const child = outcome === 'arrived' ? visitOf[endRow]! : -1;
    // A visit begins once; a copy that comes later joins it. A parent began before, so no span is its own ancestor.
    if (child >= 0 && departRow >= 0 && parents[child] === -1 && visitOf[departRow]! < child)
      parents[child] = visitOf[departRow]!;
  }
  const kindOf = new Map(stations.map(({ node, kind }) => [node, kind]));
  const byNode = new Map<number, number[]>();
  for (const [visit, { node }] of visits.entries()) {
    const own = byNode.get(node);
    if (own === undefined) byNode.set(node, [visit]);
    else own.push(visit);
  }
  yield '{"resourceSpans":[\n';
  let separator = '';
  for (const [node, own] of byNode) {
    const spans = own.map((visit) => {
      const { sender, nth, rows: indices, startUs, endUs } = visits[visit]!;
      const happened = indices.map((index) => rows[index]!);
      const last = happened.at(-1)!;
      const parent = parents[visit]!;
      return {
        traceId: traceIdOf(sender, nth),
        spanId: spanIdOf(visit),
        ...(parent < 0 ? {} : { parentSpanId: spanIdOf(parent) }),
        name: `${names.message(sender, nth)} at ${names.node(node)}`,
        kind: SPAN_KIND_INTERNAL,
        startTimeUnixNano: nanos(startUs),
        endTimeUnixNano: nanos(Math.max(startUs, endUs)),
        attributes: [
          text('messaging.message.id', names.message(sender, nth)),
          ...(last.channel < 0 ? [] : [text('messaging.destination.name', names.channel(last.channel))]),
        ],
        events: happened.map(({ timeUs, kind, reason }) => ({
          timeUnixNano: nanos(timeUs),
          name: kind,
          attributes: reason === 'none' ? [] : [text('reason', reason)],
        })),
        ...(FAILURES.has(last.kind)
          ? {
              status: {
                code: STATUS_CODE_ERROR,
                ...(last.reason === 'none' ? {} : { message: last.reason }),
              },
            }
          : {}),
      };
    });
    const attributes = [
      text('service.name', names.node(node)),
      text('service.namespace', kindOf.get(node) ?? 'client'),
    ];
    yield `${separator}${JSON.stringify({ resource: { attributes }, scopeSpans: [{ scope: { name: 'fanout' }, spans }] })}`;
    separator = ',\n';
  }
  yield '\n]}\n';
}

const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });

/** Whole microseconds as nanoseconds; written, because they soon are more than a double holds exactly. */
const nanos = (us: number): string => (us === 0 ? '0' : `${us}000`);

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
/** 16 bytes that are not all 0, and 8 of them. */
const traceIdOf = (sender: number, nth: number): string => `66616e6f7574${hex(sender, 10)}${hex(nth, 10)}`;
const spanIdOf = (visit: number): string => hex(visit + 1, 16);
