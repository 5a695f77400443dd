import { type Checker, type CheckerOptions, type Guarantee, unknown } from './checker.ts';
import { type HistoryEvent, KINDS, type Names } from './history.ts';
import { Interner } from './interner.ts';
import { Ledger } from './ledger.ts';
import type { GivenMemberships } from './memberships.ts';
import { GUARANTEES, guaranteeNamed } from './registry.ts';
import type { Touched } from './touched.ts';
import type { Verdict } from './verdict.ts';

export interface JudgeOptions extends CheckerOptions {
  /** The guarantees to judge; all of the registry's when not given. */
  readonly guarantees?: readonly Guarantee[] | undefined;
}

export interface SimulationJudgeOptions extends JudgeOptions {
  /** What the integers stand for; `user-3`, `channel-4`, `m5` when not given. */
  readonly names?: Names | undefined;
  /** Memberships that the simulation has: they need no joins, and no memory here. */
  readonly memberships?: GivenMemberships | undefined;
}

const NUMBERED: Names = {
  user: (user) => `user-${user}`,
  channel: (channel) => `channel-${channel}`,
  message: (message) => `m${message}`,
};

/** Judges a history while it happens, in integers. */
export class Judge {
  readonly #ledger: Ledger;
  readonly #guarantees: readonly Guarantee[];
  readonly #checkers: readonly Checker[];
  /** By kind of event: those who want it. */
  readonly #listeners: readonly (readonly Checker[])[];
  events = 0;

  constructor(options: SimulationJudgeOptions = {}) {
    this.#ledger = new Ledger(options.names ?? NUMBERED, options.memberships ?? null);
    this.#guarantees = options.guarantees ?? GUARANTEES;
    this.#checkers = this.#guarantees.map((guarantee) => guarantee.create(this.#ledger, options));
    this.#listeners = Array.from({ length: KINDS }, (_, kind) =>
      this.#checkers.filter((_, i) => this.#guarantees[i].listens.includes(kind)),
    );
  }

  /**
   * Takes the next event: a kind of `history.ts`, and what it has of message, user, channel (0 otherwise). Each is numbered densely
   * from 0; the time is in whole microseconds and does not go back. No event follows an end. A message is sent by one user to
   * one channel: further sends of it are retries.
   */
  push(kind: number, message: number, user: number, channel: number, timeUs: number): void {
    this.events++;
    this.#ledger.push(kind, message, user, channel, timeUs);
    const listeners = this.#listeners[kind];
    for (let i = 0; i < listeners.length; i++) listeners[i].push(kind, message, user, channel, timeUs);
  }

  /** Of the history so far, in the order of the guarantees. May be asked at any time. */
  verdicts(): Verdict[] {
    return this.#guarantees.map(({ name }) => this.verdictOf(name));
  }

  /** Of one guarantee. Throws RangeError when it is not judged. */
  verdictOf(name: string): Verdict {
    const guarantee = guaranteeNamed(name, this.#guarantees);
    const checker = this.#checkers[this.#guarantees.indexOf(guarantee)];
    const { judged } = checker;
    if (judged === 0) return { name, judged, ...unknown(`not at stake: ${guarantee.notAtStake}`) };
    return { name, judged, ...checker.finding() };
  }

  /**
   * How many messages and users the violations of one guarantee touch; null where its checker looks no further than the first. Throws
   * RangeError when it is not judged.
   */
  touchedBy(name: string): Touched | null {
    const guarantee = guaranteeNamed(name, this.#guarantees);
    return this.#checkers[this.#guarantees.indexOf(guarantee)].touched?.() ?? null;
  }
}

/** Judges a history of plain objects. */
export class HistoryJudge {
  readonly #interner = new Interner();
  readonly #judge: Judge;

  constructor(options: JudgeOptions = {}) {
    this.#judge = new Judge({ ...options, names: this.#interner });
  }

  /** Throws HistoryContradiction when the event contradicts an earlier one; it is not taken then. */
  push(event: HistoryEvent): void {
    const read = this.#interner;
    read.read(event);
    this.#judge.push(read.kind, read.messageNumber, read.userNumber, read.channelNumber, read.timeUs);
  }

  get events(): number {
    return this.#judge.events;
  }

  verdicts(): Verdict[] {
    return this.#judge.verdicts();
  }
}

/** The verdicts on a whole history, in the order of `names` (all guarantees when not given). Throws RangeError, HistoryContradiction. */
export function checkHistory(
  events: Iterable<HistoryEvent>,
  names?: readonly string[],
  options: CheckerOptions = {},
): Verdict[] {
  const guarantees = names?.map((name) => guaranteeNamed(name));
  const judge = new HistoryJudge({ ...options, guarantees });
  for (const event of events) judge.push(event);
  return judge.verdicts();
}
