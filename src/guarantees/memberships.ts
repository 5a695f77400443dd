import { mix32 } from '../base/hash.ts';
import { GrowingU32 } from './growing.ts';

/**
 * Numbers for pairs (user, channel), given when a pair is first named, and each pair's place within its channel, from 0.
 * Open addressing with linear probing (Knuth, TAOCP vol. 3, 6.4, algorithm L), at most two thirds full: about 24 bytes a pair.
 */

/** Memberships that a simulation has anyway: those of channel c are the slots startOf(c) .. startOf(c + 1) - 1. */
export interface GivenMemberships {
  readonly slots: number;
  readonly channels: number;
  /** -1 when there is none. */
  slotOf(user: number, channel: number): number;
  channelOf(slot: number): number;
  userOf(slot: number): number;
  startOf(channel: number): number;
  /** Whether it counts from the start, without a join. */
  memberAtStart(slot: number): boolean;
}

export class Memberships {
  /** Numbers below this are the slots of the given memberships, and channels below that are theirs. */
  readonly given: number;
  readonly givenChannels: number;
  count: number;
  readonly #of: GivenMemberships | null;
  #table = new Uint32Array(64);
  #mask = 63;
  readonly #user = new GrowingU32();
  readonly #channel = new GrowingU32();
  readonly #place = new GrowingU32();
  /** By channel: places, and the last pair + 1. By pair: the one before it in its channel + 1. */
  readonly #places = new GrowingU32();
  readonly #last = new GrowingU32();
  readonly #before = new GrowingU32();

  constructor(given: GivenMemberships | null) {
    this.#of = given;
    this.given = given === null ? 0 : given.slots;
    this.givenChannels = given === null ? 0 : given.channels;
    this.count = this.given;
  }

  /** The pair's number; a new pair gets one. */
  of(user: number, channel: number): number {
    if (this.#of !== null && channel < this.#of.channels) {
      const slot = this.#of.slotOf(user, channel);
      if (slot >= 0) return slot;
    }
    const home = mix32(Math.imul(channel, 0x9e3779b1) ^ user);
    let at = home & this.#mask;
    for (;;) {
      const entry = this.#table[at];
      if (entry === 0) break;
      const index = entry - 1;
      if (this.#user.data[index] === user && this.#channel.data[index] === channel) return this.given + index;
      at = (at + 1) & this.#mask;
    }
    const index = this.count - this.given;
    this.count++;
    this.#table[at] = index + 1;
    this.#user.set(index, user);
    this.#channel.set(index, channel);
    this.#place.set(index, this.placesIn(channel));
    this.#places.add(channel, 1);
    this.#before.set(index, this.#last.get(channel));
    this.#last.set(channel, index + 1);
    if (3 * index > 2 * this.#mask) this.#widen();
    return this.given + index;
  }

  userOf(pair: number): number {
    return pair < this.given ? this.#of!.userOf(pair) : this.#user.get(pair - this.given);
  }

  channelOf(pair: number): number {
    return pair < this.given ? this.#of!.channelOf(pair) : this.#channel.get(pair - this.given);
  }

  placeOf(pair: number): number {
    if (pair >= this.given) return this.#place.get(pair - this.given);
    return pair - this.#of!.startOf(this.#of!.channelOf(pair));
  }

  /** How many places the channel has. */
  placesIn(channel: number): number {
    return this.#givenIn(channel) + this.#places.get(channel);
  }

  memberAtStart(pair: number): boolean {
    return pair < this.given && this.#of!.memberAtStart(pair);
  }

  /** How many count as members of the channel without a join. */
  membersAtStart(channel: number): number {
    let members = 0;
    for (let i = 0, n = this.#givenIn(channel); i < n; i++) {
      if (this.#of!.memberAtStart(this.#of!.startOf(channel) + i)) members++;
    }
    return members;
  }

  /** Calls with every pair of the channel, in no particular order. */
  forEachIn(channel: number, visit: (pair: number) => void): void {
    const given = this.#givenIn(channel);
    for (let i = 0; i < given; i++) visit(this.#of!.startOf(channel) + i);
    for (let entry = this.#last.get(channel); entry !== 0; entry = this.#before.get(entry - 1)) {
      visit(this.given + entry - 1);
    }
  }

  #givenIn(channel: number): number {
    if (this.#of === null || channel >= this.#of.channels) return 0;
    return this.#of.startOf(channel + 1) - this.#of.startOf(channel);
  }

  #widen(): void {
    this.#mask = 2 * this.#mask + 1;
    this.#table = new Uint32Array(this.#mask + 1);
    for (let index = 0; index < this.count - this.given; index++) {
      let at = mix32(Math.imul(this.#channel.get(index), 0x9e3779b1) ^ this.#user.get(index)) & this.#mask;
      while (this.#table[at] !== 0) at = (at + 1) & this.#mask;
      this.#table[at] = index + 1;
    }
  }
}
