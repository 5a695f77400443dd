import fc from 'fast-check';
import { describe, test } from 'vitest';
import { createRun, type HandAction } from '../../../src/run/run.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';
import type { Action, Request } from '../../../src/worker/protocol.ts';
import { ASKS, SMALL, TestPage } from '../../unit/worker/page.ts';

/**
 * Whatever a page does to a run, and whatever it looks at, the same actions at the same times give the same bytes as a run without a page.
 */

const FAST = Number.POSITIVE_INFINITY;
const stations = fc.integer({ min: 0, max: 8 });
const users = fc.integer({ min: 0, max: 39 });
const span = fc.option(fc.integer({ min: 1, max: 3_000_000 }));

const actions: fc.Arbitrary<Action> = fc.oneof(
  fc.record({ do: fc.constant('crash' as const), node: stations, forUs: span }),
  fc.record({ do: fc.constant('restart' as const), node: stations }),
  fc.record({
    do: fc.constant('slow' as const),
    node: stations,
    factor: fc.constantFrom(0.5, 5),
    forUs: span,
  }),
  fc.record({
    do: fc.constant('block' as const),
    node: stations,
    forUs: fc.integer({ min: 1, max: 500_000 }),
  }),
  fc.record({
    do: fc.constant('send' as const),
    user: users,
    channel: fc.integer({ min: 0, max: 13 }),
    bytes: fc.constant(100),
  }),
  fc.record({ do: fc.constant('disconnect' as const), user: users, forUs: span }),
  fc.record({ do: fc.constant('connect' as const), user: users }),
  fc.record({
    do: fc.constant('link' as const),
    from: fc.tuple(stations),
    to: fc.tuple(stations),
    fault: fc.constant({ cut: true, loss: 0, duplicate: 0, reorder: 0, delayUs: 0 }),
    forUs: span,
  }),
);

type Command = Exclude<Request, { type: 'open' | 'frame' }> | 'look' | 'turns';

const commands = (durationUs: number): fc.Arbitrary<Command> =>
  fc.oneof(
    fc.constant<Command>('turns'),
    fc.constant<Command>('look'),
    fc.record({ type: fc.constant('play' as const), virtualUsPerSecond: fc.constantFrom(1e5, 1e7, FAST) }),
    fc.constant<Command>({ type: 'pause' }),
    fc.record({
      type: fc.constant('step' as const),
      by: fc.constantFrom('event' as const, 'message' as const),
    }),
    fc.record({ type: fc.constant('goTo' as const), timeUs: fc.integer({ min: 0, max: durationUs - 1 }) }),
    fc.record({ type: fc.constant('act' as const), action: actions }),
    fc.record({ type: fc.constant('answer' as const), step: fc.constant(1) }),
    fc.record({
      type: fc.constant('watch' as const),
      watch: fc.record({
        messages: fc.constant([]),
        users: fc.array(users, { maxLength: 2 }),
        channels: fc.array(fc.integer({ min: 0, max: 13 }), { maxLength: 2 }),
        oneIn: fc.constantFrom(0, 3),
      }),
    }),
  );

/** What is known of a run at its end. */
const ending = (page: TestPage) => {
  page.send({ type: 'goTo', timeUs: 1e12 });
  page.work();
  const { state, events, rowsFrom, rows } = page.frame();
  return { state, events, rows: rowsFrom + rows.length, hash: page.worldHash() };
};

/** The actions that are part of the path that the page went, as it was told of them. */
function handOf(page: TestPage): HandAction[] {
  const hand: HandAction[] = [];
  for (const { atUs, action } of page.of('acted')) {
    // An action forgets those that were later on the way that was left.
    while (hand.length > 0 && hand[hand.length - 1]!.atUs > atUs) hand.pop();
    hand.push({ atUs, action });
  }
  return hand;
}

function obey(page: TestPage, command: Command): void {
  if (command === 'turns') for (let i = 0; i < 5; i++) page.turn();
  else if (command === 'look') page.frame({ selection: { kind: 'station', node: 3 }, seats: [0, 1] });
  else page.send(command);
}

describe('the engine', () => {
  test.each([
    ['forty people', SMALL, 8_000_000],
    ['a question and a pause', ASKS, 4_000_000],
  ])('of %s comes to the same end whatever the page has done on the way', (_, text, durationUs) => {
    fc.assert(
      fc.property(fc.array(commands(durationUs), { maxLength: 14 }), (list) => {
        const page = new TestPage(0.7);
        page.open(text);
        for (const command of list) obey(page, command);
        page.work();
        const found = ending(page);
        const plain = createRun(parseScenario(text, 'test.yaml'), { hand: handOf(page) });
        plain.advance(durationUs, FAST);
        const { tracer } = plain.system.context.watching;
        const expected = {
          state: 'ended',
          events: plain.events,
          rows: tracer.length,
          hash: plain.worldHash(),
        };
        if (JSON.stringify(found) !== JSON.stringify(expected))
          throw new Error(`${JSON.stringify(found)}\nis not\n${JSON.stringify(expected)}`);
      }),
      { numRuns: 12 },
    );
  });

  test.each([
    ['forty people', SMALL, 8_000_000],
    ['a question and a pause', ASKS, 4_000_000],
  ])(
    'of %s stands where an address can bring anybody, wherever the page has brought it',
    (_, text, durationUs) => {
      fc.assert(
        fc.property(fc.array(commands(durationUs), { maxLength: 10 }), (list) => {
          const page = new TestPage(0.7);
          page.open(text);
          for (const command of list) obey(page, command);
          page.send({ type: 'pause' });
          page.work();
          const { timeUs, state } = page.frame();
          if (state === 'failed') return;
          const linked = new TestPage();
          linked.open(text, { atUs: timeUs, hand: handOf(page) });
          linked.work();
          const there = linked.frame();
          const found = { timeUs: there.timeUs, hash: linked.worldHash() };
          const expected = { timeUs, hash: page.worldHash() };
          if (JSON.stringify(found) !== JSON.stringify(expected))
            throw new Error(`${JSON.stringify(found)}\nis not\n${JSON.stringify(expected)}`);
        }),
        { numRuns: 20 },
      );
    },
  );
});
