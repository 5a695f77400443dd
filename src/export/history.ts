import { US_PER_MS } from '../base/units.ts';
import { eventOf } from '../trace/story.ts';
import { type Names, type TraceRow, USER_NODE } from '../trace/trace.ts';
import { inTimeOrder } from './time-order.ts';

export interface HistoryOptions {
  /** Nothing is under way any more at the end. */
  readonly quiescent: boolean;
  readonly endUs: number;
  /** Numbers of the users who are members of a channel when the run begins. Left out: the rows tell of all who join. */
  readonly members?: (channel: number) => Iterable<number>;
  /** Whether all rows of a message are here. A message of which a part is missing would look lost: it is left out. */
  readonly isWhole?: (sender: number, nth: number, channel: number) => boolean;
}

/**
 * A trace as a history, JSON Lines: what users did and were shown, one event a line, in order of time, times in milliseconds. Retries
 * are part of one `send`; `refuse` is what the sender was told.
 */
export function* toHistory(
  rows: readonly TraceRow[],
  names: Names,
  options: HistoryOptions,
): Iterable<string> {
  const { members = () => [], isWhole = () => true } = options;
  const line = (event: Readonly<Record<string, unknown>>, timeUs: number): string =>
    `${JSON.stringify({ ...event, time: timeUs / US_PER_MS })}\n`;

  for (const channel of channelsOf(rows)) {
    for (const member of members(channel)) {
      yield line({ type: 'join', user: names.node(USER_NODE + member), channel: names.channel(channel) }, 0);
    }
  }
  const sent = new Set<string>();
  for (const row of inTimeOrder(rows)) {
    const { kind, sender, nth, timeUs } = row;
    if (kind === 'join' || kind === 'leave') {
      yield line({ type: kind, user: names.node(row.node), channel: names.channel(row.channel) }, timeUs);
      continue;
    }
    if (sender < 0 || !isWhole(sender, nth, row.channel)) continue;
    const message = names.message(sender, nth);
    const user = names.node(USER_NODE + sender);
    const event = eventOf(kind);
    switch (event) {
      case 'send':
        if (sent.has(message)) break;
        sent.add(message);
        yield line({ type: event, message, user, channel: names.channel(row.channel) }, timeUs);
        break;
      case 'accept':
        yield line({ type: event, key: user }, timeUs);
        break;
      case 'persist':
      case 'lost':
        yield line({ type: event, message }, timeUs);
        break;
      case 'ack':
      case 'refuse':
      case 'give-up':
        yield line({ type: event, message, user }, timeUs);
        break;
      case 'deliver':
        yield line(
          { type: event, message, user: names.node(row.node), channel: names.channel(row.channel) },
          timeUs,
        );
        break;
      case null:
    }
  }
  yield line({ type: 'end', quiescent: options.quiescent }, options.endUs);
}

/** Channels in the order of their first row. */
function channelsOf(rows: readonly TraceRow[]): Set<number> {
  const channels = new Set<number>();
  for (const row of rows) if (row.channel >= 0) channels.add(row.channel);
  return channels;
}
