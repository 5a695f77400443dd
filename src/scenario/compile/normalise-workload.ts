import { formatExact } from '../../base/units.ts';
import {
  DEFAULT_BOTS,
  DEFAULT_GROUP_SIZE,
  DEFAULT_WORKLOAD,
  defaultChannels,
} from '../../system/design/defaults.ts';
import type { Design, SizeDistribution, Workload } from '../../system/design/design.ts';
import { channelNumbers, userByName } from '../../system/design/names.ts';
import { nodesByName, stationList } from '../../system/design/stations.ts';
import { MAX_CHANNELS, MAX_MEMBERSHIPS, MAX_NAMED_CHANNELS } from '../bounds.ts';
import type { WrittenWorkload } from '../schema/workload.ts';
import { rightName } from '../text/nearest.ts';
import type { Path, ProblemList } from '../text/problems.ts';
import { show } from '../text/show.ts';
import { overlay } from './overlay.ts';
import { zipfMean } from './zipf-mean.ts';

type Channels = NonNullable<WrittenWorkload['channels']>;
type Group = Workload['channels']['groups'][number];

const CHANNELS: Path = ['workload', 'channels'];

/** A Workload from what is written and the defaults, with the checks that need more than one value. */
export function normaliseWorkload(
  written: WrittenWorkload | undefined,
  design: Design,
  problems: ProblemList,
): Workload {
  const users = written?.users ?? { count: DEFAULT_WORKLOAD.users, names: [], allNamed: false };
  checkUserNames(users.names, users.count, design, problems);
  const plain: Workload = {
    users: users.count,
    userNames: users.names,
    channels: { named: [], private: 0, groups: [], everyone: null },
    online: written?.online ?? DEFAULT_WORKLOAD.online,
    churnPerSecond: written?.churnPerSecond ?? (users.allNamed ? 0 : DEFAULT_WORKLOAD.churnPerSecond),
    usersPerAddress: written?.usersPerAddress ?? DEFAULT_WORKLOAD.usersPerAddress,
    bots: null,
    messages: {
      perUserPerMinute:
        written?.messages?.perUserPerMinute ??
        (users.allNamed ? 0 : DEFAULT_WORKLOAD.messages.perUserPerMinute),
      curve: written?.messages?.curve ?? DEFAULT_WORKLOAD.messages.curve,
      quietEveryone: written?.messages?.quietEveryone ?? DEFAULT_WORKLOAD.messages.quietEveryone,
    },
  };
  const base = { ...plain, bots: normaliseBots(written?.bots, plain, problems) };
  const channels = written?.channels;
  if (channels === undefined) return { ...base, channels: channelsUnsaid(base, users.allNamed) };
  const named = namedChannels(channels, base, problems);
  const everyone = channels.everyone ?? null;
  if (everyone !== null) checkChannelName(everyone, [...CHANNELS, 'everyone'], 'value', problems);
  if (everyone !== null && named.some((channel) => channel.name === everyone)) {
    problems.add([...CHANNELS, 'everyone'], `there are two channels called ${everyone}; rename one`);
  }
  const pairs = channels.private ?? 0;
  if (pairs > 0 && base.users < 2) {
    problems.add(
      [...CHANNELS, 'private'],
      'a private channel needs two users, and there is one; leave private away',
    );
  }
  const single =
    named.reduce((sum, channel) => sum + channel.members.length, 0) +
    (everyone === null ? 0 : base.users) +
    2 * pairs;
  const before = problems.problems.length;
  const groups = groupChannels(channels, base.users, single, problems);
  const workload = { ...base, channels: { named, private: pairs, groups, everyone } };
  if (problems.problems.length === before) checkSize(workload, single, problems);
  return workload;
}

function normaliseBots(
  written: WrittenWorkload['bots'],
  workload: Workload,
  problems: ProblemList,
): Workload['bots'] {
  if (written === undefined) return null;
  const { users = [], ...rest } = written;
  if (rest.share === undefined && users.length === 0) {
    problems.add(
      ['workload', 'bots'],
      'nobody is a bot here; give their share of the users, or their names in users',
    );
  }
  const numbers = users.map((name, i) =>
    findUser(workload, name, ['workload', 'bots', 'users', i], problems),
  );
  return overlay(DEFAULT_BOTS, { ...rest, users: numbers });
}

