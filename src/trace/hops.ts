import { type DropReason, NO_NODE, type TraceKind, type TraceRow } from './trace.ts';

/**
 * What a trace says about the ways between nodes (hops) and the stays at them (visits). Diagrams and exports read a trace through this.
 *
 * The record of a hop is two rows: one that puts the message on the link ('send', 'retry', 'forward') and one at the other end. They
 * are matched by message, by both ends and, where several fit, by the time at which it was due; causes alone do not do, since the
 * cause of an arrival is the last thing that the message's copies did at the other end, which after a fan-out may be the next copy.
 */

export interface Hop {
  /** Index (into the rows given) of the row that put it on the link; where there is none, of the cause of its arrival; else -1. */
  readonly departRow: number;
  /** Index of the row with which it arrived or was lost; -1 while under way. */
  readonly endRow: number;
  readonly from: number;
  readonly to: number;
  readonly departUs: number;
  /** When it arrived or was lost; when it is due, while under way. */
  readonly endUs: number;
  readonly outcome: 'arrived' | 'lost' | 'under-way';
  readonly reason: DropReason;
  /** The link made this copy: another one of the same departure had arrived before. */
  readonly copy: boolean;
}

/** The stay of one message at one node: from its arrival to the last thing that it caused there. */
interface Visit {
  readonly node: number;
  readonly sender: number;
  readonly nth: number;
  /** Indices of its rows, in order. */
  readonly rows: readonly number[];
  readonly startUs: number;
  /** The last moment of it: a departure, or what was recorded last. */
  readonly endUs: number;
}

export interface Hops {
  readonly hops: readonly Hop[];
  readonly visits: readonly Visit[];
  /** The number of each row's visit; -1 for rows of losses on a link and rows that concern no message. */
  readonly visitOf: Int32Array;
}

const DEPARTS: ReadonlySet<TraceKind> = new Set(['send', 'retry', 'forward']);
/** Rows that a message arrives with. */
const ENDS: ReadonlySet<TraceKind> = new Set([
  'arrive',
  'deliver',
  'buffer',
  'duplicate',
  'ack',
  'nack',
  'refuse',
]);
/** Losses that happen at the end of a hop, or on it, even when recorded at the node that it leaves. */
const LOST_ON_LINK: ReadonlySet<DropReason> = new Set([
  'link-loss',
  'partition',
  'not-connected',
  'output-buffer',
  'retention',
  'station-down',
]);

interface Departure {
  readonly row: number;
  taken: boolean;
}

interface OpenVisit {
  readonly node: number;
  readonly sender: number;
  readonly nth: number;
  readonly rows: number[];
  readonly startUs: number;
  endUs: number;
}

