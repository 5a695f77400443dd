import { SEAT_STATES } from '../../worker/protocol.ts';

/** How many seats of each block are in each state. */
export interface SeatCounts {
  readonly total: Uint32Array;
  readonly blocks: readonly Uint32Array[];
}

/**
 * Counts SEAT_STATES codes by block. `starts` are the first seats of the blocks and the end of the last one. Runs of four
 * equal bytes, which most of a large crowd consists of, are counted as one word.
 */
export function countSeats(seats: Uint8Array, starts: readonly number[]): SeatCounts {
  const kinds = SEAT_STATES.length;
  const total = new Uint32Array(kinds);
  const blocks: Uint32Array[] = [];
  const aligned = seats.byteOffset % 4 === 0;
  const words = aligned ? new Uint32Array(seats.buffer, seats.byteOffset, seats.length >>> 2) : null;
  for (let b = 0; b + 1 < starts.length; b++) {
    const counts = new Uint32Array(256);
    let i = starts[b]!;
    const end = Math.min(starts[b + 1]!, seats.length);
    if (words !== null) {
      for (; i < end && (i & 3) !== 0; i++) counts[seats[i]!]!++;
      for (const last = end - 3; i < last; i += 4) {
        const word = words[i >>> 2]!;
        const first = word & 255;
        if (Math.imul(first, 0x01010101) >>> 0 === word) counts[first]! += 4;
        else {
          counts[first]!++;
          counts[(word >>> 8) & 255]!++;
          counts[(word >>> 16) & 255]!++;
          counts[word >>> 24]!++;
        }
      }
    }
    for (; i < end; i++) counts[seats[i]!]!++;
    const kept = counts.slice(0, kinds);
    for (let k = 0; k < kinds; k++) total[k]! += kept[k]!;
    blocks.push(kept);
  }
  return { total, blocks };
}
