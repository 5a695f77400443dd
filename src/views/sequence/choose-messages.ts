import type { MessageName } from '../../trace/story.ts';
import { isUserNode, type Selection, type TraceRow, USER_NODE } from '../../worker/protocol.ts';

/** Which messages are drawn, and how many others the trace holds. */
export interface ChosenMessages {
  readonly messages: readonly MessageName[];
  /** Why these. */
  readonly because: 'witness' | 'selected' | 'user' | 'channel' | 'latest';
  /** All messages that could be drawn in their place, in the order of sending. */
  readonly all: readonly MessageName[];
  /** Messages of the channel or the witness that are not drawn. */
  readonly leftOut: number;
}

/** So many messages of a channel are drawn in one picture: the last ones. */
const MOST_OF_CHANNEL = 4;
const MOST_OF_WITNESS = 8;

const sameMessage = (a: MessageName, b: MessageName): boolean => a.sender === b.sender && a.nth === b.nth;

/**
 * The messages of the witness that is looked at; else what is selected: a message, the last of a user or of a channel; else the one
 * that is held (so that the picture does not jump from one to the next), or the last that was sent. Null when the trace has none.
 */
export function chooseMessages(
  rows: readonly TraceRow[],
  selection: Selection | null,
  witness: readonly MessageName[] | null,
  held: MessageName | null,
): ChosenMessages | null {
  const all: MessageName[] = [];
  let ofUser: MessageName | null = null;
  const ofChannel: MessageName[] = [];
  const user = selection?.kind === 'user' ? USER_NODE + selection.user : -1;
  const channel = selection?.kind === 'channel' ? selection.channel : -1;
  for (const row of rows) {
    if (row.sender < 0) continue;
    if (user >= 0 && isUserNode(row.node) && row.node === user) ofUser = row;
    if (row.kind !== 'send') continue;
    all.push({ sender: row.sender, nth: row.nth });
    if (channel >= 0 && row.channel === channel) ofChannel.push({ sender: row.sender, nth: row.nth });
  }
  const has = (message: MessageName): boolean => all.some((one) => sameMessage(one, message));
  if (witness !== null) {
    const known = witness.filter(has);
    const messages = known.slice(0, MOST_OF_WITNESS);
    if (known.length > 0)
      return { messages, because: 'witness', all, leftOut: witness.length - messages.length };
  }
  if (selection?.kind === 'message') {
    const wanted = { sender: selection.sender, nth: selection.nth };
    return has(wanted) ? { messages: [wanted], because: 'selected', all, leftOut: 0 } : null;
  }
  if (user >= 0) {
    if (ofUser === null) return null;
    const { sender, nth } = ofUser;
    return { messages: [{ sender, nth }], because: 'user', all, leftOut: 0 };
  }
  if (channel >= 0) {
    if (ofChannel.length === 0) return null;
    const messages = ofChannel.slice(-MOST_OF_CHANNEL);
    return { messages, because: 'channel', all, leftOut: ofChannel.length - messages.length };
  }
  if (held !== null && has(held)) return { messages: [held], because: 'latest', all, leftOut: 0 };
  const last = all.at(-1);
  return last === undefined ? null : { messages: [last], because: 'latest', all, leftOut: 0 };
}
