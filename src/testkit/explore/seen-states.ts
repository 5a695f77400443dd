/**
 * The states that an exploration has met, each with the deviations that were left there: a hash table with open addressing in one typed array.
 * A state is known by 64 bits of hash alone, so of n states any two are taken for one with probability n^2 / 2^65: one in two million for four
 * million states ("hash compaction": Wolper and Leroy, "Reliable hashing without collision detection", 1993).
 */
export interface SeenStates {
  readonly size: number;
  /** True when the state was met with at least as many deviations left; else it is remembered with `left` of them (0 to 254). */
  meets(high: number, low: number, left: number): boolean;
}

const WORDS = 3;
const FIRST_CAPACITY = 1 << 12;

export function createSeenStates(): SeenStates {
  let capacity = FIRST_CAPACITY;
  /** Of each place: the two halves of the key, and the deviations left plus one (0: the place is free). */
  let places = new Uint32Array(WORDS * capacity);
  let size = 0;

  const placeOf = (high: number, low: number): number => {
    let at = low & (capacity - 1);
    for (;;) {
      const base = WORDS * at;
      if (places[base + 2] === 0 || (places[base] === high && places[base + 1] === low)) return base;
      at = (at + 1) & (capacity - 1);
    }
  };

  const grow = (): void => {
    const before = places;
    capacity *= 2;
    places = new Uint32Array(WORDS * capacity);
    for (let base = 0; base < before.length; base += WORDS)
      if (before[base + 2] !== 0)
        places.set(before.subarray(base, base + WORDS), placeOf(before[base]!, before[base + 1]!));
  };

  return {
    get size() {
      return size;
    },
    meets(high, low, left) {
      let base = placeOf(high, low);
      const most = places[base + 2]!;
      if (most > left) return true;
      if (most === 0) {
        if (2 * ++size > capacity) {
          grow();
          base = placeOf(high, low);
        }
        places[base] = high;
        places[base + 1] = low;
      }
      places[base + 2] = left + 1;
      return false;
    },
  };
}
