import { GrowingTimes, GrowingU32 } from './growing.ts';

/**
 * Requests by key, each at a time, and whether a window of time holds more than `limit` of one key. Requests are numbered in order of
 * time; they may be counted in another order, which costs as many steps as were counted too early. Otherwise constant time, whatever
 * the limit: the request that is `limit` before the newest moves along with it.
 */
export class FullWindows {
  readonly #limit: number;
  readonly #isTooShort: (spanUs: number) => boolean;
  readonly us = new GrowingTimes();
  // By request: the ones before and after it of the same key.
  readonly #before = new GrowingU32();
  readonly #after = new GrowingU32();
  // By key: how many, the oldest, the newest, the one `limit` before the newest.
  readonly #count = new GrowingU32();
  readonly #oldest = new GrowingU32();
  readonly #newest = new GrowingU32();
  readonly #trailing = new GrowingU32();

  /** `isTooShort` tells whether a window may not span limit + 1 requests so far apart. */
  constructor(limit: number, isTooShort: (spanUs: number) => boolean) {
    this.#limit = limit;
    this.#isTooShort = isTooShort;
  }

  /** Counts the request, whose time is set. Returns the first request of a window that is too full with it, or 0. */
  count(key: number, request: number): number {
    this.#insert(key, request);
    if (this.#count.get(key) <= this.#limit) return 0;
    let last = this.#newest.get(key);
    let first = this.#trailing.get(key);
    while (first !== 0) {
      // Windows that begin after the request do not hold it.
      if (first <= request && this.#isTooShort(this.us.get(last) - this.us.get(first))) return first;
      if (last === request) break;
      last = this.#before.get(last);
      first = this.#before.get(first);
    }
    return 0;
  }

  /** The request and those counted after it of the same key, limit + 1 in all. */
  window(first: number): number[] {
    const requests = [first];
    while (requests.length <= this.#limit) requests.push(this.#after.get(requests[requests.length - 1]));
    return requests;
  }

  #insert(key: number, request: number): void {
    let before = this.#newest.get(key);
    while (before > request) before = this.#before.get(before);
    const after = before === 0 ? this.#oldest.get(key) : this.#after.get(before);
    this.#before.set(request, before);
    this.#after.set(request, after);
    if (before === 0) this.#oldest.set(key, request);
    else this.#after.set(before, request);
    if (after === 0) this.#newest.set(key, request);
    else this.#before.set(after, request);
    this.#count.add(key, 1);
    const trailing = this.#trailing.get(key);
    if (trailing === 0) {
      if (this.#count.get(key) > this.#limit) this.#trailing.set(key, this.#oldest.get(key));
    } else if (request > trailing) {
      this.#trailing.set(key, this.#after.get(trailing));
    }
  }
}