/** Reads hops and visits from rows in the order of the trace; the rows may be a part of one. Linear in the number of rows. */
export function readHops(rows: readonly TraceRow[]): Hops {
  const indexOf = new Map<number, number>();
  const departures = new Map<string, Departure[]>();
  /** The same ones by where they go. */
  const headedTo = new Map<string, Departure[]>();
  const hops: Hop[] = [];
  const visits: OpenVisit[] = [];
  const visitOf = new Int32Array(rows.length).fill(-1);
  /** The last visit of a message at a node, by attempt and by any. */
  const lastVisit = new Map<string, number>();

  const key = (from: number, to: number, row: TraceRow): string => `${from} ${to} ${row.sender} ${row.nth}`;
  const causeOf = (row: TraceRow): TraceRow | undefined => {
    const index = row.cause < 0 ? undefined : indexOf.get(row.cause);
    return index === undefined ? undefined : rows[index];
  };

  /** The departure that fits an end at `to` best; a taken one (then this is a copy) only when no other is left. */
  const departureFor = (from: number, to: number, row: TraceRow): Departure | undefined => {
    const candidates = departures.get(key(from, to, row)) ?? departures.get(key(from, NO_NODE, row));
    let best: Departure | undefined;
    let bestFit = -1;
    for (const candidate of candidates ?? []) {
      const { dueUs, attempt } = rows[candidate.row];
      const fit =
        (candidate.taken ? 0 : 4) + (attempt === row.attempt ? 2 : 0) + (dueUs === row.timeUs ? 1 : 0);
      if (fit > bestFit) {
        best = candidate;
        bestFit = fit;
      }
    }
    return best;
  };

  /** A client's 'send' or 'retry' says that it wants to; the 'forward' that it causes is the same departure, with its due time. */
  const announced = (cause: number, at: string): void => {
    const list = departures.get(at);
    const index = indexOf.get(cause);
    if (list === undefined || index === undefined || rows[index].kind === 'forward') return;
    const open = list.findIndex((departure) => departure.row === index && !departure.taken);
    if (open >= 0) list.splice(open, 1);
  };

  /**
   * From where a row arrived whose recorded cause is at its own node (two copies that arrive one after the other: the cause of the
   * second is the first): a departure that was due here at this very moment. NO_NODE when there is none.
   */
  const dueHere = (row: TraceRow): number => {
    for (const { row: index, taken } of headedTo.get(`${row.node} ${row.sender} ${row.nth}`) ?? []) {
      if (!taken && rows[index].dueUs === row.timeUs && rows[index].node !== row.node)
        return rows[index].node;
    }
    return NO_NODE;
  };

  const endHop = (index: number, from: number, to: number, outcome: 'arrived' | 'lost'): void => {
    const row = rows[index];
    const departure = departureFor(from, to, row);
    const departRow = departure?.row ?? indexOf.get(row.cause) ?? -1;
    const departed = rows[departRow];
    hops.push({
      departRow,
      endRow: index,
      from,
      to,
      departUs: Math.min(departed === undefined ? row.timeUs : departed.departUs, row.timeUs),
      endUs: row.timeUs,
      outcome,
      reason: row.reason,
      copy: departure?.taken ?? false,
    });
    if (departure !== undefined) departure.taken = true;
  };

  const visit = (index: number, arrived: boolean): void => {
    const row = rows[index];
    const here = `${row.node} ${row.sender} ${row.nth}`;
    let number = arrived ? undefined : (lastVisit.get(`${here} ${row.attempt}`) ?? lastVisit.get(here));
    if (number === undefined) {
      number = visits.length;
      visits.push({
        node: row.node,
        sender: row.sender,
        nth: row.nth,
        rows: [],
        startUs: row.timeUs,
        endUs: row.timeUs,
      });
    }
    const open = visits[number];
    open.rows.push(index);
    // When the work of an arrival begins is no end: the station may crash before.
    open.endUs = Math.max(open.endUs, row.timeUs, row.kind === 'arrive' ? 0 : row.departUs);
    visitOf[index] = number;
    lastVisit.set(`${here} ${row.attempt}`, number);
    lastVisit.set(here, number);
  };

  for (let index = 0; index < rows.length; index++) {
    const row = rows[index];
    indexOf.set(row.id, index);
    if (row.sender < 0) continue;
    if (row.kind === 'drop') {
      const end = lossEnds(
        row,
        causeOf(row),
        (from, to) => departures.get(key(from, to, row))?.some((d) => !d.taken) ?? false,
      );
      if (end !== null) {
        endHop(index, end.from, end.to, 'lost');
        continue;
      }
    }
    const cause = causeOf(row);
    const causeNode = cause === undefined ? NO_NODE : cause.node;
    const isHere = causeNode === row.node || causeNode === NO_NODE;
    const from = isHere && ENDS.has(row.kind) ? dueHere(row) : isHere ? NO_NODE : causeNode;
    const arrived = from !== NO_NODE;
    if (arrived) endHop(index, from, row.node, 'arrived');
    visit(index, arrived);
    // What a node hands to itself is no hop.
    if (DEPARTS.has(row.kind) && row.peer !== row.node) {
      const at = key(row.node, row.peer, row);
      if (row.kind === 'forward' && cause?.node === row.node) announced(row.cause, at);
      const departure: Departure = { row: index, taken: false };
      append(departures, at, departure);
      append(headedTo, `${row.peer} ${row.sender} ${row.nth}`, departure);
    }
  }

  for (const list of departures.values()) {
    for (const { row: index, taken } of list) {
      const row = rows[index];
      if (taken || row.peer === NO_NODE) continue;
      const { node: from, peer: to, departUs, dueUs: endUs } = row;
      hops.push({
        departRow: index,
        endRow: -1,
        from,
        to,
        departUs,
        endUs,
        outcome: 'under-way',
        reason: 'none',
        copy: false,
      });
    }
  }
  const order = (hop: Hop): number => (hop.endRow >= 0 ? hop.endRow : hop.departRow);
  hops.sort((a, b) => a.endUs - b.endUs || order(a) - order(b));
  return { hops, visits, visitOf };
}

function append<T>(lists: Map<string, T[]>, key: string, value: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

/** Between which nodes a 'drop' lost something, or null when it was lost at its node, after it had arrived there. */
function lossEnds(
  row: TraceRow,
  cause: TraceRow | undefined,
  isOnLink: (from: number, to: number) => boolean,
): { from: number; to: number } | null {
  const { node, peer } = row;
  if (row.reason === 'crashed') return null;
  if (peer === NO_NODE || peer === node) {
    return cause !== undefined && cause.node !== node && cause.node !== NO_NODE
      ? { from: cause.node, to: node }
      : null;
  }
  if (cause !== undefined && cause.node === peer && isOnLink(peer, node)) return { from: peer, to: node };
  if (isOnLink(node, peer)) return { from: node, to: peer };
  if (isOnLink(peer, node)) return { from: peer, to: node };
  if (cause !== undefined && cause.node === peer) return { from: peer, to: node };
  return LOST_ON_LINK.has(row.reason) ? { from: node, to: peer } : null;
}
