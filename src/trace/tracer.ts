import { firstWhere } from '../base/first-where.ts';
import { finishHash, hashWords, startHash } from '../base/hash.ts';
import {
  DROP_REASONS,
  type DropReason,
  NO_NODE,
  TRACE_KINDS,
  type TraceKind,
  type TraceRow,
} from './trace.ts';

/**
 * Keeps the rows of what is watched, in columns that grow. It lives beside the world, not in it: what is watched changes no byte
 * of the run. Each row's cause is the last row of the same message at the node it came from.
 */

export const KIND = Object.fromEntries(TRACE_KINDS.map((name, i) => [name, i])) as Record<TraceKind, number>;
export const REASON = Object.fromEntries(DROP_REASONS.map((name, i) => [name, i])) as Record<
  DropReason,
  number
>;

export interface Tracer {
  /**
   * Appends a row. `causeNode` says at which node the cause happened (NO_NODE: this row begins something).
   * `departUs` and `dueUs` are used by 'forward' rows; give timeUs otherwise.
   */
  emit(
    timeUs: number,
    kind: number,
    node: number,
    peer: number,
    sender: number,
    nth: number,
    channel: number,
    attempt: number,
    seq: number,
    causeNode: number,
    departUs: number,
    dueUs: number,
    reason: number,
  ): void;
  readonly length: number;
  /** Rows that were not kept because the trace is full. */
  readonly leftOut: number;
  row(id: number): TraceRow;
  rows(from?: number): TraceRow[];
  /** Forgets all rows after the first `length`: the run was rewound. */
  truncate(length: number): void;
  /** Whether a row from `from` on is of this kind and message (and node, unless null). Allocates nothing. */
  some(from: number, kind: number, sender: number, nth: number, node: number | null): boolean;
  /** 32 hex digits over all rows. */
  hash(): string;
  /** First row id whose time is after timeUs. */
  firstAfter(timeUs: number): number;
}

const FIRST_CAPACITY = 1024;

export function createTracer(maxRows: number): Tracer {
  let capacity = Math.min(FIRST_CAPACITY, maxRows);
  let times = new Float64Array(capacity);
  let departs = new Float64Array(capacity);
  let dues = new Float64Array(capacity);
  /** kind, node, peer, sender, nth, channel, attempt, seq, cause, reason. */
  const WIDTH = 10;
  let words = new Int32Array(capacity * WIDTH);
  let length = 0;
  let leftOut = 0;
  /** (sender, nth) -> node -> last row there that is no 'forward'; and link or node -> last 'forward' along or to it. */
  const lastAt = new Map<
    number,
    { at: Map<number, number>; along: Map<string, number>; to: Map<number, number> }
  >();

  const messageKey = (sender: number, nth: number): number => sender * 0x400000 + nth;

  const keyOf = (id: number): number => messageKey(words[id * WIDTH + 3], words[id * WIDTH + 4]);

  const grow = (): void => {
    capacity = Math.min(capacity * 2, maxRows);
    const grown = new Float64Array(capacity);
    grown.set(times);
    times = grown;
    const grownDeparts = new Float64Array(capacity);
    grownDeparts.set(departs);
    departs = grownDeparts;
    const grownDues = new Float64Array(capacity);
    grownDues.set(dues);
    dues = grownDues;
    const grownWords = new Int32Array(capacity * WIDTH);
    grownWords.set(words);
    words = grownWords;
  };

  const remember = (id: number): void => {
    const sender = words[id * WIDTH + 3];
    if (sender < 0) return;
    const key = messageKey(sender, words[id * WIDTH + 4]);
    let last = lastAt.get(key);
    if (last === undefined) {
      last = { at: new Map(), along: new Map(), to: new Map() };
      lastAt.set(key, last);
    }
    const node = words[id * WIDTH + 1];
    const peer = words[id * WIDTH + 2];
    if (words[id * WIDTH] === KIND.forward) {
      last.along.set(`${node}>${peer}`, id);
      last.to.set(peer, id);
    } else last.at.set(node, id);
  };

  /** What led to a row: along its link, or the last that happened where it is. */
  const causeOf = (kind: number, node: number, peer: number, key: number, causeNode: number): number => {
    const last = causeNode === NO_NODE ? undefined : lastAt.get(key);
    if (last === undefined) return -1;
    const at = last.at.get(causeNode) ?? -1;
    if (kind === KIND.forward) return at;
    if (causeNode === peer && peer !== node) return last.along.get(`${peer}>${node}`) ?? at;
    return Math.max(at, last.to.get(causeNode) ?? -1);
  };

  const row = (id: number): TraceRow => {
    const at = id * WIDTH;
    return {
      id,
      timeUs: times[id],
      kind: TRACE_KINDS[words[at]],
      node: words[at + 1],
      peer: words[at + 2],
      sender: words[at + 3],
      nth: words[at + 4],
      channel: words[at + 5],
      attempt: words[at + 6],
      seq: words[at + 7],
      cause: words[at + 8],
      departUs: departs[id],
      dueUs: dues[id],
      reason: DROP_REASONS[words[at + 9]],
    };
  };

  return {
    emit(timeUs, kind, node, peer, sender, nth, channel, attempt, seq, causeNode, departUs, dueUs, reason) {
      if (length === capacity) {
        if (capacity === maxRows) {
          leftOut++;
          return;
        }
        grow();
      }
      const id = length++;
      const cause = causeOf(kind, node, peer, messageKey(sender, nth), causeNode);
      times[id] = timeUs;
      departs[id] = departUs;
      dues[id] = dueUs;
      words.set([kind, node, peer, sender, nth, channel, attempt, seq, cause, reason], id * WIDTH);
      remember(id);
    },
    get length() {
      return length;
    },
    get leftOut() {
      return leftOut;
    },
    row,
    rows(from = 0) {
      const all: TraceRow[] = [];
      for (let id = from; id < length; id++) all.push(row(id));
      return all;
    },
    truncate(to) {
      if (to >= length) return;
      // Only what was last of a message that loses rows is another now.
      const touched = new Set<number>();
      for (let id = to; id < length; id++) touched.add(keyOf(id));
      for (const key of touched) lastAt.delete(key);
      length = to;
      leftOut = 0;
      for (let id = 0; id < length; id++) if (touched.has(keyOf(id))) remember(id);
    },
    some(from, kind, sender, nth, node) {
      for (let id = from; id < length; id++) {
        const at = id * WIDTH;
        if (words[at] !== kind || words[at + 3] !== sender || words[at + 4] !== nth) continue;
        if (node === null || words[at + 1] === node) return true;
      }
      return false;
    },
    hash() {
      const asWords = (of: Float64Array): Uint32Array => new Uint32Array(of.buffer, 0, 2 * length);
      let state = hashWords(startHash(), asWords(times));
      state = hashWords(state, asWords(departs));
      state = hashWords(state, asWords(dues));
      return finishHash(hashWords(state, new Uint32Array(words.buffer, 0, length * WIDTH)));
    },
    firstAfter: (timeUs) => firstWhere(length, (id) => times[id] > timeUs),
  };
}
