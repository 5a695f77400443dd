import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ACK,
  DELIVER,
  END_QUIESCENT,
  FIELDS,
  type HistoryEvent,
  JOIN,
  namedEvent,
  SEND,
} from '../../../src/guarantees/history.ts';
import { Interner } from '../../../src/guarantees/interner.ts';
import { checkHistory, Judge } from '../../../src/guarantees/judge.ts';
import type { GivenMemberships } from '../../../src/guarantees/memberships.ts';
import { GUARANTEES } from '../../../src/guarantees/registry.ts';
import { GUARANTEE_NAMES } from '../../../src/scenario/guarantee-names.ts';
import { largerHistory, shapes } from '../../property/guarantees/larger-histories.ts';
import { story } from './story.ts';

test('the registry has the guarantees that a scenario can name, each with its promise, needs and count in words', () => {
  expect(GUARANTEES.map(({ name }) => name)).toEqual([...GUARANTEE_NAMES]);
  for (const { promise, needs, counts, listens } of GUARANTEES) {
    expect(promise).toMatch(/^[A-Z].*\.$/);
    expect(needs).toMatch(/^[a-z].*[a-z]$/);
    expect(counts).toMatch(/^[a-z]/);
    expect(new Set(listens).size).toBe(listens.length);
  }
});

test('every event comes back from its integers as it was', () => {
  const events = story(
    'bob joins c1; alice sends m1 to c1; m1 persisted; m1 acked to alice; bob sees m1 in c1; m2 refused to alice; m3 given up by alice; bob leaves c1; m1 lost; alice accepted; alice online; alice offline; bob sees alice online; bob sees alice offline; end',
  );
  expect(new Set(events.map((e) => e.type))).toEqual(new Set(Object.keys(FIELDS)));
  const read = new Interner();
  for (const event of [...events.slice(0, -1), { ...events.at(-1)!, quiescent: false } as HistoryEvent]) {
    read.read(event);
    const { kind, messageNumber, userNumber, channelNumber, timeUs } = read;
    expect(namedEvent(kind, messageNumber, userNumber, channelNumber, timeUs, read)).toEqual(event);
  }
});

describe('a judge beside a simulation', () => {
  test('names users, channels and messages by their numbers when it is given no names', () => {
    const judge = new Judge();
    judge.push(DELIVER, 5, 3, 4, 1000);
    expect(judge.verdictOf('no-phantoms').witness).toMatchObject({
      text: 'User-3 was shown m5 in #channel-4 at 1 ms. Nobody had sent it before.',
      events: [{ type: 'deliver', message: 'm5', user: 'user-3', channel: 'channel-4', time: 1 }],
    });
    expect(judge.events).toBe(1);
  });

  test('is asked about one guarantee by name', () => {
    const judge = new Judge({ guarantees: GUARANTEES.slice(0, 2) });
    expect(judge.verdictOf('per-channel-order').verdict).toBe('unknown');
    expect(() => judge.verdictOf('no-loss')).toThrow(
      'no guarantee "no-loss"; there are per-sender-fifo, per-channel-order',
    );
    expect(judge.verdicts().map(({ name }) => name)).toEqual(['per-sender-fifo', 'per-channel-order']);
  });

  test('with memberships given says the same as with joins in the history', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const events = largerHistory({ ...shape, unacked: 10 });
        const users = shape.users;
        // All users have a slot in all channels; those whose join at time 0 is left out are members at the start.
        const isJoin = (e: HistoryEvent): boolean => e.type === 'join' && e.time === 0;
        const number = (name: string): number => Number(name.slice(1));
        const members = new Set(
          events
            .filter(isJoin)
            .map((e) => ('channel' in e && 'user' in e ? number(e.channel) * users + number(e.user) : -1)),
        );
        const memberships: GivenMemberships = {
          slots: users * shape.channels,
          channels: shape.channels,
          slotOf: (user, channel) => channel * users + user,
          channelOf: (slot) => Math.floor(slot / users),
          userOf: (slot) => slot % users,
          startOf: (channel) => channel * users,
          memberAtStart: (slot) => members.has(slot),
        };
        const names = {
          user: (n: number) => `u${n}`,
          channel: (n: number) => `c${n}`,
          message: (n: number) => `m${n}`,
        };
        const judge = new Judge({ names, memberships });
        const read = new Interner();
        for (const event of events) {
          if (isJoin(event)) continue;
          read.read(event);
          const [user, channel, message] = ['user', 'channel', 'message'].map((field) =>
            number((event as unknown as Record<string, string>)[field] ?? 'x0'),
          );
          judge.push(read.kind, message!, user!, channel!, read.timeUs);
        }
        const withJoins = checkHistory(events);
        const say = (verdicts: typeof withJoins) =>
          verdicts.map((v) => [v.name, v.verdict, v.violations, v.sinceUs]);
        expect(say(judge.verdicts())).toEqual(say(withJoins));
      }),
      { numRuns: 40 },
    );
  });

  test('finds what a given member was not shown', () => {
    const memberships: GivenMemberships = {
      slots: 2,
      channels: 1,
      slotOf: (user, channel) => (channel === 0 && user < 2 ? user : -1),
      channelOf: () => 0,
      userOf: (slot) => slot,
      startOf: (channel) => 2 * channel,
      memberAtStart: () => true,
    };
    const judge = new Judge({ memberships });
    judge.push(JOIN, 0, 2, 0, 1000);
    judge.push(SEND, 0, 0, 0, 2000);
    judge.push(ACK, 0, 0, 0, 3000);
    judge.push(DELIVER, 0, 2, 0, 4000);
    expect(judge.verdictOf('no-loss').verdict).toBe('unknown');
    judge.push(END_QUIESCENT, 0, 0, 0, 5000);
    expect(judge.verdictOf('no-loss')).toMatchObject({ verdict: 'violated', violations: 1 });
    expect(judge.verdictOf('no-loss').witness!.events[0]).toEqual({
      type: 'join',
      user: 'user-1',
      channel: 'channel-0',
      time: 0,
    });
  });
});
