import type { EventChains } from './event-chains.ts';
import { kindOf, MAX_C, TIMER_BIT } from './event-record.ts';
import { HEAP_SIZE, WINDOW_AT, WINDOW_COUNT } from './event-state.ts';
import type { EventWheel } from './event-wheel.ts';
import { addressOf, type EventWindowColumns } from './event-window.ts';

/** Is told of one event that will happen. */
export type EventVisitor = (kind: number, a: number, b: number, c: number) => void;

/** Goes over all events that wait, wherever the list keeps them: in the window, in the heap, and in the wheel. */
export function createEventVisitor(
  columns: Pick<EventWindowColumns, 'counts' | 'pool' | 'windowKeys' | 'windowChunks'> & {
    readonly heapWords: Uint32Array;
    readonly timers: Uint32Array;
  },
  chains: EventChains,
  wheel: EventWheel,
  isLive: (word0: number, word1: number, word2: number) => boolean,
): (visitor: EventVisitor) => void {
  const { counts, pool, windowKeys, windowChunks, heapWords, timers } = columns;
  return (visitor) => {
    const tell = (words: Uint32Array, at: number): void => {
      const [word0, word1, word2] = [words[at], words[at + 1], words[at + 2]];
      if (!isLive(word0, word1, word2)) return;
      // A timer's own b lies with the timer.
      const b = (word0 & TIMER_BIT) === 0 ? word2 : timers[2 * word1 + 1];
      visitor(kindOf(word0), word1, b, word0 & MAX_C);
    };
    for (let at = counts[WINDOW_AT]; at < counts[WINDOW_COUNT]; at++)
      tell(pool, addressOf(windowKeys[at], windowChunks));
    for (let i = 0; i < counts[HEAP_SIZE]; i++) tell(heapWords, 3 * i);
    wheel.visitSlots((slot) => {
      chains.visit(slot, (at) => {
        tell(pool, at);
        return false;
      });
      return false;
    });
  };
}
