import { oneLine } from '../base/text.ts';
import { readHops } from '../trace/hops.ts';
import { isUserNode, type Names, NO_NODE, type TraceKind, type TraceRow } from '../trace/trace.ts';

export interface ExportStation {
  readonly node: number;
  readonly name: string;
  readonly kind: string;
}

/**
 * A trace as Chrome Trace Event JSON, which https://ui.perfetto.dev opens: a process a kind of station (and one for the clients), a
 * thread a node, a slice ('X') a stay of a message at a node, a flow arrow ('s' to 'f') a hop. A slice of a sender lasts until the answer.
 *
 * Perfetto (trace_processor's slice_tracker.cc and flow_tracker.cc) drops slices that overlap on a thread without nesting, and binds a
 * flow's end to the last slice that began on its thread. So the stays at a node are spread over as many threads as lie above one
 * another, a slice ends a nanosecond after its last event, and what is no stay (losses, faults) stands on a thread of its own.
 *
 * Format: https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU (Trace Event Format). Times in microseconds.
 */
export function* toPerfetto(
  rows: readonly TraceRow[],
  names: Names,
  stations: readonly ExportStation[],
): Iterable<string> {
  const threads = createThreads(names, stations);
  const events = traceEvents(rows, names, threads);
  yield '{"displayTimeUnit":"ms","traceEvents":[\n';
  let separator = '';
  for (const event of threads.metadata()) {
    yield `${separator}${event}`;
    separator = ',\n';
  }
  for (const { text } of events) {
    yield `${separator}${text}`;
    separator = ',\n';
  }
  yield '\n]}\n';
}

/** At one moment slices begin first, then arrows, so that an arrow finds the slice that it is bound to. */
const SLICE = 0;
const FLOW_START = 1;
const FLOW_END = 2;
const INSTANT = 3;

interface Event {
  readonly timeNs: number;
  readonly rank: number;
  readonly text: string;
}

/** Rows that are no part of a stay. */
const INSTANTS: ReadonlySet<TraceKind> = new Set<TraceKind>([
  'drop',
  'lost',
  'fail',
  'connect',
  'disconnect',
  'reconnect',
  'resume',
  'join',
  'leave',
  'crash',
  'restart',
  'slow',
  'cut',
  'block',
  'set',
  'say',
]);
const ANSWERS: ReadonlySet<TraceKind> = new Set<TraceKind>(['ack', 'nack', 'fail']);

const NS_PER_US = 1000;

/** Nanoseconds as microseconds with three decimals at most, without rounding. */
function micros(ns: number): string {
  const us = Math.floor(ns / NS_PER_US);
  const rest = String(ns - us * NS_PER_US)
    .padStart(3, '0')
    .replace(/0+$/, '');
  return rest === '' ? String(us) : `${us}.${rest}`;
}

interface Slice {
  readonly node: number;
  readonly startNs: number;
  readonly endNs: number;
  readonly visit: number;
}

function traceEvents(rows: readonly TraceRow[], names: Names, threads: Threads): Event[] {
  const { hops, visits, visitOf } = readHops(rows);
  const events: Event[] = [];
  const where = (place: Place): string => `"pid":${place.pid},"tid":${place.tid}`;

  const answeredUs = new Map<string, number>();
  for (const row of rows) {
    const key = `${row.node} ${row.sender} ${row.nth}`;
    if (row.sender >= 0 && ANSWERS.has(row.kind) && !answeredUs.has(key)) answeredUs.set(key, row.timeUs);
  }
  const slices = visits.map((visit, i): Slice => {
    const { node, sender, nth, startUs, endUs } = visit;
    // One nanosecond: a slice must last beyond its last arrow, and only slices with a length are bound to arrows.
    let endNs = endUs * NS_PER_US + 1;
    if (visit.rows.some((row) => rows[row]!.kind === 'send')) {
      endNs = Math.max(endNs, (answeredUs.get(`${node} ${sender} ${nth}`) ?? 0) * NS_PER_US);
    }
    return { node, startNs: startUs * NS_PER_US, endNs, visit: i };
  });
  slices.sort((a, b) => a.startNs - b.startNs || a.visit - b.visit);
  const placeOf: Place[] = [];
  for (const { node, startNs, endNs, visit } of slices) {
    const place = threads.lane(node, startNs, endNs);
    placeOf[visit] = place;
    const { sender, nth, rows: own } = visits[visit]!;
    const first = rows[own[0]!]!;
    const name = JSON.stringify(oneLine(names.message(sender, nth)));
    const args = JSON.stringify({
      channel: first.channel < 0 ? null : oneLine(names.channel(first.channel)),
      what: [...new Set(own.map((row) => rows[row]!.kind))].join(', '),
      attempt: first.attempt,
      seq: own.reduce((seq, row) => Math.max(seq, rows[row]!.seq), 0),
      row: first.id,
    });
    events.push({
      timeNs: startNs,
      rank: SLICE,
      text: `{"ph":"X",${where(place)},"ts":${micros(startNs)},"dur":${micros(endNs - startNs)},"cat":"stay","name":${name},"args":${args}}`,
    });
  }

  let flow = 0;
  for (const hop of hops) {
    if (hop.outcome !== 'arrived' || hop.departRow < 0) continue;
    const [from, to] = [placeOf[visitOf[hop.departRow]!], placeOf[visitOf[hop.endRow]!]];
    if (from === undefined || to === undefined) continue;
    const both = `"id":${++flow},"cat":"hop","name":"hop"`;
    const [departNs, endNs] = [hop.departUs * NS_PER_US, hop.endUs * NS_PER_US];
    events.push({
      timeNs: departNs,
      rank: FLOW_START,
      text: `{"ph":"s",${where(from)},"ts":${micros(departNs)},${both}}`,
    });
    events.push({
      timeNs: endNs,
      rank: FLOW_END,
      text: `{"ph":"f","bp":"e",${where(to)},"ts":${micros(endNs)},${both}}`,
    });
  }

  for (const row of rows) {
    if (!INSTANTS.has(row.kind)) continue;
    const timeNs = row.timeUs * NS_PER_US;
    const message = row.sender < 0 ? '' : ` ${names.message(row.sender, row.nth)}`;
    const peer = row.peer === NO_NODE ? '' : ` (${names.node(row.peer)})`;
    const because = row.reason === 'none' ? '' : `: ${row.reason}`;
    const name = JSON.stringify(oneLine(`${row.kind}${message}${peer}${because}`));
    const place = threads.facts(row.node);
    events.push({
      timeNs,
      rank: INSTANT,
      text: `{"ph":"i","s":"t",${where(place)},"ts":${micros(timeNs)},"cat":"fact","name":${name},"args":{"row":${row.id}}}`,
    });
  }
  return events.sort((a, b) => a.timeNs - b.timeNs || a.rank - b.rank);
}

