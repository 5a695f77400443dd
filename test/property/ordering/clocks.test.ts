import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type HybridClocks,
  hybridColumns,
  openHybridClocks,
} from '../../../src/algorithms/ordering/hybrid-logical-clock.ts';
import { inboxColumns, openInboxes } from '../../../src/algorithms/ordering/inbox.ts';
import { lamportColumns, openLamportClocks } from '../../../src/algorithms/ordering/lamport-clock.ts';
import { known, merge, READY as READY_STATE } from '../../../src/algorithms/ordering/vector-clock.ts';
import { standaloneColumns } from '../../../src/base/columns.ts';
import {
  birmanSchiperStephenson,
  EARLY,
  findCausalBreak,
  groupRun,
  MEMBERS,
  READY,
  type Rule,
  runGroup,
  SEEN,
} from './group.ts';

const OPTIONS = { numRuns: 500 };

describe('vector clocks', () => {
  test('show every message once, and never before what caused it', () => {
    fc.assert(
      fc.property(groupRun, (sends) => {
        const run = runGroup(sends, birmanSchiperStephenson);
        expect(findCausalBreak(run)).toBeNull();
        for (let member = 0; member < MEMBERS; member++) {
          expect(run.held[member]).toEqual([]);
          const due = run.messages.flatMap(({ sender }, m) => (sender === member ? [] : [m]));
          expect([...run.shown[member]!].sort((a, b) => a - b)).toEqual(due);
        }
      }),
      OPTIONS,
    );
  });

  /** Planted mistakes: each must be found by the law above. */
  const mistakes: Readonly<Record<string, Rule>> = {
    'looking at the sender alone': (v, m, _n, j) => {
      if (m[j]! <= v[j]!) return SEEN;
      return m[j] === v[j]! + 1 ? READY : EARLY;
    },
    'looking at the others alone': (v, m, n, j) => {
      if (m[j]! <= v[j]!) return SEEN;
      for (let k = 0; k < n; k++) if (k !== j && m[k]! > v[k]!) return EARLY;
      return READY;
    },
    'leaving the last member out': (v, m, n, j) => birmanSchiperStephenson(v, m, n - 1, j),
    'showing as it comes': () => READY,
  };
  test.each(Object.entries(mistakes))('%s breaks causal order, and the law notices', (_name, rule) => {
    const result = fc.check(
      fc.property(groupRun, (sends) => {
        const run = runGroup(sends, rule);
        const due = run.messages.length * (MEMBERS - 1);
        const shown = run.shown.reduce((sum, order) => sum + order.length, 0);
        return findCausalBreak(run) === null && shown === due;
      }),
      { numRuns: 3_000, seed: 1 },
    );
    expect(result.failed).toBe(true);
  });

  test('know a message that was shown before', () => {
    const v = Uint32Array.of(2, 1);
    expect(birmanSchiperStephenson(v, Uint32Array.of(2, 0), 2, 0)).toBe(SEEN);
    expect(birmanSchiperStephenson(v, Uint32Array.of(3, 1), 2, 0)).toBe(READY);
    expect(birmanSchiperStephenson(v, Uint32Array.of(3, 2), 2, 0)).toBe(EARLY);
    expect(birmanSchiperStephenson(v, Uint32Array.of(4, 0), 2, 0)).toBe(EARLY);
  });
});

interface Step {
  readonly process: number;
  /** Receives this earlier message, or sends where there is none. */
  readonly receives: number | null;
  readonly forwardUs: number;
}
const steps = fc.array(
  fc.record({
    process: fc.nat(3),
    receives: fc.option(fc.nat(20), { nil: null }),
    forwardUs: fc.nat(1_000),
  }),
  { maxLength: 30 },
);
const offsets = fc.array(fc.integer({ min: -50_000, max: 50_000 }), { minLength: 4, maxLength: 4 });

