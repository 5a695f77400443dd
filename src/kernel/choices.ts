import { mix32 } from '../base/hash.ts';

export { below } from '../base/below.ts';

/**
 * The one door for choices. Whatever is not determined (a delay, a loss, who writes next) is a 32-bit number that is asked for by
 * (purpose, entity, count): what for, whose, the how-manyth. The same question has the same answer, in whatever order questions
 * are asked, so a changed setting shifts nothing.
 */
export interface Choices {
  /**
   * A whole number in [0, 2^32). `purpose` is in 0..PURPOSES - 1, registered by its user; `entity` and `count` are in [0, 2^32).
   */
  u32(purpose: number, entity: number, count: number): number;
}

/**
 * A keeper of the door that may go through a list: its place in it is part of the moment of a run, and goes back with it. One that has no
 * place stays at 0.
 */
export interface ChoiceKeeper extends Choices {
  place(): number;
  goBackTo(place: number): void;
}

/** Purposes are small numbers. */
const PURPOSES = 256;

/**
 * The seeded keeper: a pure function of (seed, purpose, entity, count), with no state to store. (entity, count) is a block of 64 bits
 * that a keyed permutation mixes; its first half is the answer, so two streams never run through the same blocks. The
 * permutation alternates between the halves with multiply and xor-shift steps as MurmurHash3's and SplitMix's finalisers do
 * (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014).
 *
 * Throws RangeError unless `seed` is a safe integer >= 0.
 */
export function seededChoices(seed: number): Choices {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new RangeError(`a seed is a whole number from 0 to ${Number.MAX_SAFE_INTEGER}, not ${seed}`);
  }
  const keys = new Int32Array(2 * PURPOSES);
  let low = mix32((seed % 2 ** 32) ^ 0x6a09e667);
  let high = mix32(Math.floor(seed / 2 ** 32) ^ low ^ 0x3c6ef372);
  for (let i = 0; i < PURPOSES; i++) {
    low = mix32(low + 0x9e3779b9);
    high = mix32(high + 0xbb67ae85 + low);
    keys[2 * i] = low;
    keys[2 * i + 1] = high;
  }

  return {
    u32(purpose, entity, count) {
      if (purpose >>> 0 >= PURPOSES)
        throw new RangeError(`purposes are numbered 0..${PURPOSES - 1}, not ${purpose}`);
      let a = entity ^ keys[2 * purpose];
      let b = count ^ keys[2 * purpose + 1];
      a = Math.imul(a ^ (a >>> 16), 0x7feb352d);
      b = (b + (a ^ (a >>> 15))) | 0;
      b = Math.imul(b ^ (b >>> 16), 0x846ca68b);
      a ^= b ^ (b >>> 15);
      a = Math.imul(a, 0x85ebca6b);
      b = (b + (a ^ (a >>> 13))) | 0;
      b = Math.imul(b ^ (b >>> 16), 0xc2b2ae35);
      a ^= b ^ (b >>> 16);
      a = Math.imul(a, 0x27d4eb2f);
      return (a ^ (a >>> 15)) >>> 0;
    },
  };
}

/** The number in [0, 1) that a choice stands for. */
export const unit = (u32: number): number => u32 * 2 ** -32;

/** From one choice, uniform in [0, 2^32), to one value. A larger choice gives no smaller value: inverse transform sampling. */
export type Draw = (u32: number) => number;
