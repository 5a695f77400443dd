import { expect } from 'vitest';
import { mix32 } from '../../../src/base/hash.ts';
import type * as EventListModule from '../../../src/kernel/event-list.ts';
import type { EventHandler, EventList, EventListSizes, EventReader } from '../../../src/kernel/event-list.ts';
import type { EventVisitor } from '../../../src/kernel/event-visitor.ts';
import { createWorld, hashWorld, restoreSnapshot, takeSnapshot } from '../../../src/kernel/world.ts';

/**
 * What an event list should do, as plainly as it can be said: one sorted array of objects. And a driver that makes the same random
 * moves on a real list and on the plain one, and compares all that can be seen.
 */

interface Pending {
  readonly timeUs: number;
  readonly sequence: number;
  readonly timer: number;
  readonly row: readonly [kind: number, a: number, b: number, c: number];
}

class PlainEventList implements EventList {
  private events: Pending[] = [];
  private sequence = 0;
  private clockUs = 0;

  private add(timeUs: number, timer: number, row: Pending['row']): void {
    // Latest first, so that the next one is taken from the end.
    let low = 0;
    let high = this.events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.events[middle]!.timeUs > timeUs) low = middle + 1;
      else high = middle;
    }
    this.events.splice(low, 0, { timeUs, sequence: this.sequence++, timer, row });
  }

  schedule(timeUs: number, kind: number, a: number, b: number, c: number): void {
    this.add(timeUs, -1, [kind, a, b, c]);
  }

  arm(timer: number, timeUs: number, kind: number, b: number, c: number): void {
    this.cancel(timer);
    this.add(timeUs, timer, [kind, timer, b, c]);
  }

  cancel(timer: number): void {
    const i = this.events.findIndex((e) => e.timer === timer);
    if (i >= 0) this.events.splice(i, 1);
  }

  isArmed(timer: number): boolean {
    return this.events.some((e) => e.timer === timer);
  }

  run(limitUs: number, maxEvents: number, handle: EventHandler): number {
    let handled = 0;
    for (let stopped = false; handled < maxEvents && !stopped; handled++) {
      if (this.events.length === 0 || this.nextTimeUs() > limitUs) break;
      const next = this.events.pop()!;
      this.clockUs = next.timeUs;
      stopped = handle(next.timeUs, ...next.row);
    }
    if (limitUs < Infinity && this.nextTimeUs() > limitUs) this.clockUs = Math.max(this.clockUs, limitUs);
    return handled;
  }

  nowUs = (): number => this.clockUs;
  pending = (): number => this.events.length;
  room = (): number => Number.POSITIVE_INFINITY;
  visit(visitor: EventVisitor): void {
    for (const { row } of this.events) visitor(...row);
  }

  nextTimeUs = (): number => this.events.at(-1)?.timeUs ?? Infinity;
}

const MS = 1_000;
const S = 1_000_000;
const H = 3_600 * S;

/** Kinds of delay that a program mixes. */
export const DELAYS: Record<string, (r: number) => number> = {
  now: () => 0,
  tick: () => 1,
  micro: (r) => r % 64,
  bucket: (r) => r % 4096,
  edge: (r) => 4096 * (1 + (r % 9)) - (r % 2),
  short: (r) => r % (50 * MS),
  think: (r) => r % (4 * S),
  heartbeat: () => 25 * S,
  horizon: (r) => 33 * S + (r % (2 * S)),
  minute: (r) => 60 * S + (r % (60 * S)),
  hours: (r) => (r % 5) * H + (r % 3),
  day: (r) => 24 * H + (r % 1000) * S,
  season: (r) => 24 * H * (r % 300),
  decade: (r) => 24 * H * 3650 + r,
};

export interface Program {
  readonly seed: number;
  /** Names of DELAYS. */
  readonly delays: readonly string[];
  /** Events scheduled at the beginning of each round. */
  readonly burst: number;
  readonly rounds: number;
  /** Average number of further events that one event schedules, in hundredths. */
  readonly childrenPercent: number;
  readonly timers: number;
  readonly maxPending: number;
}

/** A whole number of microseconds cannot say more. */
const later = (nowUs: number, delayUs: number): number => Math.min(nowUs + delayUs, Number.MAX_SAFE_INTEGER);

/** What one handled event does to the list: a function of the event and the program only. */
function reaction(list: EventList, program: Program, log: number[]): EventHandler {
  const delayOf = (r: number): number => {
    const name = program.delays[r % program.delays.length]!;
    return DELAYS[name]!(mix32(r));
  };
  return (timeUs, kind, a, b, c) => {
    log.push(timeUs, kind, a, b, c);
    const r = mix32(b ^ program.seed);
    if (r % 100 < program.childrenPercent % 100) {
      list.schedule(later(timeUs, delayOf(r >>> 8)), r % 64, r, mix32(r + 1), r % 8192);
    }
    for (let i = 0; i < Math.floor(program.childrenPercent / 100); i++) {
      const s = mix32(r + 10 + i);
      list.schedule(later(timeUs, delayOf(s >>> 8)), s % 64, s, mix32(s + 1), s % 8192);
    }
    if (program.timers > 0) {
      const s = mix32(r + 3);
      const timer = s % program.timers;
      if (s % 3 === 0) list.cancel(timer);
      else if (s % 3 === 1) list.arm(timer, later(timeUs, delayOf(s >>> 9)), s % 64, mix32(s), s % 8192);
    }
    return r % 997 === 0;
  };
}

