import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HistoryEvent } from '../../../src/guarantees/history.ts';
import { checkHistory } from '../../../src/guarantees/judge.ts';
import { GUARANTEES } from '../../../src/guarantees/registry.ts';
import type { Verdict, Witness } from '../../../src/guarantees/verdict.ts';
import { depth, histories, LIMITS } from './histories.ts';
import { causes, rowsOf, sentShowings, showings, someOrderFits } from './oracle.ts';

const names = GUARANTEES.map(({ name }) => name);
const verdictOn = (name: string, events: readonly HistoryEvent[]): Verdict['verdict'] =>
  checkHistory(events, [name], LIMITS)[0]!.verdict;

const text = (event: HistoryEvent): string => JSON.stringify(event);

/** Those of `few` that are not among `all`, each as often as it is. */
function strangers(few: readonly HistoryEvent[], all: readonly HistoryEvent[]): string[] {
  const left = all.map(text);
  return few.map(text).filter((one) => {
    const at = left.indexOf(one);
    if (at !== -1) left.splice(at, 1);
    return at === -1;
  });
}

/** The witnesses of the broken guarantees, with the history up to the moment when each broke. */
const broken = (
  events: readonly HistoryEvent[],
): { name: string; witness: Witness; until: HistoryEvent[] }[] =>
  checkHistory(events, names, LIMITS).flatMap(({ name, witness }) => {
    if (witness === null) return [];
    let end = 0;
    while (verdictOn(name, events.slice(0, end)) !== 'violated') end++;
    return [{ name, witness, until: events.slice(0, end) }];
  });

describe('a witness', () => {
  test('consists of events of the history, breaks the promise by itself, and does not without any one of its events', () => {
    fc.assert(
      fc.property(histories, (events) => {
        for (const { name, witness } of checkHistory(events, names, LIMITS)) {
          if (witness === null) continue;
          const small = witness.events;
          expect(strangers([...small, ...witness.context], events), name).toEqual([]);
          expect(verdictOn(name, small), `${name}: ${witness.text}`).toBe('violated');
          small.forEach((_, i) => {
            const less = [...small.slice(0, i), ...small.slice(i + 1)];
            expect(verdictOn(name, less), `${name} without ${text(small[i]!)}`).not.toBe('violated');
          });
        }
      }),
      { numRuns: depth(300) },
    );
  });

  test('is complete at the moment when the promise broke: nothing that came later is in it', () => {
    fc.assert(
      fc.property(histories, (events) => {
        for (const { name, witness, until } of broken(events)) {
          expect(strangers(witness.events, until), name).toEqual([]);
        }
      }),
      { numRuns: depth(100) },
    );
  });

  test('says what it shows in two sentences that name its users', () => {
    fc.assert(
      fc.property(histories, (events) => {
        for (const { name, witness } of checkHistory(events, names, LIMITS)) {
          if (witness === null) continue;
          expect(witness.text, name).toMatch(/^[A-Z][^.]*(\.\d[^.]*)*\. [A-Z][^.]*(\.\d[^.]*)*\.$/);
          // Who was shown a message is only the proof that it was accepted.
          if (name === 'rate-bound') continue;
          const said = witness.text.toLowerCase();
          const users = witness.events.flatMap((e) =>
            e.type === 'deliver' || e.type === 'presence' ? [e.user] : [],
          );
          expect(
            users.filter((user) => !said.includes(user)),
            `${name}: ${witness.text}`,
          ).toEqual([]);
        }
      }),
      { numRuns: depth(300) },
    );
  });

  test('of an order has as few messages as can show that no order fits', () => {
    fc.assert(
      fc.property(histories, (events) => {
        for (const { name, witness, until } of broken(events)) {
          if (name !== 'per-channel-order' && name !== 'global-order') continue;
          const shown = showings(until).filter(
            (s) => name === 'global-order' || witness.channels.includes(s.channel),
          );
          expect(witness.messages.length, name).toBe(fewestWithoutOrder(rowsOf(shown)));
        }
      }),
      { numRuns: depth(300) },
    );
  });

  test('of the causal order has the shortest chain of causes', () => {
    fc.assert(
      fc.property(histories, (events) => {
        for (const { name, witness, until } of broken(events)) {
          if (name === 'causal-order') expect(witness.messages.length).toBe(shortestBrokenChain(until));
        }
      }),
      { numRuns: depth(300) },
    );
  });
});

/** The size of the smallest set of messages for which no order fits the rows. */
function fewestWithoutOrder(rows: readonly (readonly string[])[]): number {
  const messages = [...new Set(rows.flat())];
  const sets = Array.from({ length: 1 << messages.length }, (_, bits) =>
    messages.filter((_, i) => bits & (1 << i)),
  );
  const bad = sets.filter((set) => !someOrderFits(rows.map((row) => row.filter((m) => set.includes(m)))));
  return Math.min(...bad.map((set) => set.length));
}

/** Messages of the shortest chain from one that a user was shown to one that the same user was shown before it. */
function shortestBrokenChain(events: readonly HistoryEvent[]): number {
  const shown = sentShowings(events);
  const direct = causes(events, 'direct');
  let fewest = Number.POSITIVE_INFINITY;
  for (const late of shown) {
    const early = shown.filter((s) => s.user === late.user && s.at < late.at).map((s) => s.message);
    let reached = [late.message];
    for (let length = 2; length <= 7; length++) {
      reached = [
        ...new Set(
          reached.flatMap((m) =>
            [...direct].filter((pair) => pair.startsWith(`${m} `)).map((pair) => pair.split(' ')[1]!),
          ),
        ),
      ];
      if (reached.some((m) => early.includes(m))) fewest = Math.min(fewest, length);
    }
  }
  return fewest;
}
