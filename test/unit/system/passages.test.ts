import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createRun, type Run } from '../../../src/run/run.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';
import { readHands, writeHands } from '../../../src/scenario/text/hand-text.ts';
import type { HandAction } from '../../../src/scenario/types.ts';
import type { Action } from '../../../src/system/faults/actions.ts';
import { type TraceRow, USER_NODE } from '../../../src/trace/trace.ts';

const text = readFileSync('scenarios/out-of-order.yaml', 'utf8');
const scenario = parseScenario(text, 'out-of-order.yaml');
const END = Number.POSITIVE_INFINITY;
/** Alice, user 0, is at server 1, which tells server 2, where Bob is, user 1. */
const [SERVER_1, SERVER_2, ALICE, BOB] = [1, 2, USER_NODE, USER_NODE + 1];

function ended(hand: readonly HandAction[], untilUs = END): Run {
  const run = createRun(scenario, { hand, snapshotBytes: 1e7 });
  run.advance(untilUs, END);
  return run;
}
const rowsOf = (run: Run): TraceRow[] => {
  const { tracer } = run.system.context.watching;
  return Array.from({ length: tracer.length }, (_, id) => tracer.row(id));
};
const way = (run: Run, from: number, to: number, nth: number): TraceRow[] =>
  rowsOf(run).filter(
    (row) =>
      row.kind === 'forward' && row.sender === 0 && row.node === from && row.peer === to && row.nth === nth,
  );
/** Of Alice's messages. */
const shownTo = (run: Run, node: number): number[] =>
  rowsOf(run).flatMap((row) =>
    row.kind === 'deliver' && row.node === node && row.sender === 0 ? [row.nth] : [],
  );
const verdict = (run: Run, name: string): string | undefined =>
  run.judge.final(run.nowUs).find((one) => one.name === name)?.verdict;

const choose = (
  atUs: number,
  nth: number,
  from: number,
  to: number,
  fate: 'lost' | 'twice' | 'takes',
  takesUs = 0,
): HandAction => ({ atUs, action: { do: 'choose', sender: 0, nth, from, to, fate, takesUs } });

