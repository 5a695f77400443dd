import { ARRIVALS, HEAP_SIZE } from './event-state.ts';

/**
 * A heap of events ordered by (time, number of arrival), four children a node (D. B. Johnson, "Priority queues with update and
 * finding minimum spanning trees", 1975): half the levels of a binary heap, and four times side by side are half a cache line.
 *
 * Element i has its time in `heapTime[i]`, its number of arrival in `heapArrival[i]`, its words in `heapWords[3 * i]` and on.
 * The least is element 0: callers read it in place.
 */
export interface EventHeapColumns {
  readonly clock: Float64Array;
  readonly counts: Int32Array;
  readonly heapTime: Float64Array;
  readonly heapArrival: Float64Array;
  readonly heapWords: Uint32Array;
}

export interface EventHeap {
  /** Adds an event. The caller has checked that there is room. */
  push(timeUs: number, word0: number, word1: number, word2: number): void;
  /** Removes element 0. The heap must not be empty. */
  pop(): void;
  /** Keeps the elements for which `keep(word0, word1, word2)` holds. */
  filter(keep: (word0: number, word1: number, word2: number) => boolean): void;
}

export function createEventHeap(columns: EventHeapColumns): EventHeap {
  const { clock, counts, heapTime, heapArrival, heapWords } = columns;

  /** Moves the hole at `hole` up until the event fits, and puts it there. */
  function siftUp(
    hole: number,
    timeUs: number,
    arrival: number,
    word0: number,
    word1: number,
    word2: number,
  ): void {
    while (hole > 0) {
      const parent = (hole - 1) >> 2;
      const parentTime = heapTime[parent];
      if (parentTime < timeUs || (parentTime === timeUs && heapArrival[parent] < arrival)) break;
      heapTime[hole] = parentTime;
      heapArrival[hole] = heapArrival[parent];
      heapWords[3 * hole] = heapWords[3 * parent];
      heapWords[3 * hole + 1] = heapWords[3 * parent + 1];
      heapWords[3 * hole + 2] = heapWords[3 * parent + 2];
      hole = parent;
    }
    heapTime[hole] = timeUs;
    heapArrival[hole] = arrival;
    heapWords[3 * hole] = word0;
    heapWords[3 * hole + 1] = word1;
    heapWords[3 * hole + 2] = word2;
  }

  /** Moves the hole at `hole` down until the event `last`, which lies behind the `size` elements, fits. */
  function siftDown(hole: number, last: number, size: number): void {
    const timeUs = heapTime[last];
    const arrival = heapArrival[last];
    const word0 = heapWords[3 * last];
    const word1 = heapWords[3 * last + 1];
    const word2 = heapWords[3 * last + 2];
    for (;;) {
      let child = 4 * hole + 1;
      if (child >= size) break;
      let least = child;
      let leastTime = heapTime[child];
      const end = child + 4 < size ? child + 4 : size;
      for (child++; child < end; child++) {
        const childTime = heapTime[child];
        if (childTime < leastTime || (childTime === leastTime && heapArrival[child] < heapArrival[least])) {
          least = child;
          leastTime = childTime;
        }
      }
      if (timeUs < leastTime || (timeUs === leastTime && arrival < heapArrival[least])) break;
      heapTime[hole] = leastTime;
      heapArrival[hole] = heapArrival[least];
      heapWords[3 * hole] = heapWords[3 * least];
      heapWords[3 * hole + 1] = heapWords[3 * least + 1];
      heapWords[3 * hole + 2] = heapWords[3 * least + 2];
      hole = least;
    }
    heapTime[hole] = timeUs;
    heapArrival[hole] = arrival;
    heapWords[3 * hole] = word0;
    heapWords[3 * hole + 1] = word1;
    heapWords[3 * hole + 2] = word2;
  }

  function push(timeUs: number, word0: number, word1: number, word2: number): void {
    const size = counts[HEAP_SIZE];
    counts[HEAP_SIZE] = size + 1;
    const arrival = clock[ARRIVALS];
    clock[ARRIVALS] = arrival + 1;
    siftUp(size, timeUs, arrival, word0, word1, word2);
  }

  function pop(): void {
    const size = counts[HEAP_SIZE] - 1;
    counts[HEAP_SIZE] = size;
    if (size > 0) siftDown(0, size, size);
  }

  function filter(keep: (word0: number, word1: number, word2: number) => boolean): void {
    const size = counts[HEAP_SIZE];
    let kept = 0;
    for (let i = 0; i < size; i++) {
      const word0 = heapWords[3 * i];
      const word1 = heapWords[3 * i + 1];
      const word2 = heapWords[3 * i + 2];
      // What is kept moves to the front, and up: the front is a heap at every moment.
      if (keep(word0, word1, word2)) siftUp(kept++, heapTime[i], heapArrival[i], word0, word1, word2);
    }
    counts[HEAP_SIZE] = kept;
  }

  return { push, pop, filter };
}
