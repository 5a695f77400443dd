import { afterEach, describe, expect, test, vi } from 'vitest';
import type * as ChainsModule from '../../../src/kernel/event-chains.ts';
import type { EventChains } from '../../../src/kernel/event-chains.ts';
import type * as HeapModule from '../../../src/kernel/event-heap.ts';
import { DAYS_SLOT, FINE_SLOT } from '../../../src/kernel/event-levels.ts';
import { ARRIVALS, INSTANTS_FROM, LIVE, NEAR_END, WINDOW_COUNT } from '../../../src/kernel/event-state.ts';
import type * as WheelModule from '../../../src/kernel/event-wheel.ts';
import type * as WindowModule from '../../../src/kernel/event-window.ts';
import { compare, type OpenEventList, type Program } from './event-list-model.ts';

/** Mistakes that are easily made in an event list, made on purpose: the comparison with the sorted array finds each. */

const many: Program = {
  seed: 1,
  delays: ['now', 'tick', 'bucket', 'short', 'heartbeat', 'minute', 'hours', 'season'],
  burst: 2000,
  rounds: 8,
  childrenPercent: 90,
  timers: 100,
  maxPending: 20_000,
};
const crowded: Program = {
  ...many,
  delays: ['now', 'tick', 'bucket', 'bucket'],
  burst: 33_000,
  rounds: 2,
  childrenPercent: 50,
  timers: 0,
  maxPending: 100_000,
};

const kernel = '../../../src/kernel';

/** The event list, built with a changed part. */
async function withMistake<M extends object>(
  part: string,
  change: (actual: M) => Partial<M>,
): Promise<OpenEventList> {
  vi.resetModules();
  vi.doMock(part, async (load) => {
    const actual = (await load()) as M;
    return { ...actual, ...change(actual) };
  });
  return await import('../../../src/kernel/event-list.ts');
}

afterEach(() => {
  vi.doUnmock(`${kernel}/event-heap.ts`);
  vi.doUnmock(`${kernel}/event-chains.ts`);
  vi.doUnmock(`${kernel}/event-window.ts`);
  vi.doUnmock(`${kernel}/event-wheel.ts`);
  vi.resetModules();
});

const inChains = (change: (chains: EventChains) => Partial<EventChains>) =>
  withMistake<typeof ChainsModule>(`${kernel}/event-chains.ts`, (actual) => ({
    createEventChains: (columns) => {
      const chains = actual.createEventChains(columns);
      return { ...chains, ...change(chains) };
    },
  }));

describe('the comparison with a sorted array', () => {
  test('passes an event list without a mistake', async () => {
    const list = await inChains(() => ({}));
    compare(list, many);
    compare(list, crowded);
  });

  test('finds a sort that is not stable', async () => {
    const list = await withMistake<typeof WindowModule>(`${kernel}/event-window.ts`, (actual) => ({
      createEventWindow: (columns, chains) => {
        const window = actual.createEventWindow(columns, chains);
        const { counts, windowKeys } = columns;
        const loadNear: typeof window.loadNear = (bucket) => {
          const buckets = window.loadNear(bucket);
          for (let i = 1; i < counts[WINDOW_COUNT]!; i++) {
            const [a, b] = [windowKeys[i - 1]!, windowKeys[i]!];
            if (a >>> actual.PLACE_BITS === b >>> actual.PLACE_BITS) {
              windowKeys[i - 1] = b;
              windowKeys[i] = a;
              break;
            }
          }
          return buckets;
        };
        return { ...window, loadNear };
      },
    }));
    expect(() => compare(list, many)).toThrow(/event \d+: time, kind, a, b, c/);
  });

  test('finds a heap that does not break ties', async () => {
    const list = await withMistake<typeof HeapModule>(`${kernel}/event-heap.ts`, (actual) => ({
      createEventHeap: (columns) => {
        const heap = actual.createEventHeap(columns);
        const push: typeof heap.push = (...event) => {
          columns.clock[ARRIVALS] = 0;
          heap.push(...event);
        };
        return { ...heap, push };
      },
    }));
    expect(() => compare(list, many)).toThrow(/event \d+: time, kind, a, b, c/);
  });

  test('finds a coarse bucket that is lost', async () => {
    const list = await inChains((chains) => ({
      appendFar: (slot, ...words) => {
        if (slot !== DAYS_SLOT + 2) chains.appendFar(slot, ...words);
      },
    }));
    expect(() => compare(list, { ...many, delays: ['hours', 'day'], childrenPercent: 0 })).toThrow();
  });

  test('finds a coarse bucket that is moved down too late', async () => {
    const list = await withMistake<typeof WheelModule>(`${kernel}/event-wheel.ts`, (actual) => ({
      createEventWheel: (columns, chains, window) => {
        const wheel = actual.createEventWheel(columns, chains, window);
        const insert: typeof wheel.insert = (timeUs, ...words) => {
          // Takes one bucket of hours too much into the near level while its earlier events still wait.
          columns.clock[NEAR_END]! += 2 ** 22;
          wheel.insert(timeUs, ...words);
          columns.clock[NEAR_END]! -= 2 ** 22;
        };
        return { ...wheel, insert };
      },
    }));
    expect(() => compare(list, { ...many, delays: ['horizon', 'short', 'think'], rounds: 60 })).toThrow();
  });

  test('finds an event that forgets its fine bucket', async () => {
    const list = await inChains((chains) => ({
      append: (slot, ...words) => {
        chains.append(slot === FINE_SLOT + 7 ? slot + 2 : slot, ...words);
      },
    }));
    expect(() => compare(list, crowded)).toThrow();
  });

  test('finds a split that forgets where its instants begin', async () => {
    const list = await withMistake<typeof WheelModule>(`${kernel}/event-wheel.ts`, (actual) => ({
      createEventWheel: (columns, chains, window) => {
        const wheel = actual.createEventWheel(columns, chains, window);
        const insert: typeof wheel.insert = (...event) => {
          const from = columns.clock[INSTANTS_FROM]!;
          columns.clock[INSTANTS_FROM] = -1;
          wheel.insert(...event);
          columns.clock[INSTANTS_FROM] = from;
        };
        return { ...wheel, insert };
      },
    }));
    expect(() => compare(list, { ...crowded, delays: ['now', 'tick', 'micro'] })).toThrow();
  });

  test('finds a sweep that leaves the dead where they are', async () => {
    const list = await inChains(() => ({ filter: () => {} }));
    expect(() =>
      compare(list, { ...many, delays: ['short', 'minute'], childrenPercent: 0, rounds: 60 }),
    ).toThrow();
  });

  test('finds a list that miscounts what lives', async () => {
    const list = await withMistake<typeof HeapModule>(`${kernel}/event-heap.ts`, (actual) => ({
      createEventHeap: (columns) => {
        const heap = actual.createEventHeap(columns);
        const pop: typeof heap.pop = () => {
          heap.pop();
          columns.counts[LIVE]!--;
        };
        return { ...heap, pop };
      },
    }));
    expect(() => compare(list, many)).toThrow();
  });
});