/** Stamps of messages, and for each the messages that happened before it. */
function stampsOf<S>(
  run: readonly Step[],
  send: (p: number, us: number) => S,
  receive: (p: number, us: number, s: S) => void,
) {
  const sent: { stamp: S; before: ReadonlySet<number> }[] = [];
  const past = Array.from({ length: 4 }, () => new Set<number>());
  let nowUs = 1_000_000;
  for (const { process, receives, forwardUs } of run) {
    nowUs += forwardUs;
    const message = receives === null ? undefined : sent[receives];
    if (message !== undefined) {
      receive(process, nowUs, message.stamp);
      for (const one of message.before) past[process]!.add(one);
      past[process]!.add(receives!);
    } else {
      sent.push({ stamp: send(process, nowUs), before: new Set(past[process]!) });
      past[process]!.add(sent.length - 1);
    }
  }
  return sent;
}

const growsAlongCauses = <S>(sent: ReturnType<typeof stampsOf<S>>, less: (a: S, b: S) => boolean): boolean =>
  sent.every(({ stamp, before }) => [...before].every((b) => less(sent[b]!.stamp, stamp)));

describe('lamport clocks', () => {
  const runWith = (run: readonly Step[], forgetsToReceive: boolean) => {
    const clocks = openLamportClocks(standaloneColumns(lamportColumns(4)));
    return stampsOf(
      run,
      (p) => clocks.send(p),
      (p, _us, time) => {
        if (!forgetsToReceive) clocks.receive(p, time);
      },
    );
  };
  test('give a later time to whatever happened after', () => {
    fc.assert(
      fc.property(steps, (run) => growsAlongCauses(runWith(run, false), (a, b) => a < b)),
      OPTIONS,
    );
  });
  test('do not when a receive is forgotten, and the law notices', () => {
    const result = fc.check(
      fc.property(steps, (run) => growsAlongCauses(runWith(run, true), (a, b) => a < b)),
      { numRuns: 1_000, seed: 1 },
    );
    expect(result.failed).toBe(true);
  });
});

describe('hybrid logical clocks', () => {
  type Stamp = readonly [l: number, c: number];
  const less = ([l, c]: Stamp, [m, d]: Stamp): boolean => l < m || (l === m && c < d);
  const runWith = (run: readonly Step[], skew: readonly number[]) => {
    const clocks = openHybridClocks(standaloneColumns(hybridColumns(4)));
    return stampsOf<Stamp>(
      run,
      (p, us) => {
        clocks.send(p, us + skew[p]!);
        return [clocks.l(p), clocks.c(p)];
      },
      (p, us, [l, c]) => clocks.receive(p, us + skew[p]!, l, c),
    );
  };
  test('give a later stamp to whatever happened after, however far the clocks are apart', () => {
    fc.assert(
      fc.property(steps, offsets, (run, skew) => growsAlongCauses(runWith(run, skew), less)),
      OPTIONS,
    );
  });
  test('stay at or below the fastest clock', () => {
    fc.assert(
      fc.property(steps, offsets, (run, skew) => {
        const endUs = 1_000_000 + run.reduce((sum, { forwardUs }) => sum + forwardUs, 0);
        for (const { stamp } of runWith(run, skew))
          expect(stamp[0]).toBeLessThanOrEqual(endUs + Math.max(...skew));
      }),
      OPTIONS,
    );
  });
  test('are what keeps causes in order: bare clocks with the same skew do not', () => {
    const result = fc.check(
      fc.property(steps, offsets, (run, skew) => {
        const sent = stampsOf<Stamp>(
          run,
          (p, us) => [us + skew[p]!, 0],
          () => {},
        );
        return growsAlongCauses(sent, (a, b) => !less(b, a));
      }),
      { numRuns: 1_000, seed: 1 },
    );
    expect(result.failed).toBe(true);
  });
});

