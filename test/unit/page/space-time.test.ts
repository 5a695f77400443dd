import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRun } from '../../../src/run/run.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';
import type { TraceRow } from '../../../src/trace/trace.ts';
import {
  type ChannelHistory,
  channelHistory,
  type Member,
} from '../../../src/views/space-time/channel-history.ts';
import { chooseChannel } from '../../../src/views/space-time/choose-channel.ts';
import { countWords } from '../../../src/views/space-time/describe.ts';
import { disagreements } from '../../../src/views/space-time/disagreements.ts';
import { MOST_MEMBERS, missingBefore, spaceTimeLayout } from '../../../src/views/space-time/layout.ts';
import { nextDot } from '../../../src/views/space-time/next-dot.ts';

const text = (ordering: string): string => `
scenario: order
title: T
summary: S
teaches: [x]
seed: 6
duration: 6s
design:
  gateway: { count: 2, balancing: round-robin }
  servers: { count: 3 }
  pubsub: { kind: none }
  ordering: ${ordering}
  network: { clients: [{ name: far, share: 1, latency: 20ms }], internal: { min: 300us, max: 6ms } }
  rateLimit: none
workload:
  users: [alice, bob, carol, dan, erin, frank]
  channels: { named: { general: [alice, bob, carol, dan, erin, frank] } }
  messages: { perUserPerMinute: 0 }
  churnPerSecond: 0
script:
  - { at: 1s, send: { from: alice, to: general } }
  - { at: 1s, send: { from: bob, to: general } }
  - { at: 1.0002s, send: { from: carol, to: general } }
  - { at: 1.0005s, send: { from: dan, to: general } }
  - { at: 1.3s, send: { from: dan, to: general } }
  - { at: 1.3005s, send: { from: bob, to: general } }
`;

