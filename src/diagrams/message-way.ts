import { counted, groupDigits } from '../base/text.ts';
import type { StationKind } from '../system/design/stations.ts';
import { type Hop, type Hops, readHops } from '../trace/hops.ts';
import { type MessageName, messageKey } from '../trace/story.ts';
import { isUserNode, type Names, type TraceRow } from '../trace/trace.ts';
import { type Cast, castOf } from './flow-cast.ts';
import { flowSteps, type Step } from './flow-steps.ts';
import { label, lines } from './mermaid-text.ts';
import { type NodeKind, nodeKinds, type Purpose, purposes } from './purpose.ts';
import { exactSeconds } from './words.ts';

/** The way of messages as a trace tells it: what the sequence diagram in Mermaid's text and the page's own are both drawn from. */

/** A station as the diagram needs it. */
export interface StationLabel {
  readonly node: number;
  readonly name: string;
  readonly kind: StationKind;
  /** How long its work on one message usually takes: a stay of several times that is told as queueing. */
  readonly typicalServiceUs?: number;
}

export interface WayOptions {
  readonly stations: readonly StationLabel[];
  /** Only these messages, and what happened to the system meanwhile. Left out: all rows. */
  readonly messages?: readonly MessageName[];
  /** At most so many receivers one by one; the others are one participant that says how many. 3 when left out. */
  readonly maxClients?: number;
  /** Users who are drawn although the message never came near them: somebody misses it. */
  readonly also?: readonly number[];
  /** Members of the message's channel other than its sender, when known: fewer may be in the trace, and then the diagram says so. */
  readonly otherMembers?: number;
  /** What a kind of station is called, e.g. `Redis Pub/Sub`. */
  readonly roles?: Readonly<Partial<Record<NodeKind, string>>>;
}

export interface MessageWay {
  readonly rows: readonly TraceRow[];
  readonly read: Hops;
  /** Of each hop. */
  readonly purposes: readonly Purpose[];
  readonly kindOf: (node: number) => NodeKind;
  readonly cast: Cast;
  /** Arrows and notes in order of time. */
  readonly steps: readonly Step[];
  /** When the first of the messages was sent: the diagram counts from there. */
  readonly beginUs: number;
  /** Which message, where, since when: Mermaid text. */
  readonly heading: string;
}

const MAX_CLIENTS = 3;

/** Throws RangeError when the rows hold nothing of the messages asked for. */
export function messageWay(rows: readonly TraceRow[], names: Names, options: WayOptions): MessageWay {
  const chosen = chooseRows(rows, names, options.messages);
  const read = readHops(chosen);
  const kindOf = nodeKinds(options.stations);
  const stationNames = new Map(options.stations.map((station) => [station.node, station.name]));
  const named: Names = { ...names, node: (node) => stationNames.get(node) ?? names.node(node) };
  const of = purposes(chosen, read, kindOf);
  const cast = castOf({
    rows: chosen,
    hops: read.hops,
    purposes: of,
    names: named,
    kindOf,
    maxClients: Math.max(1, options.maxClients ?? MAX_CLIENTS),
    also: options.also ?? [],
    roles: options.roles ?? {},
  });
  const messages = new Set(chosen.filter((row) => row.sender >= 0).map(messageKey));
  const first = chosen.find((row) => row.sender >= 0);
  const beginUs = (chosen.find((row) => row.kind === 'send') ?? chosen[0])?.timeUs ?? 0;
  const typical = new Map(
    options.stations.map((station) => [station.node, station.typicalServiceUs ?? null]),
  );
  const steps = flowSteps({
    rows: chosen,
    read,
    purposes: of,
    names: named,
    kindOf,
    cast,
    beginUs,
    several: messages.size > 1,
    typicalServiceUs: (node) => typical.get(node) ?? null,
  });
  const heading =
    first === undefined
      ? 'the trace holds no message'
      : messages.size > 1
        ? lines(counted(messages.size, 'message'), `times count from ${exactSeconds(beginUs)}`)
        : lines(
            `${label(named.node(first.node), 24)} writes ${label(named.message(first.sender, first.nth), 24)} in ${label(named.channel(first.channel), 24)}`,
            `times count from ${exactSeconds(beginUs)}`,
            watchedText(read.hops, first.node, options.otherMembers),
          );

  return { rows: chosen, read, purposes: of, kindOf, cast, steps, beginUs, heading };
}

/** In a large channel only a sample of the members is watched. */
function watchedText(hops: readonly Hop[], sender: number, otherMembers: number | undefined): string {
  if (otherMembers === undefined) return '';
  const seen = new Set(hops.filter((hop) => isUserNode(hop.to) && hop.to !== sender).map((hop) => hop.to));
  return seen.size < otherMembers
    ? `${groupDigits(seen.size)} of ${counted(otherMembers, 'other member')} are in the trace`
    : '';
}

/** The rows of these messages, and what happened to the system meanwhile; or all rows. */
function chooseRows(
  rows: readonly TraceRow[],
  names: Names,
  messages: readonly MessageName[] | undefined,
): readonly TraceRow[] {
  if (messages === undefined) return rows;
  const [first] = messages;
  const isIt = (row: TraceRow): boolean =>
    messages.some((message) => message.sender === row.sender && message.nth === row.nth);
  const own = rows.filter(isIt);
  if (own.length === 0) {
    const asked = first === undefined ? '' : ` ${names.message(first.sender, first.nth)}`;
    const known = [
      ...new Set(rows.filter((row) => row.sender >= 0).map((row) => names.message(row.sender, row.nth))),
    ];
    const some = known.slice(0, 5).join(', ');
    const more = known.length > 5 ? ` and ${groupDigits(known.length - 5)} more` : '';
    const there = known.length === 0 ? 'it holds no message: watch one' : `it has ${some}${more}`;
    throw new RangeError(`the trace has no message${asked}; ${there}`);
  }
  const [beginUs, endUs] = [own[0]!.timeUs, own.at(-1)!.timeUs];
  const nodes = new Set(own.map((row) => row.node));
  const meanwhile = (row: TraceRow): boolean =>
    row.sender < 0 && row.timeUs >= beginUs && row.timeUs <= endUs && nodes.has(row.node);
  return rows.filter((row) => isIt(row) || meanwhile(row));
}
