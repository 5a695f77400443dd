import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HistoryEvent } from '../../../src/guarantees/history.ts';
import { checkHistory, HistoryJudge } from '../../../src/guarantees/judge.ts';
import { GUARANTEES } from '../../../src/guarantees/registry.ts';
import type { Verdict } from '../../../src/guarantees/verdict.ts';
import { depth, histories, LIMITS } from './histories.ts';
import { ORACLE, STAKES } from './oracle.ts';

const names = GUARANTEES.map((guarantee) => guarantee.name);

/** What a verdict says, as the oracle says it. */
function countOf({ verdict, violations }: Verdict): number | string {
  if ((verdict === 'violated') !== violations > 0) return `${verdict}, yet ${violations} violations`;
  return verdict === 'unknown' ? 'unknown' : violations;
}

const oracleOf = (name: string, events: readonly HistoryEvent[]): string => {
  const judged = STAKES[name]!(events);
  const count = ORACLE[name]!(events, LIMITS.limit, LIMITS.windowUs / 1000);
  // What is not at stake cannot be broken.
  if (judged === 0) expect(count, name).toSatisfy((n) => n === 0 || n === 'unknown');
  return `${judged === 0 ? 'unknown' : count} of ${judged}`;
};

/** What the checkers say, and what the oracle says, as equal texts. */
const said = (verdicts: readonly Verdict[]): string =>
  verdicts.map((v) => `${v.name} ${countOf(v)} of ${v.judged}`).join(', ');
const foretold = (events: readonly HistoryEvent[]): string =>
  names.map((name) => `${name} ${oracleOf(name, events)}`).join(', ');

describe('every checker', () => {
  test('agrees with the brute-force oracle on random histories, and on how often the promise is broken', () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(histories, (events) => {
        const verdicts = checkHistory(events, names, LIMITS);
        expect(said(verdicts)).toBe(foretold(events));
        for (const { name, verdict } of verdicts) {
          seen.set(`${name} ${verdict}`, (seen.get(`${name} ${verdict}`) ?? 0) + 1);
        }
      }),
      { numRuns: depth(6000) },
    );
    // Otherwise the agreement would mean little.
    for (const name of names) {
      expect(seen.get(`${name} holds`), name).toBeGreaterThan(50);
      // It takes five events in one order.
      expect(seen.get(`${name} violated`), name).toBeGreaterThan(name === 'joined-only' ? 10 : 50);
    }
    for (const name of ['no-loss', 'presence-converges', 'answered'])
      expect(seen.get(`${name} unknown`), name).toBeGreaterThan(50);
  });

  test('says the same of every beginning of a history as the oracle, and never takes back that it is violated', () => {
    fc.assert(
      fc.property(histories, (events) => {
        const judge = new HistoryJudge(LIMITS);
        const broken = new Map<string, Verdict>();
        events.forEach((event, i) => {
          judge.push(event);
          const verdicts = judge.verdicts();
          expect(`${i}: ${said(verdicts)}`).toBe(`${i}: ${foretold(events.slice(0, i + 1))}`);
          for (const verdict of verdicts) takesNothingBack(verdict, broken, event.time);
        });
        // Asking at every step has changed nothing.
        expect(judge.verdicts()).toEqual(checkHistory(events, names, LIMITS));
      }),
      { numRuns: depth(100) },
    );
  });

  test('gives the same verdict by itself as beside the others', () => {
    fc.assert(
      fc.property(histories, (events) => {
        const together = checkHistory(events, names, LIMITS);
        expect(names.map((name) => checkHistory(events, [name], LIMITS)[0])).toEqual(together);
      }),
      { numRuns: depth(100) },
    );
  });

  test('of orders gives the same verdict however many searches are put off', () => {
    fc.assert(
      fc.property(histories, fc.nat({ max: 3 }), (events, searchSteps) => {
        const orders = ['per-channel-order', 'global-order'];
        expect(checkHistory(events, orders, { searchSteps })).toEqual(checkHistory(events, orders));
      }),
      { numRuns: depth(1000) },
    );
  });
});

function takesNothingBack(verdict: Verdict, broken: Map<string, Verdict>, timeMs: number): void {
  const first = broken.get(verdict.name);
  if (first !== undefined) {
    expect({ ...verdict, violations: 0, judged: 0 }).toEqual({ ...first, violations: 0, judged: 0 });
    expect(verdict.judged).toBeGreaterThanOrEqual(first.judged);
    expect(verdict.violations).toBeGreaterThanOrEqual(first.violations);
  } else if (verdict.verdict === 'violated') {
    expect(verdict.sinceUs, verdict.name).toBe(Math.round(timeMs * 1000));
    broken.set(verdict.name, verdict);
  }
}
