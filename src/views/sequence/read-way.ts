import { type MessageWay, messageWay } from '../../diagrams/message-way.ts';
import type { MessageName } from '../../trace/story.ts';
import type { Names } from '../../trace/trace.ts';
import type { OpenedInfo, TraceRow } from '../../worker/protocol.ts';
import { channelName, messageName, nodeName } from '../names.ts';

/** The names of the open scenario, as diagrams ask for them. */
const namesOf = (info: OpenedInfo): Names => ({
  node: (node) => nodeName(info, node),
  channel: (channel) => channelName(info, channel),
  message: (sender, nth) => messageName(info, sender, nth),
});

/** Receivers that are drawn one by one, and how many when the picture is asked for more. */
export const FEW_CLIENTS = 3;
export const MANY_CLIENTS = 24;

/** The way of messages from the rows that the page has. Throws RangeError when there is nothing of them. */
export function readWay(
  info: OpenedInfo,
  rows: readonly TraceRow[],
  messages: readonly MessageName[],
  maxClients: number,
  also: readonly number[] = [],
): MessageWay {
  const roles = Object.fromEntries(
    info.stations.flatMap(({ kind, role }) => (role === undefined ? [] : [[kind, role] as const])),
  );
  const { stations } = info;
  const [message] = messages;
  const row = rows.find((one) => one.sender === message?.sender && one.nth === message.nth);
  const members = info.channelMembers?.[row?.channel ?? -1];
  return messageWay(rows, namesOf(info), {
    stations,
    messages,
    maxClients,
    also,
    roles,
    ...(members === undefined ? {} : { otherMembers: members - 1 }),
  });
}
