import { columns, f64, type Opened, u32 } from '../../base/columns.ts';
import { CAPACITY_SETTINGS } from '../../base/errors.ts';
import { mix32 } from '../../base/hash.ts';
import { openPool, poolColumns } from '../state/pool.ts';

/**
 * The clients' reorder buffers: what arrived before something that comes earlier in its channel. All in one pool; an entry is found
 * by its slot (the membership) through a chained hash table.
 */

export const reorderColumns = (capacity: number) => {
  let buckets = 64;
  while (buckets < capacity) buckets *= 2;
  return columns('reorder', {
    heads: u32(buckets),
    next: u32(capacity),
    slot: u32(capacity),
    seq: u32(capacity),
    sender: u32(capacity),
    nth: u32(capacity),
    attempt: u32(capacity),
    sentUs: f64(capacity),
  });
};
export const reorderPoolColumns = (capacity: number) => poolColumns('reorderPool', capacity);

/** Marks the attempt of an entry that the history has told of: attempts by themselves are less than 0x100. */
export const FROM_HISTORY = 0x200;

interface ReorderEntry {
  seq: number;
  sender: number;
  nth: number;
  attempt: number;
  sentUs: number;
}

export interface ReorderBuffer {
  /** Puts an entry in. False when the slot has this sequence number already. There must be room. */
  add(slot: number, seq: number, sender: number, nth: number, attempt: number, sentUs: number): boolean;
  /** Takes the entry with this sequence number out into `taken`; false when there is none. */
  take(slot: number, seq: number): boolean;
  readonly taken: ReorderEntry;
  /** How many wait for this slot. */
  count(slot: number): number;
  /** The lowest sequence number that waits for this slot, or 0. */
  lowest(slot: number): number;
  /** Walks over what waits for a slot, in no order: the first place + 1, and the one after a place; 0: no more. */
  first(slot: number): number;
  after(slot: number, place: number): number;
  /** What lies at a place. */
  readonly at: {
    readonly seq: Uint32Array;
    readonly sender: Uint32Array;
    readonly nth: Uint32Array;
  };
  /** Throws away what waits for this slot. Returns how many. */
  clear(slot: number): number;
  /** When the message was sent that waits for this slot with this sequence number; 0: none does. */
  sentUs(slot: number, seq: number): number;
  /** Sequence numbers that wait, ascending: for the inspector. */
  entries(slot: number): ReorderEntry[];
  /** Tells of everything that waits, in no order. */
  visit(visitor: (slot: number, entry: ReorderEntry) => void): void;
  inUse(): number;
  hasRoom(): boolean;
}

export function openReorderBuffer(
  c: Opened<ReturnType<typeof reorderColumns>['columns']>,
  poolColumnsOpened: Opened<ReturnType<typeof poolColumns>['columns']>,
): ReorderBuffer {
  const pool = openPool(poolColumnsOpened, 'reorder', CAPACITY_SETTINGS.waiting);
  const { heads, next, slot, seq, sender, nth, attempt, sentUs } = c;
  const mask = heads.length - 1;
  const taken: ReorderEntry = { seq: 0, sender: 0, nth: 0, attempt: 0, sentUs: 0 };
  const from = (ofSlot: number, e: number): number => {
    let place = e;
    while (place !== 0 && slot[place - 1] !== ofSlot) place = next[place - 1];
    return place;
  };
  const take = (ofSlot: number, ofSeq: number): boolean => {
    const bucket = mix32(ofSlot) & mask;
    let before = 0;
    for (let e = heads[bucket]; e !== 0; before = e, e = next[e - 1]) {
      if (slot[e - 1] !== ofSlot || seq[e - 1] !== ofSeq) continue;
      if (before === 0) heads[bucket] = next[e - 1];
      else next[before - 1] = next[e - 1];
      taken.seq = ofSeq;
      taken.sender = sender[e - 1];
      taken.nth = nth[e - 1];
      taken.attempt = attempt[e - 1];
      taken.sentUs = sentUs[e - 1];
      pool.give(e - 1);
      return true;
    }
    return false;
  };
  const entryAt = (e: number): ReorderEntry => ({
    seq: seq[e],
    sender: sender[e],
    nth: nth[e],
    attempt: attempt[e],
    sentUs: sentUs[e],
  });
  return {
    first: (ofSlot) => from(ofSlot, heads[mix32(ofSlot) & mask]),
    after: (ofSlot, place) => from(ofSlot, next[place]),
    at: { seq, sender, nth },
    sentUs(ofSlot, ofSeq) {
      let e = from(ofSlot, heads[mix32(ofSlot) & mask]);
      while (e !== 0 && seq[e - 1] !== ofSeq) e = from(ofSlot, next[e - 1]);
      return e === 0 ? 0 : sentUs[e - 1];
    },
    add(ofSlot, ofSeq, ofSender, ofNth, ofAttempt, ofSentUs) {
      const bucket = mix32(ofSlot) & mask;
      for (let e = heads[bucket]; e !== 0; e = next[e - 1]) {
        if (slot[e - 1] === ofSlot && seq[e - 1] === ofSeq) return false;
      }
      const e = pool.take();
      next[e] = heads[bucket];
      heads[bucket] = e + 1;
      slot[e] = ofSlot;
      seq[e] = ofSeq;
      sender[e] = ofSender;
      nth[e] = ofNth;
      attempt[e] = ofAttempt;
      sentUs[e] = ofSentUs;
      return true;
    },
    take,
    clear(ofSlot) {
      let count = 0;
      for (let e = from(ofSlot, heads[mix32(ofSlot) & mask]); e !== 0; count++) {
        take(ofSlot, seq[e - 1]);
        e = from(ofSlot, heads[mix32(ofSlot) & mask]);
      }
      return count;
    },
    taken,
    count(ofSlot) {
      let n = 0;
      for (let e = heads[mix32(ofSlot) & mask]; e !== 0; e = next[e - 1]) if (slot[e - 1] === ofSlot) n++;
      return n;
    },
    lowest(ofSlot) {
      let low = 0;
      for (let e = heads[mix32(ofSlot) & mask]; e !== 0; e = next[e - 1]) {
        if (slot[e - 1] === ofSlot && (low === 0 || seq[e - 1] < low)) low = seq[e - 1];
      }
      return low;
    },
    entries(ofSlot) {
      const all: ReorderEntry[] = [];
      for (let e = heads[mix32(ofSlot) & mask]; e !== 0; e = next[e - 1]) {
        if (slot[e - 1] === ofSlot) all.push(entryAt(e - 1));
      }
      return all.sort((x, y) => x.seq - y.seq);
    },
    visit(visitor) {
      if (pool.inUse() === 0) return;
      for (let bucket = 0; bucket < heads.length; bucket++) {
        for (let e = heads[bucket]; e !== 0; e = next[e - 1]) visitor(slot[e - 1], entryAt(e - 1));
      }
    },
    inUse: () => pool.inUse(),
    hasRoom: () => pool.left() > 0,
  };
}
