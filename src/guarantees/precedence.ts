import { mix32 } from '../base/hash.ts';
import { GrowingU8, GrowingU32 } from './growing.ts';

/**
 * A relation "a comes before b", built up pair by pair, that tells when no order fits it any more.
 *
 * It keeps a topological order and repairs it with the two bounded searches of Pearce and Kelly (A Dynamic Topological Sort Algorithm
 * for Directed Acyclic Graphs, JEA 11, 2006): a pair that agrees with the order costs constant time, one that does not costs what lies
 * between. Their worst case is quadratic, so each pair brings an allowance of steps; a pair whose search would overdraw it is put off,
 * and those put off are sorted in together (Kahn, Topological Sorting of Large Networks, CACM 5, 1962), when they are a quarter of
 * all or when `settle` is called. So n pairs take O(n) steps, apart from calls of `settle`.
 *
 * Nodes fall into groups without pairs between them (channels). Where no order fits, the group is broken and takes no more pairs.
 */

export type Outcome = 'fits' | 'put-off' | 'closes-cycle';

const FEWEST_PUT_OFF = 1024;
const NOTHING: readonly number[] = [];

export class Precedence {
  /** How many groups are broken. */
  broken = 0;
  readonly #stepsPerPair: number;
  #allowance = 0;

  // By node: its group; its place in the order from 1 (0: not in it); its first pair out and in. Nodes are below #end.
  #end = 0;
  #nodes = 0;
  readonly #group = new GrowingU32();
  readonly #place = new GrowingU32();
  readonly #firstOut = new GrowingU32();
  readonly #firstIn = new GrowingU32();
  readonly #isBroken = new GrowingU8();

  // By pair, from 1, in the order in which they came: both nodes, the tag, the next pair out of and into the same node.
  #pairs = 0;
  readonly #from = new GrowingU32();
  readonly #to = new GrowingU32();
  readonly #tag = new GrowingU32();
  readonly #nextOut = new GrowingU32();
  readonly #nextIn = new GrowingU32();
  #putOff: number[] = [];
  /** Finds a pair by its nodes: open addressing, at most half full. */
  #table = new Uint32Array(64);
  #mask = 63;

  /** By node: the search that found it last. */
  readonly #foundIn = new GrowingU32();
  #search = 0;

  constructor(stepsPerPair: number) {
    this.#stepsPerPair = stepsPerPair;
  }

  isBroken(group: number): boolean {
    return this.#isBroken.get(group) === 1;
  }

  hasPutOff(): boolean {
    return this.#putOff.length > 0;
  }

  /** Whether so many are put off that settling costs no more than adding the others has. */
  shouldSettle(): boolean {
    return this.#putOff.length > FEWEST_PUT_OFF && 4 * this.#putOff.length > this.#pairs;
  }

  break(group: number): void {
    if (this.isBroken(group)) return;
    this.#isBroken.set(group, 1);
    this.broken++;
  }

