import { isUserNode, type Names, USER_NODE } from '../../trace/trace.ts';
import type { Design, Workload } from './design.ts';
import { stationList } from './stations.ts';

/** How users, channels and messages are called, and which number a name means. */

/** Channel numbers by kind: [0, named), everyone's (or -1), [firstPrivate, firstGroup), [firstGroup, count). */
export interface ChannelNumbers {
  readonly named: number;
  readonly everyone: number;
  readonly firstPrivate: number;
  readonly firstGroup: number;
  readonly count: number;
}

export function channelNumbers(workload: Workload): ChannelNumbers {
  const { named, everyone, groups } = workload.channels;
  const firstPrivate = named.length + (everyone === null ? 0 : 1);
  const firstGroup = firstPrivate + workload.channels.private;
  return {
    named: named.length,
    everyone: everyone === null ? -1 : named.length,
    firstPrivate,
    firstGroup,
    count: firstGroup + groups.reduce((sum, group) => sum + group.count, 0),
  };
}

/** `alice`, or `user-7` for the seventh user when it has no name. */
export function userName(workload: Workload, user: number): string {
  return workload.userNames[user] ?? `user-${user + 1}`;
}

/** The number in `PREFIX-N` (N from 1 to count, written without leading zeros) counted from 0, or null. */
function numberAfter(prefix: string, name: string, count: number): number | null {
  if (!name.startsWith(prefix)) return null;
  const digits = name.slice(prefix.length);
  if (!/^[1-9]\d{0,8}$/.test(digits)) return null;
  const n = Number(digits);
  return n <= count ? n - 1 : null;
}

/** The number of a user by name, or null when there is no such user. */
export function userByName(workload: Workload, name: string): number | null {
  const named = workload.userNames.indexOf(name);
  if (named >= 0) return named;
  const user = numberAfter('user-', name, workload.users);
  return user !== null && user >= workload.userNames.length ? user : null;
}

/** `general`, or `private-3`, `group-12` for channels without a name. */
export function channelName(workload: Workload, channel: number): string {
  const of = channelNumbers(workload);
  if (channel < of.named) return workload.channels.named[channel]?.name ?? `channel-${channel + 1}`;
  if (channel === of.everyone) return workload.channels.everyone ?? 'everyone';
  if (channel < of.firstGroup) return `private-${channel - of.firstPrivate + 1}`;
  return `group-${channel - of.firstGroup + 1}`;
}

/** The number of a channel by name, with or without a leading `#`, or null when there is no such channel. */
export function channelByName(workload: Workload, name: string): number | null {
  const bare = name.startsWith('#') ? name.slice(1) : name;
  const named = workload.channels.named.findIndex((channel) => channel.name === bare);
  if (named >= 0) return named;
  const of = channelNumbers(workload);
  if (of.everyone >= 0 && bare === workload.channels.everyone) return of.everyone;
  const pair = numberAfter('private-', bare, workload.channels.private);
  if (pair !== null) return of.firstPrivate + pair;
  const group = numberAfter('group-', bare, of.count - of.firstGroup);
  return group === null ? null : of.firstGroup + group;
}

/** Names for the trace, the diagrams and the page: `ws-server-3`, `alice`, `#general`, `alice/1`. */
export function namesOf(design: Design, workload: Workload): Names {
  const stations = stationList(design);
  const user = (n: number): string => userName(workload, n);
  return {
    node: (node) => (isUserNode(node) ? user(node - USER_NODE) : (stations[node]?.name ?? `node-${node}`)),
    channel: (channel) => `#${channelName(workload, channel)}`,
    message: (sender, nth) => `${user(sender)}/${nth}`,
  };
}