/** Where nothing is said of channels: one with all where all are named, otherwise as many as a million users have. */
function channelsUnsaid(workload: Workload, allNamed: boolean): Workload['channels'] {
  if (!allNamed) return defaultChannels(workload.users);
  const members = Array.from({ length: workload.users }, (_, n) => n);
  return { named: [{ name: 'general', members }], private: 0, groups: [], everyone: null };
}

function checkUserNames(
  names: readonly string[],
  users: number,
  design: Design,
  problems: ProblemList,
): void {
  const path: Path = ['workload', 'users'];
  if (names.length > users) {
    problems.add(
      path,
      `${names.length} users have a name, and there are ${users} of them; make it at least ${names.length}`,
    );
  }
  const stations = stationList(design);
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) problems.add(path, `two users are called ${name}; rename one`);
    seen.add(name);
    if (/^user-\d+$/.test(name)) {
      problems.add(path, `${name} is what a user without a name is called; take another name`);
    } else if (nodesByName(stations, name).length > 0 || name === 'clients') {
      problems.add(path, `${name} is the name of stations or of all clients; take another name`);
    }
  }
}

function checkChannelName(name: string, path: Path, at: 'key' | 'value', problems: ProblemList): void {
  if (/^(private|group)-\d+$/.test(name)) {
    problems.add(path, `${name} is what a channel without a name is called; take another name`, at);
  }
}

/** The number of a user by name; -1 and a problem when there is no such user. */
export function findUser(workload: Workload, name: string, path: Path, problems: ProblemList): number {
  const user = userByName(workload, name);
  if (user !== null) return user;
  problems.add(path, () => {
    const first = workload.userNames.length + 1;
    const others = first > workload.users ? null : `user-${first} to user-${workload.users}`;
    if (others !== null && (/^user-\d+$/.test(name) || first === 1))
      return `there is no user ${show(name)}; there are ${others}`;
    return `there is no user ${show(name)}; ${rightName(name, workload.userNames)}`;
  });
  return -1;
}

function namedChannels(
  channels: Channels,
  workload: Workload,
  problems: ProblemList,
): Workload['channels']['named'] {
  const entries = Object.entries(channels.named ?? {});
  if (entries.length > MAX_NAMED_CHANNELS) {
    problems.add(
      [...CHANNELS, 'named'],
      `${entries.length} channels have a name; at most ${MAX_NAMED_CHANNELS}`,
    );
    return [];
  }
  return entries.map(([name, members]) => {
    const path = [...CHANNELS, 'named', name];
    checkChannelName(name, path, 'key', problems);
    const numbers = members.map((member, i) => findUser(workload, member, [...path, i], problems));
    numbers.forEach((user, i) => {
      if (user >= 0 && numbers.indexOf(user) !== i) {
        problems.add([...path, i], `${members[i]} is a member twice; name each user once`);
      }
    });
    return { name, members: numbers };
  });
}

function meanSize(size: SizeDistribution): number {
  if (size.kind === 'constant') return size.size;
  return size.kind === 'uniform' ? (size.min + size.max) / 2 : zipfMean(size.exponent, size.min, size.max);
}

function checkGroupSize(size: SizeDistribution, users: number, path: Path, problems: ProblemList): void {
  const at =
    size.kind === 'constant' ? path : [...path, ...(size.kind === 'zipf' ? ['zipf', 'max'] : ['max'])];
  const most = size.kind === 'constant' ? size.size : size.max;
  if (most > users) {
    problems.add(
      at,
      `a group of ${formatExact(most)} cannot be made of ${formatExact(users)} users; make it at most ${formatExact(users)}`,
    );
  }
  if (size.kind !== 'constant' && size.min > size.max) {
    problems.add(at, `max is ${size.max} and min is ${size.min}; swap them`);
  }
}