/** Process and thread. */
interface Place {
  readonly pid: number;
  readonly tid: number;
}

interface Threads {
  /** A thread of the node on which nothing lies in [startNs, endNs). Must be asked in the order of the starts. */
  lane(node: number, startNs: number, endNs: number): Place;
  /** The node's thread for what is no stay. */
  facts(node: number): Place;
  metadata(): string[];
}

/** Processes from top to bottom. Numbers 1, 2, ...: 0 means the idle process to Perfetto. */
const PROCESSES: readonly (readonly [string, string])[] = [
  ['user', 'Clients'],
  ['gateway', 'API gateways / load balancers'],
  ['ws-server', 'WebSocket servers'],
  ['limiter', 'Rate limiter'],
  ['pubsub', 'Pub/sub'],
  ['chat-service', 'Chat service'],
  ['database', 'Database'],
  ['other', 'Scenario'],
];

/** Thread numbers begin above those of the processes: a thread with the number of its process would be its main thread. */
const FIRST_TID = 101;

function createThreads(names: Names, stations: readonly ExportStation[]): Threads {
  const kinds = new Map(stations.map((station) => [station.node, station]));
  const lanes = new Map<number, { place: Place; endNs: number }[]>();
  const facts = new Map<number, Place>();
  const named: { place: Place; name: string; node: number; lane: number }[] = [];
  let nextTid = FIRST_TID;

  const open = (node: number, lane: number, suffix: string): Place => {
    const kind = isUserNode(node) ? 'user' : (kinds.get(node)?.kind ?? 'other');
    const at = PROCESSES.findIndex(([of]) => of === kind);
    const place = { pid: (at < 0 ? PROCESSES.length - 1 : at) + 1, tid: nextTid++ };
    const name = node === NO_NODE ? 'script' : (kinds.get(node)?.name ?? names.node(node));
    named.push({ place, name: oneLine(`${name}${suffix}`), node, lane });
    return place;
  };

  return {
    lane(node, startNs, endNs) {
      const own = lanes.get(node) ?? [];
      lanes.set(node, own);
      let free = own.find((lane) => lane.endNs <= startNs);
      if (free === undefined) {
        free = {
          place: open(node, own.length, own.length === 0 ? '' : `, at the same time ${own.length + 1}`),
          endNs,
        };
        own.push(free);
      }
      free.endNs = endNs;
      return free.place;
    },
    facts(node) {
      const place = facts.get(node) ?? open(node, Number.MAX_SAFE_INTEGER, ', losses and faults');
      facts.set(node, place);
      return place;
    },
    metadata() {
      const lines: string[] = [];
      const meta = (name: string, place: Partial<Place>, args: Readonly<Record<string, unknown>>): void => {
        lines.push(JSON.stringify({ ph: 'M', name, ...place, args }));
      };
      for (const pid of [...new Set(named.map(({ place }) => place.pid))].sort((a, b) => a - b)) {
        meta('process_name', { pid }, { name: PROCESSES[pid - 1]![1] });
        meta('process_sort_index', { pid }, { sort_index: pid });
      }
      named.sort((a, b) => a.node - b.node || a.lane - b.lane);
      named.forEach(({ place, name }, i) => {
        meta('thread_name', place, { name });
        meta('thread_sort_index', place, { sort_index: i });
      });
      return lines;
    },
  };
}