export type OpenEventList = Pick<typeof EventListModule, 'eventListColumns' | 'openEventList'>;

function openReal(of: OpenEventList, sizes: EventListSizes) {
  const group = of.eventListColumns(sizes);
  const world = createWorld([group]);
  return { group, world, list: of.openEventList(world, group) };
}

/** All that waits, in an order of its own. */
function visited(list: EventList): string[] {
  const rows: string[] = [];
  list.visit((...row) => rows.push(row.join(' ')));
  return rows.sort();
}

/**
 * Runs a program on the real list and on the plain one and compares: every event, the clock, the next time, what is armed. On the way
 * it takes snapshots, runs on, restores and forks; the rest must be the same as if it had not.
 */
export function compare(of: OpenEventList, program: Program): void {
  const { group, world, list } = openReal(of, program);
  const plain = new PlainEventList();
  const log: number[] = [];
  const plainLog: number[] = [];
  const react = reaction(list, program, log);
  const plainReact = reaction(plain, program, plainLog);
  for (let round = 0; round < program.rounds; round++) {
    for (let i = 0; i < program.burst; i++) {
      const r = mix32(program.seed + round * 7919 + i * 104729);
      const timeUs = later(plain.nowUs(), DELAYS[program.delays[r % program.delays.length]!]!(mix32(r)));
      list.schedule(timeUs, r % 64, r, mix32(r + 5), r % 8192);
      plain.schedule(timeUs, r % 64, r, mix32(r + 5), r % 8192);
    }
    const r = mix32(program.seed * 31 + round);
    if (r % 7 === 0) {
      const before = hashWorld(world);
      const snapshot = takeSnapshot(world);
      const there = list.run(Infinity, 500, reaction(list, program, []));
      restoreSnapshot(world, snapshot);
      expect(hashWorld(world), 'restored').toBe(before);
      const fork = createWorld([group]);
      restoreSnapshot(fork, takeSnapshot(world));
      const forked = of.openEventList(fork, group);
      expect(hashWorld(fork), 'forked').toBe(before);
      expect(forked.run(Infinity, 500, reaction(forked, program, [])), 'events of the fork').toBe(there);
      expect(hashWorld(world), 'untouched by the fork').toBe(before);
    }
    const horizon = DELAYS[program.delays[r % program.delays.length]!]!(mix32(r));
    const limitUs = r % 5 === 0 ? Infinity : later(plain.nowUs(), horizon);
    const most = r % 3 === 0 ? 1 + (r % 50) : 2 * program.burst;
    expect(list.nextTimeUs(), 'next time before').toBe(plain.nextTimeUs());
    if (round % 4 === 0) expect(visited(list), 'what waits').toEqual(visited(plain));
    // A handler stops the run now and then: it is taken up again.
    for (let left = most; left > 0; ) {
      const handled = list.run(limitUs, left, react);
      const plainHandled = plain.run(limitUs, left, plainReact);
      compareLogs(log, plainLog);
      expect(handled, 'events handled').toBe(plainHandled);
      expect(list.nowUs(), 'clock').toBe(plain.nowUs());
      expect(list.nextTimeUs(), 'next time').toBe(plain.nextTimeUs());
      log.length = 0;
      plainLog.length = 0;
      left -= handled;
      if (handled === 0) break;
    }
    expect(list.pending(), 'pending').toBeGreaterThanOrEqual(plain.pending());
    if (program.timers > 0) expect(list.isArmed(r % program.timers)).toBe(plain.isArmed(r % program.timers));
  }
}

function compareLogs(log: readonly number[], plain: readonly number[]): void {
  for (let i = 0; i < plain.length; i += 5) {
    for (let j = i; j < i + 5; j++) {
      if (log[j] !== plain[j]) {
        expect(log.slice(i, i + 5), `event ${i / 5}: time, kind, a, b, c`).toEqual(plain.slice(i, i + 5));
      }
    }
  }
  expect(log.length / 5, 'number of events').toBe(plain.length / 5);
}

/** Runs a program to the end of its rounds in one call of `run` a round, or in many small ones; returns the hash of the world. */
export function hashAfter(
  of: OpenEventList,
  program: Program,
  sliced: boolean,
  readAhead?: EventReader,
): string {
  const { world, list } = openReal(of, program);
  const react = reaction(list, program, []);
  const go: EventHandler = (...row) => {
    react(...row);
    return false;
  };
  for (let round = 0; round < program.rounds; round++) {
    for (let i = 0; i < program.burst; i++) {
      const r = mix32(program.seed + round * 7919 + i * 104729);
      const timeUs = later(list.nowUs(), DELAYS[program.delays[r % program.delays.length]!]!(mix32(r)));
      list.schedule(timeUs, r % 64, r, mix32(r + 5), r % 8192);
    }
    const limitUs = later(
      list.nowUs(),
      DELAYS[program.delays[round % program.delays.length]!]!(mix32(round)),
    );
    if (sliced) {
      for (let k = 0; list.nextTimeUs() <= limitUs; k++) {
        const r = mix32(program.seed + k);
        if (r % 3 === 0) list.run(limitUs, 1 + (r % 100), react);
        else list.run(Math.min(limitUs, list.nowUs() + (r % 5000)), r % 2 === 0 ? Infinity : r % 40, react);
        if (r % 11 === 0 && list.nextTimeUs() <= limitUs) list.run(list.nextTimeUs() - 1, Infinity, react);
      }
    }
    list.run(limitUs, Infinity, go, readAhead);
  }
  return hashWorld(world);
}
