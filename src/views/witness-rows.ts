import { type MessageName, messageKey } from '../trace/story.ts';
import { type TraceRow, USER_NODE, type WitnessEvent } from '../worker/protocol.ts';
import type { ShownWitness } from './stage.ts';

/** The kind of row that an event of a witness was read from. */
const ROW_KIND: Readonly<Record<string, TraceRow['kind']>> = {
  send: 'send',
  persist: 'persist',
  ack: 'ack',
  deliver: 'deliver',
  refuse: 'nack',
  lost: 'lost',
};

/** The messages of a witness, each once, in the order of its events. */
export function messagesOf({ witness }: ShownWitness): MessageName[] {
  const found = new Map<string, MessageName>();
  for (const { message } of [...witness.events, ...witness.context])
    if (message !== null) found.set(messageKey(message), message);
  return [...found.values()];
}

/** Users of a witness, as nodes. */
export const usersOf = ({ witness }: ShownWitness): number[] => [
  ...new Set(witness.events.flatMap(({ user }) => (user === null ? [] : [USER_NODE + user]))),
];

/** Whom a loss keeps something from: a member whom no event of the witness shows it. */
export function missedBy(shown: ShownWitness): number[] {
  if (shown.promise !== 'no-loss') return [];
  return shown.witness.events
    .filter(({ type, user }) => type === 'join' && user !== null)
    .map(({ user }) => USER_NODE + (user ?? 0));
}

/** Indices of the rows that are the events of the witness; of a loss also those with which the message was lost. */
export function witnessRows(rows: readonly TraceRow[], shown: ShownWitness): ReadonlySet<number> {
  const { events, context } = shown.witness;
  const found = new Set<number>();
  for (const event of [...events, ...context]) {
    const index = rows.findIndex((row) => isRowOf(event, row));
    if (index >= 0) found.add(index);
  }
  if (shown.promise === 'no-loss') {
    rows.forEach((row, index) => {
      const isIts = events.some(({ message }) => message?.sender === row.sender && message.nth === row.nth);
      if (isIts && (row.kind === 'drop' || row.kind === 'fail')) found.add(index);
    });
  }
  return found;
}

function isRowOf({ type, message, user, timeUs }: WitnessEvent, row: TraceRow): boolean {
  return (
    row.kind === ROW_KIND[type] &&
    row.sender === message?.sender &&
    row.nth === message.nth &&
    row.timeUs === timeUs &&
    (type !== 'deliver' || row.node === USER_NODE + (user ?? -1))
  );
}
