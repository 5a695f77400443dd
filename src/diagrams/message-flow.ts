import { counted, groupDigits } from '../base/text.ts';
import { type Hop, readHops } from '../kernel/hops.ts';
import { isUserNode, type Names, type TraceRow } from '../kernel/trace.ts';
import type { StationKind } from '../system/stations.ts';
import { castOf, THE_REST } from './flow-cast.ts';
import { flowSteps, type Step } from './flow-steps.ts';
import { label, lines, MAX_TEXT, sequenceWriter } from './mermaid-text.ts';
import { type NodeKind, nodeKinds, purposes } from './purpose.ts';
import { exactSeconds } from './words.ts';

/** A station as the diagram needs it. */
export interface StationLabel {
  readonly node: number;
  readonly name: string;
  readonly kind: StationKind;
  /** How long its work on one message usually takes: a stay of several times that is told as queueing. */
  readonly typicalServiceUs?: number;
}

export interface MessageFlowOptions {
  readonly stations: readonly StationLabel[];
  /** Only this message. Left out: all messages of the rows. */
  readonly message?: { readonly sender: number; readonly nth: number };
  /** At most so many arrows and notes; a note says how many are left out. 200 when left out. */
  readonly maxMessages?: number;
  /** At most so many receivers one by one; the others are one participant that says how many. 3 when left out. */
  readonly maxClients?: number;
  /** Members of the message's channel other than its sender, when known: fewer may be in the trace, and then the diagram says so. */
  readonly otherMembers?: number;
  /** What a kind of station is called, e.g. `Redis Pub/Sub`. */
  readonly roles?: Readonly<Partial<Record<NodeKind, string>>>;
}

export const MAX_MESSAGES = 200;
export const MAX_CLIENTS = 3;

/**
 * The way of a message through all participants as a UML sequence diagram (Mermaid text), made from what a run recorded: participants
 * in the lab's order, every hop at the time of its arrival, losses with their reason, long stays, retries, what was left out.
 *
 * Throws RangeError when the rows hold nothing of the message asked for.
 */
export function messageFlow(rows: readonly TraceRow[], names: Names, options: MessageFlowOptions): string {
  const chosen = chooseRows(rows, names, options.message);
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
    roles: options.roles ?? {},
  });
  const messages = new Set(chosen.filter((row) => row.sender >= 0).map((row) => `${row.sender}/${row.nth}`));
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

  let max = options.maxMessages ?? MAX_MESSAGES;
  for (;;) {
    const text = write(cast.nodes, cast.labels, heading, steps, max);
    if (text.length < MAX_TEXT || max === 0) return text;
    max = Math.floor(max * 0.8);
  }
}

/** In a large channel only a sample of the members is watched. */
function watchedText(hops: readonly Hop[], sender: number, otherMembers: number | undefined): string {
  if (otherMembers === undefined) return '';
  const seen = new Set(hops.filter((hop) => isUserNode(hop.to) && hop.to !== sender).map((hop) => hop.to));
  return seen.size < otherMembers
    ? `${groupDigits(seen.size)} of ${counted(otherMembers, 'other member')} are in the trace`
    : '';
}

/** The rows of one message, and what happened to the system meanwhile; or all rows. */
function chooseRows(
  rows: readonly TraceRow[],
  names: Names,
  message: { readonly sender: number; readonly nth: number } | undefined,
): readonly TraceRow[] {
  if (message === undefined) return rows;
  const isIt = (row: TraceRow): boolean => row.sender === message.sender && row.nth === message.nth;
  const own = rows.filter(isIt);
  if (own.length === 0) {
    const known = [
      ...new Set(rows.filter((row) => row.sender >= 0).map((row) => names.message(row.sender, row.nth))),
    ];
    const some = known.slice(0, 5).join(', ');
    const more = known.length > 5 ? ` and ${groupDigits(known.length - 5)} more` : '';
    const there = known.length === 0 ? 'it holds no message: watch one' : `it has ${some}${more}`;
    throw new RangeError(`the trace has no message ${names.message(message.sender, message.nth)}; ${there}`);
  }
  const [beginUs, endUs] = [own[0]!.timeUs, own.at(-1)!.timeUs];
  const nodes = new Set(own.map((row) => row.node));
  const meanwhile = (row: TraceRow): boolean =>
    row.sender < 0 && row.timeUs >= beginUs && row.timeUs <= endUs && nodes.has(row.node);
  return rows.filter((row) => isIt(row) || meanwhile(row));
}

function write(
  nodes: readonly number[],
  labels: readonly string[],
  heading: string,
  steps: readonly Step[],
  max: number,
): string {
  const w = sequenceWriter();
  const ids = new Map(nodes.map((node, i) => [node, w.participant(labels[i]!)]));
  const all = [...ids.values()];
  if (all.length === 0) all.push(w.participant('nobody'));
  w.note(all[0]!, all[Math.min(2, all.length - 1)]!, heading);
  const shown = steps.slice(0, max);
  const releases = releasesOf(shown);
  /** Visits that are active, by the participant. */
  const active = new Map<number, string>();
  const release = (visit: number): void => {
    const id = active.get(visit);
    if (id === undefined) return;
    w.deactivate(id);
    active.delete(visit);
  };
  for (const [index, step] of shown.entries()) {
    const [from, to] = [ids.get(step.from)!, ids.get(step.to)!];
    for (const visit of [...active.keys()]) {
      const { afterUs, afterStep } = releases.get(visit)!;
      if (index > afterStep && step.timeUs > afterUs && step.leaves !== visit) release(visit);
    }
    if (step.kind === 'note') {
      w.note(from, to, step.text);
      continue;
    }
    w.arrow(from, to, step.style, step.text);
    if (step.enters >= 0 && !isUserNode(step.to) && releases.has(step.enters) && !active.has(step.enters)) {
      w.activate(to);
      active.set(step.enters, to);
    }
    const end = releases.get(step.leaves);
    if (end !== undefined && index >= end.afterStep && step.timeUs >= end.afterUs) release(step.leaves);
  }
  const left = steps.length - shown.length;
  if (left > 0) {
    const text = `${groupDigits(left)} of ${counted(steps.length, 'step')} are left out`;
    w.note(all[0]!, all.at(-1)!, text);
  }
  return w.text();
}

/**
 * When a station is done with a visit: with its last arrow to another station, or when it has handed the last copy to a client's link,
 * which may be long on the way.
 */
function releasesOf(steps: readonly Step[]): Map<number, { afterUs: number; afterStep: number }> {
  const releases = new Map<number, { afterUs: number; afterStep: number }>();
  for (const [index, step] of steps.entries()) {
    if (step.kind !== 'arrow' || step.leaves < 0) continue;
    const end = releases.get(step.leaves) ?? { afterUs: 0, afterStep: -1 };
    end.afterUs = Math.max(end.afterUs, step.departUs);
    if (!isUserNode(step.to) && step.to !== THE_REST) end.afterStep = index;
    releases.set(step.leaves, end);
  }
  return releases;
}
