import { type ColumnGroup, columns, f64, type Opened, u32 } from '../../base/columns.ts';
import { CapacityError } from '../../base/errors.ts';

/**
 * Many first-in-first-out logs of times in one pool of pages. A key takes a page with its first entry and a further one when the last is full;
 * pages that have been read to the end go back to a free list. A page holds 8 times (one cache line), or fewer when a log can never
 * be longer: then the key's one page is a ring.
 *
 * When the pool is empty a hand goes round over the keys and takes the pages of those whose entries have all expired, like the clock hand of a
 * page cache (Corbato 1969). It goes on where it stopped, so that its steps are paid for by the pages it finds: O(1) amortised while
 * the pool is about twice what is in use; a full round without a page is a CapacityError.
 *
 * Memory: 8 bytes an entry and half a byte for the page's link; 8 bytes a key (first page u32, slot and length u32), 12 where
 * a log can have more than one page (last page u32).
 */
const PAGE_ENTRIES_BITS = 3;
const PAGE_ENTRIES_MAX = 1 << PAGE_ENTRIES_BITS;
const SLOT_MASK = PAGE_ENTRIES_MAX - 1;

// Words of the column `pool`.
const FREE = 0; // first free page + 1, or 0
const FRESH = 1; // pages from here on have never been taken
const TAKEN = 2; // pages in use
const HAND = 3; // the key at which the hand stands

export interface PageLogSize {
  readonly keys: number;
  /** Most entries one key ever keeps. */
  readonly longest: number;
  /** Entries that all keys together can keep. */
  readonly entries: number;
}

const pageEntries = (longest: number): number => Math.min(longest, PAGE_ENTRIES_MAX);

/** Entries the pool needs so that every key can keep its longest log, whatever the slot it begins at. */
export function enoughEntries(keys: number, longest: number): number {
  return longest <= PAGE_ENTRIES_MAX ? keys * longest : keys * (longest + PAGE_ENTRIES_MAX - 1);
}

export function pageLogColumns(name: string, { keys, longest, entries }: PageLogSize) {
  const perPage = pageEntries(longest);
  const pages = Math.ceil(entries / perPage);
  return columns(name, {
    first: u32(keys), // page + 1, or 0
    last: u32(longest > perPage ? keys : 0),
    span: u32(keys), // length << 3 | slot of the oldest entry
    times: f64(pages * perPage),
    next: u32(pages), // the page + 1 that follows in a log or in the free list
    pool: u32(4),
    clock: f64(1),
  });
}

export type PageLogColumns = ReturnType<typeof pageLogColumns> extends ColumnGroup<infer C> ? C : never;

export interface PageLog {
  length(key: number): number;
  /** The i-th oldest entry: O(i / 8) pages are passed. */
  at(key: number, i: number): number;
  /** All entries, oldest first. Allocates. */
  entries(key: number): number[];
  /** Removes the entries before `keepFromUs`. */
  expire(key: number, keepFromUs: number): void;
  removeOldest(key: number): void;
  /** Adds `timeUs`, no earlier than the key's latest. `keepFromUs`: what other keys may lose when the pool is empty. */
  append(key: number, timeUs: number, keepFromUs: number): void;
  clear(key: number): void;
  /** Pages in use, of how many. */
  pagesTaken(): number;
  readonly pages: number;
  readonly entriesPerPage: number;
}

/** @param column names what is full in a CapacityError, @param settings which to lower. */
export function openPageLog(
  { first, last, span, times, next, pool }: Opened<PageLogColumns>,
  size: PageLogSize,
  column: string,
  settings: readonly string[],
): PageLog {
  const { keys } = size;
  const perPage = pageEntries(size.longest);
  const isRing = size.longest <= perPage;
  const pages = next.length;

  function takePage(keepFromUs: number): number {
    if (pool[FREE] === 0) {
      if (pool[FRESH] < pages) {
        pool[TAKEN]++;
        const fresh = pool[FRESH];
        pool[FRESH] = fresh + 1;
        return fresh;
      }
      reclaim(keepFromUs);
    }
    const page = pool[FREE] - 1;
    pool[FREE] = next[page];
    pool[TAKEN]++;
    next[page] = 0;
    return page;
  }

  function freePage(page: number): void {
    next[page] = pool[FREE];
    pool[FREE] = page + 1;
    pool[TAKEN]--;
  }

  function reclaim(keepFromUs: number): void {
    let hand = pool[HAND];
    for (let passed = 0; passed < keys && pool[FREE] === 0; passed++) {
      if (span[hand] >>> PAGE_ENTRIES_BITS > 0) {
        expire(hand, keepFromUs);
        if (span[hand] >>> PAGE_ENTRIES_BITS === 0) clear(hand);
      }
      hand = hand + 1 === keys ? 0 : hand + 1;
    }
    pool[HAND] = hand;
    if (pool[FREE] === 0) throw new CapacityError(column, pages * perPage, settings);
  }

  function expire(key: number, keepFromUs: number): void {
    while (span[key] >>> PAGE_ENTRIES_BITS > 0) {
      const slot = span[key] & SLOT_MASK;
      if (times[(first[key] - 1) * perPage + slot] >= keepFromUs) return;
      removeOldest(key);
    }
  }

  function removeOldest(key: number): void {
    const word = span[key];
    const length = (word >>> PAGE_ENTRIES_BITS) - 1;
    let slot = (word & SLOT_MASK) + 1;
    if (length === 0) {
      slot = 0; // an empty log keeps its page: most often an entry follows at once
    } else if (slot === perPage) {
      slot = 0;
      if (!isRing) {
        const done = first[key] - 1;
        first[key] = next[done];
        freePage(done);
      }
    }
    span[key] = (length << PAGE_ENTRIES_BITS) | slot;
  }

  function append(key: number, timeUs: number, keepFromUs: number): void {
    const word = span[key];
    const length = word >>> PAGE_ENTRIES_BITS;
    let slot = (word & SLOT_MASK) + length;
    let page: number;
    if (first[key] === 0) {
      page = takePage(keepFromUs);
      first[key] = page + 1;
      if (!isRing) last[key] = page + 1;
    } else if (isRing) {
      page = first[key] - 1;
      if (slot >= perPage) slot -= perPage;
    } else {
      page = last[key] - 1;
      slot &= SLOT_MASK;
      if (slot === 0 && length > 0) {
        const after = takePage(keepFromUs);
        next[page] = after + 1;
        last[key] = after + 1;
        page = after;
      }
    }
    times[page * perPage + slot] = timeUs;
    span[key] = word + (1 << PAGE_ENTRIES_BITS);
  }

  function clear(key: number): void {
    let page = first[key];
    const lastPage = isRing ? page : last[key];
    while (page !== 0) {
      const after = page === lastPage ? 0 : next[page - 1];
      freePage(page - 1);
      page = after;
    }
    first[key] = 0;
    if (!isRing) last[key] = 0;
    span[key] = 0;
  }

  function at(key: number, i: number): number {
    let slot = (span[key] & SLOT_MASK) + i;
    let page = first[key] - 1;
    if (isRing) return times[page * perPage + (slot >= perPage ? slot - perPage : slot)];
    for (; slot >= perPage; slot -= perPage) page = next[page] - 1;
    return times[page * perPage + slot];
  }

  const length = (key: number): number => span[key] >>> PAGE_ENTRIES_BITS;

  return {
    length,
    at,
    entries: (key) => Array.from({ length: length(key) }, (_, i) => at(key, i)),
    expire,
    removeOldest,
    append,
    clear,
    pagesTaken: () => pool[TAKEN],
    pages,
    entriesPerPage: perPage,
  };
}