describe('inboxes of a sequencer', () => {
  test('show every receiver its part of the one order, however what was numbered arrives', () => {
    const message = fc.array(fc.boolean(), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(
        fc.array(message, { maxLength: 12 }),
        fc.array(fc.nat(1_000), { maxLength: 40 }),
        (to, order) => {
          const inboxes = openInboxes(standaloneColumns(inboxColumns(3)));
          const underWay: { receiver: number; number: number; message: number }[] = [];
          to.forEach((receivers, m) => {
            receivers.forEach((isDue, receiver) => {
              if (isDue) underWay.push({ receiver, number: inboxes.give(receiver), message: m });
            });
          });
          const shown: number[][] = [[], [], []];
          const held: (typeof underWay)[] = [[], [], []];
          for (let i = 0; underWay.length > 0; i++) {
            const [one] = underWay.splice((order[i] ?? i) % underWay.length, 1);
            held[one!.receiver]!.push(one!);
            for (;;) {
              const next = held[one!.receiver]!.findIndex(
                ({ receiver, number }) => inboxes.standing(receiver, number) === READY_STATE,
              );
              if (next < 0) break;
              const [ready] = held[one!.receiver]!.splice(next, 1);
              inboxes.show(ready!.receiver, ready!.number);
              shown[ready!.receiver]!.push(ready!.message);
            }
          }
          shown.forEach((order, receiver) => {
            expect(order).toEqual(to.flatMap((receivers, m) => (receivers[receiver] === true ? [m] : [])));
          });
        },
      ),
      OPTIONS,
    );
  });
});

describe('the rules of the paper', () => {
  test('for hybrid clocks: a receiver takes the latest time, and counts on from whoever has it', () => {
    const at = (l: number, c: number): HybridClocks => {
      const opened = standaloneColumns(hybridColumns(1));
      opened.l[0] = l;
      opened.c[0] = c;
      return openHybridClocks(opened);
    };
    const received = (mine: [number, number], physicalUs: number, of: [number, number]) => {
      const clocks = at(...mine);
      clocks.receive(0, physicalUs, ...of);
      return [clocks.l(0), clocks.c(0)];
    };
    // Kulkarni et al. 2014, figure 5: l' = max(l, l.m, pt); c' by which of them it is.
    expect(received([10, 3], 5, [10, 7])).toEqual([10, 8]);
    expect(received([10, 7], 5, [10, 3])).toEqual([10, 8]);
    expect(received([10, 3], 5, [9, 7])).toEqual([10, 4]);
    expect(received([9, 7], 5, [10, 3])).toEqual([10, 4]);
    expect(received([9, 7], 11, [10, 3])).toEqual([11, 0]);
    const sender = at(10, 3);
    sender.send(0, 10);
    expect([sender.l(0), sender.c(0)]).toEqual([10, 4]);
    sender.send(0, 12);
    expect([sender.l(0), sender.c(0)]).toEqual([12, 0]);
  });

  test('for an inbox: what was shown is seen, the next is ready, what comes later is early, and nothing goes back', () => {
    const inboxes = openInboxes(standaloneColumns(inboxColumns(2)));
    expect([inboxes.give(1), inboxes.give(1), inboxes.given(1), inboxes.given(0)]).toEqual([1, 2, 2, 0]);
    inboxes.show(1, 5);
    inboxes.show(1, 3);
    expect([inboxes.shown(1), inboxes.shown(0)]).toEqual([5, 0]);
    const standings = [4, 5, 6, 7].map((number) => inboxes.standing(1, number));
    expect(standings).toEqual([SEEN, SEEN, READY_STATE, EARLY]);
  });

  test('for a vector: it knows of as many members as have a number', () => {
    expect(known(Uint32Array.of(9, 0, 4, 7, 0, 5), 1, 3)).toBe(2);
    expect(known(Uint32Array.of(9, 0, 4), 1, 1)).toBe(0);
    expect(known(Uint32Array.of(0, 0, 0, 7, 4, 5), 3, 3)).toBe(3);
  });

  test('for a vector: what a message knew is taken over, and the next clock is left alone', () => {
    const v = Uint32Array.of(1, 6, 3);
    merge(v, 0, Uint32Array.of(5, 2, 9), 0, 2);
    expect([...v]).toEqual([5, 6, 3]);
  });
});
