import { columnAt } from '../../base/columns.ts';
import { mix32 } from '../../base/hash.ts';
import { kindOf, TIMER_BIT, WHAT_MASK } from '../../kernel/event-record.ts';
import { HEAP_SIZE, NOW } from '../../kernel/event-state.ts';
import type { World } from '../../kernel/world.ts';
import { CHUNK_WORDS, NOBODY, SLICE } from '../../system/fanout/fan-out.ts';
import { EVENT } from '../../system/kinds.ts';
import { OWN } from '../../system/state/users.ts';
import type { System } from '../../system/system.ts';

/**
 * What the future of a world depends on, as 64 bits: equal worlds have equal keys, and so have worlds that differ in
 * nothing but statistics, in what lies in places that are free, in times that are over, and in how the heap of events happens to lie.
 */
export interface StateKeys {
  /** Reads the world as it is now: then `high` and `low` are its key. The seeds are what else tells states apart. */
  read(highSeed: number, lowSeed: number): void;
  readonly high: number;
  readonly low: number;
  /** Kind of the next event of the heap, or -1 where this cannot be told without handling it. */
  nextKind(): number;
}

/** Columns that no event asks, or that are read below in a form of their own. */
const LEFT_OUT = [
  'counters.',
  'latency.',
  'latencyNow.',
  'ackLatency.',
  'reconnect.',
  'events.',
  'copies.',
  'copyPool.',
  'outgoing.',
  'outgoingPool.',
  'slices.',
  'slicePool.',
  'history.',
  'users.own',
  'users.pair',
  'stations.',
  'links.',
];
/** Of the stations, what faults have done; of the links, which faults act: what they do stays as it was when they were numbered. */
const FAULTS = [
  'stations.state',
  'stations.crashedUs',
  'stations.slowFactor',
  'stations.faultNumber',
  'stations.slowNumber',
  'links.active',
  'links.number',
  'links.counts',
];