function ran(ordering: string): { rows: TraceRow[]; history: ChannelHistory; promised: string } {
  const run = createRun(parseScenario(text(ordering), 'order.yaml'));
  run.advance(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  const rows = run.system.context.watching.tracer.rows();
  const verdict = run.judge.final(run.nowUs).find(({ name }) => name === 'per-channel-order')!;
  const history = channelHistory(rows, 0, 12, new Set());
  return { rows, history, promised: verdict.verdict };
}

const ROOM = { width: 700, height: 420 };

describe('the space-time picture', () => {
  it('marks a crossing exactly where the promise of one order is broken', () => {
    for (const [ordering, verdict] of [
      ['best-effort', 'violated'],
      ['per-channel', 'holds'],
    ] as const) {
      const { history, promised } = ran(ordering);
      const layout = spaceTimeLayout(history, ROOM);
      expect(promised).toBe(verdict);
      expect(layout.disagreements.length > 0).toBe(verdict === 'violated');
      expect(layout.crossings.length > 0).toBe(verdict === 'violated');
    }
  });

  it('with a reorder buffer shows who waits for what, and until when', () => {
    const { history } = ran('per-channel');
    const layout = spaceTimeLayout(history, ROOM);
    expect(layout.waits.length).toBeGreaterThan(4);
    for (const wait of layout.waits) expect(wait.toX).toBeGreaterThan(wait.fromX);
    const [member, event] = history.members.flatMap((one) =>
      one.events.filter(({ kind }) => kind === 'waits').map((e) => [one, e] as const),
    )[0]!;
    const waitsFor = missingBefore(member, event, history.messages);
    // What it waited for was shown to this member before it, and not yet when it came.
    const shown = member.shown.map((index) => history.messages[index]!.short);
    const [first] = waitsFor.split(/, | and /);
    expect(shown.indexOf(first!)).toBeLessThan(shown.indexOf(history.messages[event.message]!.short));
    expect(countWords(history)).toMatch(/^\d+ waited in a reorder buffer$/);
  });

  it('puts no two dots of one member on each other', () => {
    const layout = spaceTimeLayout(ran('per-channel').history, ROOM);
    const places = layout.dots.map(({ x, y }) => `${Math.round(x)} ${Math.round(y)}`);
    expect(new Set(places).size).toBe(places.length);
  });

  it('draws up to twenty members, first those who disagree, and counts the others', () => {
    const member = (node: number, shown: number[]): Member => ({
      node,
      shown,
      events: shown.map((message, i) => ({
        kind: 'shown',
        message,
        timeUs: 100 * node + 10 * i,
        untilUs: null,
        rowId: 10 * node + i,
      })),
    });
    const message = (index: number) => ({
      index,
      short: `m${index + 1}`,
      sender: 9,
      nth: index + 1,
      sentUs: 0,
      seq: 0,
    });
    const members = Array.from({ length: 50 }, (_, i) => member(i, i === 47 ? [1, 0] : [0, 1]));
    const layout = spaceTimeLayout(
      { channel: 0, messages: [message(0), message(1)], messagesLeftOut: 0, members },
      ROOM,
    );
    expect(layout.rows).toHaveLength(MOST_MEMBERS);
    expect(layout.membersLeftOut).toBe(30);
    expect(layout.rows.map(({ node }) => node)).toContain(47);
    expect(layout.crossings.length).toBeGreaterThan(0);
  });

  it('arrow keys go along a member, and to the same message at the next', () => {
    const layout = spaceTimeLayout(ran('best-effort').history, ROOM);
    const dot = layout.dots.find(({ kind }) => kind === 'shown')!;
    const below = nextDot(layout, dot.rowId, 'ArrowDown');
    const there = layout.dots.find(({ rowId }) => rowId === below)!;
    expect(there.y).toBeGreaterThan(dot.y);
    const right = nextDot(layout, dot.rowId, 'ArrowRight');
    expect(nextDot(layout, right!, 'ArrowLeft')).toBe(dot.rowId);
    expect(nextDot(layout, null, 'ArrowRight')).toBe(layout.dots[0]!.rowId);
    expect(nextDot(layout, dot.rowId, 'a')).toBeUndefined();
  });

  it('draws the channel that is selected, or of what is selected, else the one that tells most', () => {
    const { rows } = ran('best-effort');
    expect(chooseChannel(rows, null, null)).toBe(0);
    expect(chooseChannel(rows, { kind: 'channel', channel: 3 }, null)).toBe(3);
    expect(chooseChannel(rows, { kind: 'message', sender: 1, nth: 2 }, null)).toBe(0);
    expect(chooseChannel(rows, { kind: 'user', user: 5 }, null)).toBe(0);
    expect(chooseChannel([], null, null)).toBe(-1);
  });

  it('draws the messages around those that are wanted', () => {
    const { rows } = ran('best-effort');
    const history = channelHistory(rows, 0, 2, new Set(['0/1']));
    expect(history.messages.map(({ sender, nth }) => `${sender}/${nth}`)).toContain('0/1');
    expect(history.messagesLeftOut).toBe(4);
  });
});

describe('a disagreement', () => {
  const orders = fc.array(fc.shuffledSubarray([0, 1, 2, 3, 4]), { maxLength: 6 });

  it('is found for exactly the pairs of messages that were shown in both orders', () => {
    fc.assert(
      fc.property(orders, (all) => {
        const members = all.map((shown, node): Member => ({ node, shown, events: [] }));
        const found = new Set(disagreements(members, 5).map(({ earlier, later }) => `${earlier} ${later}`));
        for (let a = 0; a < 5; a++)
          for (let b = a + 1; b < 5; b++) {
            const both = all.filter((shown) => shown.includes(a) && shown.includes(b));
            const signs = new Set(both.map((shown) => shown.indexOf(a) < shown.indexOf(b)));
            expect(found.has(`${a} ${b}`)).toBe(signs.size === 2);
          }
      }),
    );
  });

  it('is a crossing between two neighbours, when all were shown everything', () => {
    const whole = fc.array(fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }), {
      minLength: 2,
      maxLength: 5,
    });
    fc.assert(
      fc.property(whole, (all) => {
        const members = all.map(
          (shown, node): Member => ({
            node,
            shown,
            events: shown.map((message, i) => ({
              kind: 'shown',
              message,
              timeUs: 1_000 * i + node,
              untilUs: null,
              rowId: 10 * node + i,
            })),
          }),
        );
        const messages = [0, 1, 2, 3].map((index) => ({
          index,
          short: `m${index + 1}`,
          sender: 9,
          nth: index + 1,
          sentUs: 0,
          seq: 0,
        }));
        const layout = spaceTimeLayout({ channel: 0, messages, messagesLeftOut: 0, members }, ROOM);
        const crossed = new Set(layout.crossings.map(({ earlier, later }) => `${earlier} ${later}`));
        expect(crossed).toEqual(
          new Set(layout.disagreements.map(({ earlier, later }) => `${earlier} ${later}`)),
        );
        for (const { y, above, below } of layout.crossings) {
          const yOf = (node: number) => layout.rows.find((row) => row.node === node)!.y;
          expect(y).toBeGreaterThanOrEqual(yOf(above));
          expect(y).toBeLessThanOrEqual(yOf(below));
        }
      }),
    );
  });
});
