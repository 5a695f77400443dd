import { tellingChannel } from '../../diagrams/shown-orders.ts';
import { isUserNode, type Selection, type TraceRow, USER_NODE } from '../../worker/protocol.ts';
import type { ShownWitness } from '../stage.ts';
import { messagesOf } from '../witness-rows.ts';

/**
 * The channel that is drawn: that of the broken promise that is looked at; the selected one, or that of the selected message or user;
 * else the one that tells most about order. -1 when the trace has no message.
 */
export function chooseChannel(
  rows: readonly TraceRow[],
  selection: Selection | null,
  witness: ShownWitness | null,
): number {
  const channelOf = (message: { readonly sender: number; readonly nth: number } | undefined): number =>
    message === undefined
      ? -1
      : (rows.find((row) => row.sender === message.sender && row.nth === message.nth)?.channel ?? -1);
  if (witness !== null) {
    const channel = channelOf(messagesOf(witness)[0]);
    if (channel >= 0) return channel;
  }
  if (selection?.kind === 'channel') return selection.channel;
  if (selection?.kind === 'message') return channelOf(selection);
  if (selection?.kind === 'user') {
    const node = USER_NODE + selection.user;
    const last = rows.findLast((row) => isUserNode(row.node) && row.node === node && row.channel >= 0);
    return last?.channel ?? -1;
  }
  return tellingChannel(rows);
}