function groupChannels(
  channels: Channels,
  users: number,
  single: number,
  problems: ProblemList,
): readonly Group[] {
  const perUser = channels.membershipsPerUser;
  const defaultSize: SizeDistribution = {
    ...DEFAULT_GROUP_SIZE,
    max: Math.min(DEFAULT_GROUP_SIZE.max, users),
  };
  if (perUser === undefined) {
    return (channels.groups ?? []).map((group, i) => {
      const path = [...CHANNELS, 'groups', i];
      const size = group.size ?? defaultSize;
      checkGroupSize(size, users, [...path, 'size'], problems);
      if (group.count === undefined) {
        problems.add(
          [...path, 'count'],
          'the key count is missing; say how many groups, or give membershipsPerUser',
        );
      }
      return { count: group.count ?? 0, size, meanSize: null };
    });
  }
  const path = [...CHANNELS, 'membershipsPerUser'];
  if (channels.groups !== undefined && channels.groups.length !== 1) {
    problems.add(path, 'membershipsPerUser goes with one kind of group; give each kind its count instead');
    return [];
  }
  const group = channels.groups?.[0];
  const size = group?.size ?? defaultSize;
  const before = problems.problems.length;
  checkGroupSize(size, users, [...CHANNELS, 'groups', 0, 'size'], problems);
  const wanted = Math.round(perUser * users) - single;
  if (wanted < 0) {
    const already = Number((single / users).toPrecision(3));
    problems.add(path, `the other channels alone give ${already} memberships a user; write more than that`);
  }
  if (problems.problems.length > before || wanted <= 0) return [];
  if (group?.count === undefined) {
    return [{ count: Math.max(1, Math.round(wanted / meanSize(size))), size, meanSize: null }];
  }
  const mean = wanted / group.count;
  if (mean < 2 || mean > users) {
    const sized = Number(mean.toPrecision(3));
    problems.add(
      path,
      `${group.count} groups would have ${sized} members on average; a group has 2 to ${users}`,
    );
  }
  return [{ count: group.count, size, meanSize: mean }];
}

function checkSize(workload: Workload, single: number, problems: ProblemList): void {
  const { count } = channelNumbers(workload);
  if (count > MAX_CHANNELS)
    problems.add(
      CHANNELS,
      `there would be ${formatExact(count)} channels; at most ${formatExact(MAX_CHANNELS)}`,
    );
  const drawn = workload.channels.groups.reduce(
    (sum, g) => sum + g.count * (g.meanSize ?? meanSize(g.size)),
    0,
  );
  const memberships = Math.round(single + drawn);
  if (memberships > MAX_MEMBERSHIPS) {
    problems.add(
      CHANNELS,
      `there would be about ${formatExact(memberships)} memberships; at most ${formatExact(MAX_MEMBERSHIPS)}`,
    );
  }
}

/**
 * The same workload for another number of users (`--users`): the channels that are counted become more or fewer in proportion, and no
 * group is larger than there are users. What is said per user stays.
 */
export function scaleUsers(written: WrittenWorkload | undefined, to: number): WrittenWorkload {
  const users = written?.users ?? { count: DEFAULT_WORKLOAD.users, names: [], allNamed: false };
  const factor = to / users.count;
  const scaled = (n: number): number => Math.max(1, Math.round(n * factor));
  const channels = written?.channels;
  return {
    ...written,
    users: { ...users, count: to },
    ...(channels === undefined
      ? {}
      : {
          channels: {
            ...channels,
            private: to < 2 || !channels.private ? 0 : scaled(channels.private),
            groups: channels.groups?.map((group) => ({
              count: group.count === undefined ? undefined : scaled(group.count),
              size: group.size === undefined ? undefined : clip(group.size, to),
            })),
          },
        }),
  };
}

function clip(size: SizeDistribution, most: number): SizeDistribution {
  if (size.kind === 'constant') return { kind: 'constant', size: Math.min(size.size, most) };
  return { ...size, min: Math.min(size.min, most), max: Math.min(size.max, most) };
}