export function createStateKeys(system: System): StateKeys {
  const { context } = system;
  const { world, copies, copyPool, outgoing, outgoingPool, history, users, slices, stations, workload } =
    context;
  const arrays = <T>(name: string): T => {
    const place = world.places.get(name);
    if (place === undefined) throw new Error(`defect: the world has no column ${name}`);
    return columnAt(world.buffer, place.column, place.byteOffset) as T;
  };
  const clock = arrays<Float64Array>('events.clock');
  const counts = arrays<Int32Array>('events.counts');
  const heapTime = arrays<Float64Array>('events.heapTime');
  const heapArrival = arrays<Float64Array>('events.heapArrival');
  const heapWords = arrays<Uint32Array>('events.heapWords');
  const timers = arrays<Uint32Array>('events.timers');
  const isHeapOnly = arrays<Uint32Array>('events.windowKeys').length === 0;
  /** Where events do not all lie in the heap, their columns are read as they are. */
  const whole = wholeColumns(world, isHeapOnly);
  const order: number[] = [];

  let a = 0;
  let b = 0;
  const add = (word: number): void => {
    a = Math.imul(a ^ word, 0x85ebca6b);
    a ^= a >>> 15;
    b = Math.imul(b + word, 0xc2b2ae35);
    b ^= b >>> 13;
  };
  const addUs = (us: number): void => {
    add(us | 0);
    add(Math.floor(us / 0x1_0000_0000));
  };

  const addEvents = (): void => {
    const size = counts[HEAP_SIZE]!;
    order.length = 0;
    for (let i = 0; i < size; i++) {
      const isStale =
        (heapWords[3 * i]! & TIMER_BIT) !== 0 && timers[2 * heapWords[3 * i + 1]!] !== heapWords[3 * i + 2];
      if (!isStale) order.push(i);
    }
    order.sort((i, j) => heapTime[i]! - heapTime[j]! || heapArrival[i]! - heapArrival[j]!);
    for (const i of order) {
      const what = heapWords[3 * i]! & WHAT_MASK;
      const first = heapWords[3 * i + 1]!;
      const second = (what & TIMER_BIT) === 0 ? heapWords[3 * i + 2]! : timers[2 * first + 1]!;
      addUs(heapTime[i]!);
      add(what);
      add(first);
      addOperand(kindOf(what), second);
    }
  };

  const addOperand = (kind: number, second: number): void => {
    if (kind === EVENT.NOTIFY && second !== NOBODY && (second & SLICE) !== 0) addSlice(second);
    else add(second);
  };

  const addSlice = (who: number): void => {
    for (let chunk = (who & ~SLICE) + 1; chunk !== 0; chunk = slices[(chunk - 1) * CHUNK_WORDS]!) {
      const base = (chunk - 1) * CHUNK_WORDS;
      for (let i = 1; i <= slices[base + 1]! + 1; i++) add(slices[base + i]!);
    }
  };

  const copyColumns = Object.values(copies);
  const outgoingColumns = Object.values(outgoing);
  const { sender, nth, channel, seq } = history.columns;
  const { workerStart, workers, freeUs } = stations.columns;

  return {
    nextKind: () => {
      if (!isHeapOnly || counts[HEAP_SIZE] === 0) return -1;
      const word = heapWords[0]!;
      if ((word & TIMER_BIT) !== 0 && timers[2 * heapWords[1]!] !== heapWords[2]) return -1;
      return kindOf(word);
    },
    get high() {
      return mix32(a);
    },
    get low() {
      return mix32(b);
    },
    read(highSeed, lowSeed) {
      a = highSeed;
      b = lowSeed;
      const nowUs = clock[NOW]!;
      addUs(nowUs);
      if (isHeapOnly) addEvents();
      for (const words of whole) for (let i = 0; i < words.length; i++) add(words[i]!);
      for (let copy = 0; copy < copyPool.everUsed(); copy++) {
        if (copies.holders[copy] === 0) continue;
        add(copy);
        for (const column of copyColumns) addUs(column[copy]!);
      }
      for (let o = 0; o < outgoingPool.everUsed(); o++) {
        if (outgoing.attempts[o] === 0) continue;
        for (const column of outgoingColumns) addUs(column[o]!);
      }
      for (let row = 0; row < history.rows(); row++) {
        add(sender[row]!);
        add(nth[row]!);
        add(channel[row]!);
        add(seq[row]!);
      }
      for (let user = 0; user < workload.users; user++) {
        add(users.pair[2 * user]!);
        // A connection keeps order after what was sent on it; what has arrived holds nothing up.
        add(Math.max(0, (users.pair[2 * user + 1]! - nowUs) | 0));
        const { own } = users;
        for (let word = 0; word < OWN.UP_LOW; word++) add(own[8 * user + word]!);
        const lastUs = own[8 * user + OWN.UP_HIGH]! * 0x1_0000_0000 + own[8 * user + OWN.UP_LOW]!;
        addUs(Math.max(nowUs, lastUs));
      }
      for (let station = 0; station < stations.count; station++) {
        add(stations.waiting(station));
        for (const { kind, a: first, b: second, c } of stations.waitingJobs(station, Infinity)) {
          add((kind << 13) | c);
          add(first);
          addOperand(kind, second);
        }
        const from = workerStart[station]!;
        // The order of workers is of no account: a sum of their hashes does.
        let busy = 0;
        for (let i = from; i < from + workers[station]!; i++)
          if (freeUs[i]! > nowUs) busy = (busy + mix32(freeUs[i]! | 0)) | 0;
        add(busy);
      }
    },
  };
}

function wholeColumns(world: World, isHeapOnly: boolean): Uint32Array[] {
  const found: Uint32Array[] = [];
  for (const [name, { column, byteOffset }] of world.places) {
    const isRead = LEFT_OUT.some((prefix) => name.startsWith(prefix)) && !FAULTS.includes(name);
    if (column.fixed || (isRead && (isHeapOnly || !name.startsWith('events.')))) continue;
    const bytes = columnAt(world.buffer, column, byteOffset).byteLength;
    // Columns are laid out at multiples of 64 bytes, and what lies between them is zero.
    if (bytes > 0) found.push(new Uint32Array(world.buffer, byteOffset, Math.ceil(bytes / 4)));
  }
  return found;
}
