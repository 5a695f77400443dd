import fc from 'fast-check';
import { below } from '../base/below.ts';
import { mix32 } from '../base/hash.ts';
import { type Attempt, attempt } from './attempt.ts';
import { placesOf } from './places.ts';
import type { Reach } from './reach.ts';
import type { SmallFault, SmallScenario } from './small-scenario.ts';

/**
 * Scenarios that are guided by what they reach: one that goes through something new is kept, and others are made of it (coverage-guided fuzzing, as
 * in AFL; M. Zalewski, 2013). Of those drawn at random each has a random part of the kinds of fault only (A. Groce and others, "Swarm testing", 2012).
 * The same seed tries the same scenarios.
 */
export interface GuidedHunt {
  /** The first that `fails`, or null. */
  readonly found: SmallScenario | null;
  readonly runs: number;
  /** Scenarios that reached something new, in the order in which they did. */
  readonly kept: readonly SmallScenario[];
}

export interface GuidedOptions {
  readonly numRuns: number;
  readonly seed: number;
  readonly reach: Reach;
  /** Tried first: what hunts have found before. */
  readonly corpus?: readonly SmallScenario[];
}

/** So many of a hundred scenarios are drawn anew. */
const NEW_PERCENT = 40;
const AT_A_TIME = 1_000;
const MOST_FAULTS = 6;
const MOST_MESSAGES = 12;

/** A kept scenario, and when something happened in its run: just before and just after is where a fault does most. */
interface Kept {
  readonly small: SmallScenario;
  readonly timesMs: readonly number[];
}

export function huntGuided(
  among: fc.Arbitrary<SmallScenario>,
  fails: (tried: Attempt, small: SmallScenario) => boolean,
  { numRuns, seed, reach, corpus = [] }: GuidedOptions,
): GuidedHunt {
  const draw = drawing(seed);
  const kept: Kept[] = [];
  let fresh: SmallScenario[] = [];
  let chunks = 0;
  const drawn = (): SmallScenario => {
    if (fresh.length === 0)
      fresh = fc.sample(among, { numRuns: AT_A_TIME, seed: (mix32(seed) + chunks++) | 0 });
    return fresh.pop()!;
  };
  for (let runs = 0; runs < numRuns; runs++) {
    const isNew = kept.length === 0 || draw(100) < NEW_PERCENT;
    const small =
      corpus[runs] ?? (isNew ? swarm(drawn(), draw) : mutant(kept[draw(kept.length)]!, drawn, draw));
    const before = reach.size;
    const tried = attempt(small, reach);
    if (fails(tried, small)) return { found: small, runs: runs + 1, kept: kept.map((one) => one.small) };
    if (reach.size > before) kept.push({ small, timesMs: timesOf(tried) });
  }
  return { found: null, runs: numRuns, kept: kept.map(({ small }) => small) };
}

type Draw = (count: number) => number;

function drawing(seed: number): Draw {
  let nth = 0;
  return (count) => below(mix32(mix32(seed ^ 0x5bd1e995) + Math.imul(++nth, 0x9e3779b1)), count);
}

/** The milliseconds in which messages left or reached something, each once. */
function timesOf({ run }: Attempt): readonly number[] {
  const times = run.system.context.watching.tracer.rows().map(({ timeUs }) => Math.floor(timeUs / 1_000));
  return [...new Set(times)];
}

const kindOf = (fault: SmallFault): string =>
  'station' in fault ? `${fault.do} ${fault.station}` : fault.do;

/** Leaves out about half of the kinds of fault that a scenario has, all of each. */
function swarm(small: SmallScenario, draw: Draw): SmallScenario {
  const without = new Set([...new Set(small.faults.map(kindOf))].filter(() => draw(6) === 0));
  return { ...small, faults: small.faults.filter((fault) => !without.has(kindOf(fault))) };
}

/** A scenario with one to three changes. */
function mutant(from: Kept, drawn: () => SmallScenario, draw: Draw): SmallScenario {
  let { small } = from;
  for (let changes = 1 + draw(5); changes > 0; changes--) small = changed(small, from.timesMs, drawn, draw);
  return small;
}

function changed(
  small: SmallScenario,
  timesMs: readonly number[],
  drawn: () => SmallScenario,
  draw: Draw,
): SmallScenario {
  const { faults, messages, choices } = small;
  const { timeOuts, longestMs } = placesOf(small.design);
  /** Just before or just after something that happened. */
  const whenMs = (): number => Math.max(0, (timesMs[draw(timesMs.length)] ?? 0) + draw(2));
  const withFault = (at: number, fault: SmallFault): SmallScenario => ({
    ...small,
    faults: faults.map((one, i) => (i === at ? fault : one)),
  });
  const at = draw(Math.max(1, faults.length));
  const fault = faults[at];
  switch (draw(7)) {
    case 0: {
      const other = drawn().faults.find((one) => isWithin(one, small));
      if (other === undefined || faults.length >= MOST_FAULTS) return small;
      return { ...small, faults: [...faults, { ...other, atMs: whenMs() }] };
    }
    case 1:
      return fault === undefined ? small : withFault(at, { ...fault, atMs: whenMs() });
    case 2: {
      const timeOut = timeOuts[draw(timeOuts.length)];
      if (fault === undefined || timeOut === undefined || !('forMs' in fault)) return small;
      const forMs = Math.ceil(timeOut.ms) + draw(3) - 1;
      return withFault(at, { ...fault, forMs: Math.min(longestMs, Math.max(1, forMs)) });
    }
    case 3: {
      // Once more, when it is hardly over.
      if (fault === undefined || !('forMs' in fault) || faults.length >= MOST_FAULTS) return small;
      return { ...small, faults: [...faults, { ...fault, atMs: fault.atMs + fault.forMs + 1 + draw(20) }] };
    }
    case 4: {
      if (messages.length >= MOST_MESSAGES) return { ...small, messages: messages.slice(0, -1) };
      const message = { atMs: whenMs(), from: draw(small.users), to: draw(small.channels) };
      return { ...small, messages: [...messages, message] };
    }
    case 5:
      return messages.length < 2 ? small : { ...small, messages: messages.filter((_, i) => i !== at) };
    default: {
      const place = draw(choices.length + 1);
      const wild = draw(2) === 0 ? 0 : draw(0xffff_ffff);
      return { ...small, choices: choices.map((choice, i) => (i === place ? wild : choice)) };
    }
  }
}

/** Whether the users and the channel of a fault are there. */
const isWithin = (fault: SmallFault, { users, channels }: SmallScenario): boolean =>
  (!('user' in fault) || fault.user < users) && (!('channel' in fault) || fault.channel < channels);