describe('a choice about one passage of a message', () => {
  const found = ended([]);
  const [first] = way(found, SERVER_1, SERVER_2, 1);
  const before = first!.timeUs - 1;

  test('earlier and later: the passage takes so long, whatever the link would have done, and the promise holds or breaks with it', () => {
    // The third messages of both are so near to each other that clients alone may exchange them.
    const beforeThirdUs = 800_000;
    expect(verdict(ended([], beforeThirdUs), 'per-channel-order')).toBe('violated');
    expect(first!.dueUs - first!.departUs).toBeGreaterThan(60_000);
    const quick = [1, 2].map((nth) => choose(before, nth, SERVER_1, SERVER_2, 'takes', 3_000));
    const mended = ended(quick, beforeThirdUs);
    const [chosen] = way(mended, SERVER_1, SERVER_2, 1);
    expect(chosen!.dueUs - chosen!.departUs).toBe(3_000);
    expect(shownTo(mended, BOB)).toEqual([1, 2]);
    expect(verdict(mended, 'per-channel-order')).toBe('holds');
    // One connection: the second and the third wait behind the first.
    const late = ended([choose(before, 1, SERVER_1, SERVER_2, 'takes', 900_000)]);
    expect([1, 2, 3].map((nth) => way(late, SERVER_1, SERVER_2, nth)[0]!.dueUs - first!.departUs)).toEqual([
      900_000, 900_000, 900_000,
    ]);
    expect(shownTo(late, BOB)).toEqual([1, 2, 3]);
  });

  test('lost: nobody behind that link is shown it; twice: it comes twice', () => {
    expect(shownTo(ended([choose(before, 1, SERVER_1, SERVER_2, 'lost')]), BOB)).not.toContain(1);
    const twice = ended([choose(before, 2, SERVER_2, BOB, 'twice')]);
    expect(shownTo(twice, BOB).filter((nth) => nth === 2).length).toBe(2);
    expect(verdict(twice, 'no-duplicates')).toBe('violated');
  });

  test('a connection keeps order, so what comes down it is never before what was sent earlier', () => {
    const late = ended([choose(before, 2, SERVER_2, BOB, 'takes', 2_000_000)]);
    const held = way(late, SERVER_2, BOB, 2)[0]!;
    expect(held.dueUs - held.departUs).toBe(2_000_000);
    const behind = rowsOf(late).filter(
      (row) => row.kind === 'forward' && row.peer === BOB && row.timeUs > held.timeUs,
    );
    expect(behind.every(({ dueUs }) => dueUs >= held.dueUs)).toBe(true);
  });

  test('is used up by the passage that it is about, and changes no other before it', () => {
    const run = ended([choose(before, 1, SERVER_1, SERVER_2, 'lost')]);
    expect(run.system.context.passages.waiting()).toBe(0);
    const upTo = (of: Run): string =>
      JSON.stringify(rowsOf(of).filter(({ timeUs }) => timeUs < first!.timeUs));
    expect(upTo(run)).toBe(upTo(found));
    expect(ended([choose(before, 9, SERVER_1, SERVER_2, 'lost')]).traceHash()).toBe(found.traceHash());
  });

  test('a cut link is stronger, and the choice waits for a passage that is one', () => {
    const cut: Action = {
      do: 'link',
      from: [SERVER_1],
      to: [SERVER_2],
      fault: { cut: true, loss: 0, duplicate: 0, reorder: 0, delayUs: 0 },
      forUs: null,
    };
    const run = ended([
      { atUs: before - 10, action: cut },
      choose(before, 1, SERVER_1, SERVER_2, 'takes', 5),
    ]);
    expect(shownTo(run, BOB)).toEqual([]);
    expect(run.system.context.passages.waiting()).toBe(1);
  });

  test('by hand, from a link, by a script and after a rewind it is the same run, byte for byte', () => {
    const deed = choose(before, 1, SERVER_1, SERVER_2, 'takes', 3_000);
    const wanted = ended([deed]);
    const [read] = readHands(writeHands([deed]));
    expect(read).toEqual(deed);
    const byHand = createRun(scenario, { snapshotBytes: 1e7 });
    byHand.advance(END, END);
    byHand.rewindTo(before);
    byHand.advance(before, END);
    byHand.act(deed.action);
    byHand.advance(END, END);
    expect([byHand.worldHash(), byHand.traceHash()]).toEqual([wanted.worldHash(), wanted.traceHash()]);
    byHand.rewindTo(before + 50_000);
    byHand.advance(END, END);
    expect([byHand.worldHash(), byHand.traceHash()]).toEqual([wanted.worldHash(), wanted.traceHash()]);
  });

  test('undone, the run is as if it had never been chosen; what was done later is done all the same', () => {
    const later: HandAction = {
      atUs: 700_000,
      action: { do: 'slow', node: 0, factor: 3, forUs: null },
    };
    const run = ended([choose(before, 1, SERVER_1, SERVER_2, 'lost'), later]);
    run.undo(0);
    expect(run.nowUs).toBeLessThan(before);
    run.advance(END, END);
    const wanted = ended([later]);
    expect([run.hand.length, run.worldHash(), run.traceHash()]).toEqual([
      1,
      wanted.worldHash(),
      wanted.traceHash(),
    ]);
    expect(() => run.undo(1)).toThrow('nothing number 2');
  });

  test.each([
    [{ nth: 0 }, /numbered from 1/],
    [{ sender: 99 }, /no user number 99/],
    [{ from: 99 }, /no station 99/],
    [{ takesUs: -1 }, /no span of time/],
    [{ fate: 'twice', to: ALICE }, /answer to the sender/],
  ] as const)('%j makes no sense and says so', (wrong, message) => {
    const run = createRun(scenario, { snapshotBytes: 1e7 });
    const action = { ...choose(0, 1, SERVER_1, SERVER_2, 'lost').action, ...wrong } as Action;
    expect(() => run.act(action)).toThrow(message);
  });
});

describe('a choice in a script', () => {
  const withStep = (step: string) =>
    parseScenario(text.replace('script:\n', `script:\n  - { at: 50ms, choose: ${step} }\n`), 'test.yaml');

  test.each([
    ['{ message: alice/1, from: ws-server-1, to: ws-server-2 }', /say one thing that becomes of it/],
    ['{ message: alice/1, from: ws-servers, to: bob, takes: 1ms }', /name one station or one user/],
    ['{ message: alice/1, from: bob, to: bob, takes: 1ms }', /both ends are the same/],
    ['{ message: alice/1, from: gateway-1, to: alice, arrives: twice }', /answer to the sender comes once/],
    ['{ message: eve/1, from: ws-server-1, to: ws-server-2, arrives: never }', /eve/],
  ])('%s is refused', (step, problem) => {
    expect(() => withStep(step)).toThrow(problem);
  });

  test('does what it says', () => {
    const run = createRun(
      withStep('{ message: alice/1, from: ws-server-1, to: ws-server-2, arrives: never }'),
    );
    run.advance(END, END);
    const dropped = rowsOf(run).filter(({ kind }) => kind === 'drop');
    expect(dropped).toMatchObject([{ sender: 0, nth: 1, reason: 'link-loss', peer: SERVER_1 }]);
  });
});