  addNode(node: number, group: number): void {
    if (this.#place.get(node) !== 0) return;
    this.#end = Math.max(this.#end, node + 1);
    this.#group.set(node, group);
    this.#place.set(node, ++this.#nodes);
  }

  /** Two different nodes of one group that is not broken. A pair that closes a cycle is not kept. `tag` comes back from `settle`. */
  add(a: number, b: number, tag: number): Outcome {
    this.#allowance += this.#stepsPerPair;
    const slot = this.#slotOf(a, b);
    if (this.#table[slot] !== 0) return 'fits';
    let outcome: Outcome = 'fits';
    if (this.#place.get(a) > this.#place.get(b)) outcome = this.#makeRoom(a, b);
    if (outcome === 'closes-cycle') return outcome;
    const pair = ++this.#pairs;
    this.#from.set(pair, a);
    this.#to.set(pair, b);
    this.#tag.set(pair, tag);
    this.#table[slot] = pair;
    if (2 * pair > this.#mask) this.#widen();
    if (outcome === 'put-off') this.#putOff.push(pair);
    else this.#link(pair);
    return outcome;
  }

  /**
   * Sorts in what was put off. Where no order fits it, breaks the groups, and returns the tag of the first pair with which that was
   * so; otherwise -1. Takes O(all pairs), and as many times the logarithm when something breaks.
   */
  settle(): number {
    if (this.#putOff.length === 0) return -1;
    let low = this.#putOff[0] - 1;
    for (const pair of this.#putOff) this.#link(pair);
    this.#putOff = [];
    let sorted = this.#sort(this.#pairs);
    let first = -1;
    if (sorted.length < this.#nodes) {
      // All pairs up to `low` fit together, those up to `high` do not.
      let high = this.#pairs;
      while (high - low > 1) {
        const middle = (low + high) >>> 1;
        if (this.#sort(middle).length === this.#nodes) low = middle;
        else high = middle;
      }
      first = this.#tag.get(high);
      const isSorted = new Uint8Array(this.#end);
      for (const node of sorted) isSorted[node] = 1;
      for (let node = 0; node < this.#end; node++) {
        if (this.#place.get(node) !== 0 && isSorted[node] === 0) this.break(this.#group.get(node));
      }
      sorted = this.#sort(this.#pairs);
    }
    for (let i = 0; i < sorted.length; i++) this.#place.set(sorted[i], i + 1);
    return first;
  }

  /** Changes the order so that a, now after b, comes before it. */
  #makeRoom(a: number, b: number): Outcome {
    const after = this.#reach(b, a, this.#firstOut, this.#nextOut, this.#to, this.#place.get(a), false);
    if (after === null) return 'put-off';
    if (after === NOTHING) return 'closes-cycle';
    const before = this.#reach(a, b, this.#firstIn, this.#nextIn, this.#from, this.#place.get(b), true);
    if (before === null) return 'put-off';
    const place = this.#place;
    const byPlace = (x: number, y: number): number => place.get(x) - place.get(y);
    const nodes = [...before.sort(byPlace), ...after.sort(byPlace)];
    const places = nodes.map((node) => place.get(node)).sort((x, y) => x - y);
    for (let i = 0; i < nodes.length; i++) place.set(nodes[i], places[i]);
    return 'fits';
  }

  /**
   * What can be reached from `start`, itself included, on this side of `bound` in the order. NOTHING when `target` is among it, null
   * when the allowance is used up.
   */
  #reach(
    start: number,
    target: number,
    first: GrowingU32,
    next: GrowingU32,
    other: GrowingU32,
    bound: number,
    backward: boolean,
  ): number[] | null {
    const search = ++this.#search;
    const found = [start];
    this.#foundIn.set(start, search);
    for (let i = 0; i < found.length; i++) {
      for (let pair = first.get(found[i]); pair !== 0; pair = next.get(pair)) {
        if (--this.#allowance < 0) {
          this.#allowance = 0;
          return null;
        }
        const node = other.get(pair);
        if (node === target) return NOTHING as number[];
        const place = this.#place.get(node);
        if (backward ? place < bound : place > bound) continue;
        if (this.#foundIn.get(node) === search) continue;
        this.#foundIn.set(node, search);
        found.push(node);
      }
    }
    return found;
  }

  /** The nodes in an order that fits the first `upTo` pairs, broken groups left aside; those in cycles, or after one, are missing. */
  #sort(upTo: number): Uint32Array {
    const waitsFor = new Uint32Array(this.#end);
    const counts = (pair: number): boolean =>
      pair <= upTo && !this.isBroken(this.#group.get(this.#from.get(pair)));
    for (let pair = 1; pair <= upTo; pair++) if (counts(pair)) waitsFor[this.#to.get(pair)]++;
    const sorted = new Uint32Array(this.#nodes);
    let length = 0;
    for (let node = 0; node < this.#end; node++) {
      if (this.#place.get(node) !== 0 && waitsFor[node] === 0) sorted[length++] = node;
    }
    for (let i = 0; i < length; i++) {
      for (let pair = this.#firstOut.get(sorted[i]); pair !== 0; pair = this.#nextOut.get(pair)) {
        if (counts(pair) && --waitsFor[this.#to.get(pair)] === 0) sorted[length++] = this.#to.get(pair);
      }
    }
    return sorted.subarray(0, length);
  }

  #link(pair: number): void {
    const [from, to] = [this.#from.get(pair), this.#to.get(pair)];
    this.#nextOut.set(pair, this.#firstOut.get(from));
    this.#firstOut.set(from, pair);
    this.#nextIn.set(pair, this.#firstIn.get(to));
    this.#firstIn.set(to, pair);
  }

  #slotOf(a: number, b: number): number {
    let slot = mix32(Math.imul(a, 0x9e3779b1) ^ b) & this.#mask;
    for (;;) {
      const pair = this.#table[slot];
      if (pair === 0 || (this.#from.get(pair) === a && this.#to.get(pair) === b)) return slot;
      slot = (slot + 1) & this.#mask;
    }
  }

  #widen(): void {
    this.#mask = 2 * this.#mask + 1;
    this.#table = new Uint32Array(this.#mask + 1);
    for (let pair = 1; pair <= this.#pairs; pair++) {
      this.#table[this.#slotOf(this.#from.get(pair), this.#to.get(pair))] = pair;
    }
  }
}
