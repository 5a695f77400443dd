import type { z } from 'zod';
import type { SizeDistribution } from '../../system/design/design.ts';
import * as limits from '../bounds.ts';
import { count, duration, name, number, oneOf, share, yesOrNo } from './scalars.ts';
import { forms, list, map, oneOrMore, record } from './shapes.ts';

/** The keys of `workload:`. */

const NAME_PATTERN = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}_.-]{0,39}$/u;
const NAME_RIGHT = `write up to ${limits.MAX_NAME_LENGTH} letters, digits, -, _ or ., beginning with a letter or digit`;

export const userNameOf = (description: string) => name(description, NAME_PATTERN, NAME_RIGHT);
export const channelNameOf = (description: string) => name(description, NAME_PATTERN, NAME_RIGHT);

const userNames = list('Names of the first users.', userNameOf('Name of a user.'), limits.MAX_NAMED, 1);
const userCount = count('How many users there are.', { min: 1, max: limits.MAX_USERS });

const members = (description: string) => count(description, { min: 2, max: limits.MAX_USERS });

const size = forms(
  'Members of a group.',
  [
    members('Every group has so many members.').transform(
      (n): SizeDistribution => ({ kind: 'constant', size: n }),
    ),
    map('Sizes by the law of Zipf: a few groups are very large, most are small.', {
      zipf: map('Zipf: size k has a probability proportional to k to the power -exponent.', {
        exponent: number('The larger, the rarer are large groups.', { min: 0.05, max: 10 }),
        min: members('The smallest group; 2 when it is left out.').optional(),
        max: members('The largest group.'),
      }),
    }).transform(
      ({ zipf }): SizeDistribution => ({
        kind: 'zipf',
        exponent: zipf.exponent,
        min: zipf.min ?? 2,
        max: zipf.max,
      }),
    ),
    map('Every size from min to max is equally likely.', {
      min: members('The smallest group.'),
      max: members('The largest group.'),
    }).transform(({ min, max }): SizeDistribution => ({ kind: 'uniform', min, max })),
  ],
  '20, { min: 3, max: 32 } or { zipf: { exponent: 1.2, max: 5000 } }',
);

const group = map('A kind of group channel; the members are drawn.', {
  count: count('How many groups of this kind there are; left out, it follows from membershipsPerUser.', {
    min: 1,
    max: limits.MAX_CHANNELS,
  }).optional(),
  size: size.optional(),
});

const channels = map('The channels; each kind that is left out has none.', {
  named: record(
    'Channels with a name and named members, as in `general: [alice, bob]`.',
    channelNameOf('Name of a channel.'),
    list('Names of the members.', userNameOf('Name of a user.'), limits.MAX_NAMED, 1),
  ).optional(),
  everyone: channelNameOf('Name of a channel that every user is in.').optional(),
  private: count('Channels of two users, drawn.', { max: limits.MAX_CHANNELS }).optional(),
  groups: oneOrMore('Group channels: one kind or a list of kinds.', group, limits.MAX_GROUP_KINDS).optional(),
  membershipsPerUser: number(
    'Channels that a user is in on average, all kinds together: without a count of groups it gives the count, with one it scales their sizes.',
    { min: 0.01, max: 10_000 },
  ).optional(),
});

export const workloadSchema = map('Who is there, in which channels, and what they send.', {
  users: forms(
    'How many users there are, or their names; when all have names, only the script acts.',
    [
      userCount.transform((n) => ({ count: n, names: [] as string[], allNamed: false })),
      userNames.transform((names) => ({ count: names.length, names, allNamed: true })),
      map('A count, and names for the first of them.', {
        count: userCount,
        names: userNames.optional(),
      }).transform((users) => ({ count: users.count, names: users.names ?? [], allNamed: false })),
    ],
    '1M, [alice, bob] or { count: 1M, names: [alice, bob] }',
  ).optional(),
  channels: channels.optional(),
  online: share('Share of the users who are connected when the run begins.').optional(),
  churnPerSecond: share(
    'Share of the connections that are closed and opened again in each second; 0 when all users have names.',
  ).optional(),
  usersPerAddress: count('Users who share one address, as behind a NAT; 1 when it is left out.', {
    min: 1,
    max: limits.MAX_USERS,
  }).optional(),
  bots: map('Users who flood: they send at a rate of their own, and do not wait when they are refused.', {
    share: share('Share of the users who are bots; which ones is drawn.').optional(),
    users: list(
      'Users who are bots, by name.',
      userNameOf('Name of a user.'),
      limits.MAX_NAMED,
      1,
    ).optional(),
    perUserPerMinute: number('Messages that one bot sends in a minute on average.', {
      min: 0,
      max: 60_000,
    }).optional(),
    from: duration('When they begin.', { max: limits.MAX_DURATION_US }).optional(),
    waits: yesOrNo('Whether a refused bot waits until it may come back, as other clients do.').optional(),
    resend: duration('How soon a refused bot that does not wait sends the message again.').optional(),
    reconnects: yesOrNo('Whether a refused bot opens a new connection.').optional(),
  }).optional(),
  messages: map('What users send by themselves.', {
    perUserPerMinute: number(
      'Messages that one user sends in a minute on average; 0 when all users have names.',
      { min: 0, max: 6_000 },
    ).optional(),
    curve: oneOf(
      ['flat', 'daily', 'top-of-the-hour'],
      'How the rate changes: not at all, with the hours of a day, with a spike at the top of each hour.',
    ).optional(),
    quietEveryone: yesOrNo(
      'Whether the channel that everyone is in is written to by the script only.',
    ).optional(),
  }).optional(),
});

export type WrittenWorkload = z.output<typeof workloadSchema>;
