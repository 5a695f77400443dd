import { kindOf, MAX_C } from './event-record.ts';
import { WINDOW_COUNT } from './event-state.ts';
import { addressOf, type EventWindowColumns } from './event-window.ts';

/**
 * Reads what the handler of this event will read, and changes nothing. Called for the next few dozen events at one go, so that the
 * processor fetches from memory for all of them at the same time. What it returns is of no use but that the reads are not optimised away.
 */
export type EventReader = (kind: number, a: number, b: number, c: number) => number;

/** For so many events at a time: about a window of a busy system. More than that would leave the cache before it is used. */
const READ_AHEAD = 64;

/** Reads ahead for the next events of the window, from place `at` on. Returns the place up to which it did. */
export function createLookAhead(
  columns: Pick<EventWindowColumns, 'counts' | 'pool' | 'windowKeys' | 'windowChunks'>,
): (at: number, readAhead: EventReader) => number {
  const { counts, pool, windowKeys, windowChunks } = columns;
  // No state: where what was read ends up.
  const read = new Uint32Array(1);
  return (at, readAhead) => {
    const end = Math.min(at + READ_AHEAD, counts[WINDOW_COUNT]);
    let sum = 0;
    // The records first: the branches by kind below must not wait for them.
    for (let i = at; i < end; i++) sum ^= pool[addressOf(windowKeys[i], windowChunks)];
    for (let i = at; i < end; i++) {
      const address = addressOf(windowKeys[i], windowChunks);
      const word0 = pool[address];
      sum ^= readAhead(kindOf(word0), pool[address + 1], pool[address + 2], word0 & MAX_C);
    }
    read[0] = sum;
    return end;
  };
}
