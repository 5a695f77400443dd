import { oneLine } from '../base/text.ts';
import { DELIVER, type HistoryEvent, type Names, namedEvent, SEND } from './history.ts';
import type { Witness } from './verdict.ts';

/** Witnesses in plain words. */

/** An event of a witness, in integers: kind, message, user, channel, time in microseconds. */
export type Row = readonly [kind: number, message: number, user: number, channel: number, timeUs: number];

export const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

/** A channel as people write it: `#general`. */
export const hash = (channel: string): string => (channel.startsWith('#') ? channel : `#${channel}`);

/** A time of a history, exact, in its own unit: `15 ms`. */
export const atMs = (timeUs: number): string => `${timeUs / 1000} ms`;

/** `a`, `a and b`, `a, b and c`. */
export function listed(parts: readonly string[], and = ' and '): string {
  if (parts.length < 2) return parts.join('');
  return `${parts.slice(0, -1).join(', ')}${and}${parts[parts.length - 1]}`;
}

/** How many parts a sentence lists before it says how many more there are. */
export const MOST_LISTED = 5;

/** The rows, which must be in an order that has the same meaning, sorted by time. */
export function witnessOf(
  names: Names,
  rows: readonly Row[],
  context: readonly Row[],
  text: string,
): Witness {
  const events = inOrder(rows, names);
  const all = [...events, ...inOrder(context, names)];
  const distinct = (read: (event: HistoryEvent) => readonly (string | undefined)[]): string[] => [
    ...new Set(all.flatMap((event) => read(event).filter((name) => name !== undefined))),
  ];
  return {
    messages: distinct((event) => ['message' in event ? event.message : undefined]),
    users: distinct((event) => [
      'user' in event ? event.user : undefined,
      'of' in event ? event.of : undefined,
    ]),
    channels: distinct((event) => ['channel' in event ? event.channel : undefined]),
    events,
    context: inOrder(context, names),
    // Names are what others wrote.
    text: oneLine(text),
  };
}

const inOrder = (rows: readonly Row[], names: Names): HistoryEvent[] =>
  [...rows].sort((a, b) => a[4] - b[4]).map((row) => namedEvent(...row, names));

export const sendRow = (message: number, user: number, channel: number, timeUs: number): Row => [
  SEND,
  message,
  user,
  channel,
  timeUs,
];

export const deliverRow = (message: number, user: number, channel: number, timeUs: number): Row => [
  DELIVER,
  message,
  user,
  channel,
  timeUs,
];
