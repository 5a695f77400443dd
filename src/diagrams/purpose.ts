import type { StationKind } from '../system/design/stations.ts';
import type { Hop, Hops } from '../trace/hops.ts';
import { isUserNode, type TraceKind, type TraceRow } from '../trace/trace.ts';

/** What a hop is for, in the lab's terms: told from the ends of it, and from what happened before and after. */
export type Purpose =
  | 'send'
  | 'retry'
  | 'pass'
  | 'submit'
  | 'ask-limiter'
  | 'limiter-answers'
  | 'ask-number'
  | 'numbered'
  | 'persist'
  | 'persisted'
  | 'publish'
  | 'published'
  | 'bus'
  | 'notify'
  | 'call'
  | 'hand-back'
  | 'deliver'
  | 'ack'
  | 'refusal'
  | 'history'
  | 'other';

export type NodeKind = StationKind | 'user' | 'unknown';

/** The kind of any node, given the stations. */
export function nodeKinds(
  stations: readonly { readonly node: number; readonly kind: StationKind }[],
): (node: number) => NodeKind {
  const kinds = new Map(stations.map((station) => [station.node, station.kind]));
  return (node) => (isUserNode(node) ? 'user' : (kinds.get(node) ?? 'unknown'));
}

/** The purpose of each hop, in the order of `read.hops`. */
export function purposes(
  rows: readonly TraceRow[],
  read: Hops,
  kindOf: (node: number) => NodeKind,
): Purpose[] {
  const { hops, visits, visitOf } = read;
  const visitAt = (row: number): number => (row < 0 ? -1 : visitOf[row]!);
  /** What happened in a visit and in all that followed from it. Hops are in order of their ends: backwards, the later ones come first. */
  const after = visits.map((visit) => new Set<TraceKind>(visit.rows.map((row) => rows[row]!.kind)));
  const callsOthers = visits.map(() => false);
  for (let i = hops.length - 1; i >= 0; i--) {
    const hop = hops[i]!;
    const from = visitAt(hop.departRow);
    const to = visitAt(hop.endRow);
    if (from >= 0 && to >= 0) for (const kind of after[to]!) after[from]!.add(kind);
    if (from >= 0 && kindOf(hop.from) === 'ws-server' && kindOf(hop.to) === 'ws-server')
      callsOthers[from] = true;
  }
  const hasPubsub = hops.some((hop) => kindOf(hop.to) === 'pubsub');
  const inbound: (Purpose | undefined)[] = visits.map(() => undefined);

  const purposeOf = (hop: Hop): Purpose => {
    const visit = visitAt(hop.departRow);
    const came = visit < 0 ? undefined : inbound[visit];
    const to = visitAt(hop.endRow);
    const leadsTo = (kind: TraceKind): boolean => to >= 0 && after[to]!.has(kind);
    const here = (kind: TraceKind): boolean =>
      visit >= 0 && visits[visit]!.rows.some((row) => rows[row]!.kind === kind);
    const end = hop.endRow < 0 ? undefined : rows[hop.endRow]!.kind;
    const from = kindOf(hop.from);
    const target = kindOf(hop.to);

    if (from === 'user') return (rows[hop.departRow]?.attempt ?? 0) > 0 ? 'retry' : 'send';
    if (end === 'ack') return 'ack';
    if (end === 'nack') return 'refusal';
    if (target === 'user' || (target === 'gateway' && from !== 'gateway')) {
      if (from === 'database') return 'history';
      if (came === 'refusal' || here('refuse')) return 'refusal';
      return came === 'ack' && !leadsTo('deliver') ? 'ack' : came === 'history' ? 'history' : 'deliver';
    }
    if (from === 'gateway') return 'pass';
    if (target === 'limiter') return 'ask-limiter';
    if (from === 'limiter') return 'limiter-answers';
    if (target === 'sequencer') return 'ask-number';
    if (from === 'sequencer') return 'numbered';
    if (target === 'database') return here('resume') ? 'history' : 'persist';
    if (from === 'database' && target === 'pubsub') return 'publish';
    if (from === 'database') return here('persist') || came === 'persist' ? 'persisted' : 'history';
    if (from === 'pubsub') {
      return target === 'pubsub' ? 'bus' : target === 'chat-service' ? 'published' : 'notify';
    }
    if (target === 'pubsub') return 'publish';
    if (target === 'chat-service') return came === 'hand-back' ? 'published' : 'submit';
    if (from === 'ws-server' && target === 'ws-server') return 'call';
    if (from === 'chat-service' && target === 'ws-server') {
      if (here('refuse') || leadsTo('nack')) return 'refusal';
      if (leadsTo('deliver') || (to >= 0 && callsOthers[to]!)) return 'hand-back';
      return leadsTo('ack') || hasPubsub ? 'ack' : 'hand-back';
    }
    return 'other';
  };

  return hops.map((hop) => {
    const purpose = purposeOf(hop);
    const to = visitAt(hop.endRow);
    if (to >= 0) inbound[to] ??= purpose;
    return purpose;
  });
}

/** Answers are drawn dashed. */
export const ANSWERS: ReadonlySet<Purpose> = new Set([
  'persisted',
  'published',
  'limiter-answers',
  'numbered',
  'ack',
  'refusal',
]);

export const PURPOSE_TEXT: Readonly<Record<Purpose, string>> = {
  send: 'send',
  retry: 'send again',
  pass: 'pass on',
  submit: 'submit',
  'ask-limiter': 'within the limit?',
  'limiter-answers': 'answer of the limiter',
  'ask-number': 'which number?',
  numbered: 'numbered',
  persist: 'persist',
  persisted: 'persisted',
  publish: 'publish',
  published: 'published',
  bus: 'to every node of the cluster',
  notify: 'notify',
  call: 'call',
  'hand-back': 'fan out',
  deliver: 'deliver',
  ack: 'ack',
  refusal: 'refused',
  history: 'from the history',
  other: 'forward',
};
