import { isUserNode, NO_NODE, type OpenedInfo, USER_NODE } from '../worker/protocol.ts';

/** What people call users, nodes, channels and messages of the open scenario. */
export const userName = (info: OpenedInfo, user: number): string =>
  info.userNames[user] ?? `user-${user + 1}`;

export function nodeName(info: OpenedInfo, node: number): string {
  if (node === NO_NODE) return 'nobody';
  if (isUserNode(node)) return userName(info, node - USER_NODE);
  return info.stations.find((station) => station.node === node)?.name ?? `station ${node}`;
}

export const channelName = (info: OpenedInfo, channel: number): string =>
  info.channelNames[channel] ?? `#channel-${channel + 1}`;

export const messageName = (info: OpenedInfo, sender: number, nth: number): string =>
  `${userName(info, sender)}/${nth}`;

/** The user that a name or a number stands for, or null: `alice`, `user-12`, `12`. */
export function findUser(info: OpenedInfo, text: string): number | null {
  const wanted = text.trim().toLowerCase();
  const named = info.userNames.findIndex((name) => name.toLowerCase() === wanted);
  if (named >= 0) return named;
  const match = /^(?:user[- ]?)?(\d+)$/.exec(wanted.replaceAll(/[,_ ]/g, ''));
  if (match === null) return null;
  const user = Number(match[1]) - 1;
  return user >= 0 && user < info.users ? user : null;
}
