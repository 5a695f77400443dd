import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HistoryEvent } from '../../../src/guarantees/history.ts';
import { checkHistory } from '../../../src/guarantees/judge.ts';
import type { Verdict } from '../../../src/guarantees/verdict.ts';
import { depth } from './histories.ts';
import { largerHistory, type Shape, shapes } from './larger-histories.ts';
import { ORACLE, rowsOf, sentShowings, showings } from './oracle.ts';

type Send = Extract<HistoryEvent, { type: 'send' }>;

/** Whether some order fits the rows: takes away, again and again, what nobody was shown anything before. */
function someOrderFits(rows: readonly (readonly string[])[]): boolean {
  let left = rows.map((row) => [...row]);
  for (;;) {
    const preceded = new Set(left.flatMap((row) => row.slice(1)));
    const free = new Set(left.flat().filter((m) => !preceded.has(m)));
    if (free.size === 0) return left.every((row) => row.length === 0);
    left = left.map((row) => row.filter((m) => !free.has(m)));
  }
}

/** Whether somebody was shown an effect before its cause: the causes of each message, added up send by send. */
function effectBeforeCause(events: readonly HistoryEvent[]): boolean {
  const shown = sentShowings(events);
  const past = new Map<string, Set<string>>();
  events.forEach((event, at) => {
    if (event.type !== 'send' || past.has(event.message)) return;
    const { user, message } = event;
    const sent = events.slice(0, at).filter((e): e is Send => e.type === 'send' && e.user === user);
    const seen = shown.filter((s) => s.user === user && s.at < at);
    const direct = [...sent, ...seen].map((one) => one.message);
    past.set(message, new Set(direct.flatMap((m) => [m, ...past.get(m)!])));
  });
  return shown.some((late) =>
    shown.some(
      (early) => early.user === late.user && early.at < late.at && past.get(early.message)!.has(late.message),
    ),
  );
}

const NAMES = [
  'per-sender-fifo',
  'per-channel-order',
  'causal-order',
  'global-order',
  'no-loss',
  'no-duplicates',
  'no-phantoms',
  'authorised-only',
  'acked-is-durable',
];

function expected(name: string, events: readonly HistoryEvent[]): number | 'unknown' {
  const shown = showings(events);
  switch (name) {
    case 'per-channel-order': {
      const channels = [...new Set(shown.map((s) => s.channel))];
      return channels.filter((c) => !someOrderFits(rowsOf(shown.filter((s) => s.channel === c)))).length;
    }
    case 'global-order':
      return someOrderFits(rowsOf(shown)) ? 0 : 1;
    case 'causal-order':
      return effectBeforeCause(events) ? 1 : 0;
    default:
      return ORACLE[name]!(events, 0, 0);
  }
}

/** The first of a broken order only: its history up to then is found by halving. */
function brokenFrom(name: string, events: readonly HistoryEvent[], options: object): number {
  let [low, high] = [0, events.length];
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (checkHistory(events.slice(0, middle), [name], options)[0]!.verdict === 'violated') high = middle;
    else low = middle;
  }
  return high;
}

const said = (verdicts: readonly Verdict[]): (readonly [string, number | string])[] =>
  verdicts.map((v) => [v.name, v.verdict === 'unknown' && v.judged > 0 ? 'unknown' : v.violations]);

describe('on histories of hundreds of events every checker', () => {
  test('agrees with a plain oracle', () => {
    const violated = new Map<string, number>();
    fc.assert(
      fc.property(shapes, (shape: Shape) => {
        const events = largerHistory(shape);
        const verdicts = checkHistory(events, NAMES);
        expect(said(verdicts)).toEqual(NAMES.map((name) => [name, expected(name, events)]));
        for (const { name, verdict } of verdicts) {
          if (verdict === 'violated') violated.set(name, (violated.get(name) ?? 0) + 1);
        }
      }),
      { numRuns: depth(80) },
    );
    for (const name of NAMES.slice(0, 5)) expect(violated.get(name) ?? 0, name).toBeGreaterThan(3);
  });

  test('counts a showing that was in order when the index of its pair was made', () => {
    // Found by a random run of the test above; the showing that made the index was forgotten in it.
    const shape: Shape = {
      ...{ seed: 20, users: 5, channels: 1, messages: 126, senders: 4, delay: [1, 70], late: [50, 100] },
      ...{ lost: 0, twice: 0, unacked: 0, churn: 0 },
    };
    const events = largerHistory(shape);
    expect(checkHistory(events, ['per-sender-fifo'])[0]!.violations).toBe(
      expected('per-sender-fifo', events),
    );
  });

  test('of orders finds the same first violation with searches put off as without', () => {
    fc.assert(
      fc.property(shapes, fc.nat({ max: 2 }), (shape: Shape, searchSteps) => {
        const events = largerHistory(shape);
        for (const name of ['per-channel-order', 'global-order']) {
          const [at, once] = checkHistory(events, [name], { searchSteps: 1000 });
          const [later] = checkHistory(events, [name], { searchSteps });
          expect(once).toBeUndefined();
          expect(later).toEqual(at);
          if (at!.verdict !== 'violated') continue;
          const end = brokenFrom(name, events, { searchSteps });
          expect(Math.round(events[end - 1]!.time * 1000)).toBe(at!.sinceUs);
          expect(checkHistory(events.slice(0, end), [name])[0]!.witness).toEqual(at!.witness);
        }
      }),
      { numRuns: depth(40) },
    );
  });
});
