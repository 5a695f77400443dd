import { channelName, messageName, nodeName } from '../names.ts';
import type { Table } from '../save/table.ts';
import type { Stage } from '../stage.ts';
import { readChannel } from './space-time-source.ts';

/** A row for each event at a member, until the clock's time: sent, shown, waits in the reorder buffer, caught as a duplicate, lost. */
export function spaceTimeTable(stage: Stage): Table {
  const read = readChannel(stage);
  const { timeUs: nowUs } = stage.store;
  return {
    columns: [
      'member',
      'event',
      'time_us',
      'until_us',
      'message',
      'short',
      'number_in_channel',
      'channel',
      'sent_us',
    ],
    rows:
      read === null
        ? []
        : read.history.members.flatMap(({ node, events }) =>
            events
              .filter(({ timeUs }) => timeUs <= nowUs)
              .map(({ kind, timeUs, untilUs, message }) => {
                const { sender, nth, short, seq, sentUs } = read.history.messages[message]!;
                return [
                  nodeName(read.info, node),
                  kind,
                  timeUs,
                  untilUs !== null && untilUs <= nowUs ? untilUs : null,
                  messageName(read.info, sender, nth),
                  short,
                  seq === 0 ? null : seq,
                  channelName(read.info, read.history.channel),
                  sentUs,
                ];
              }),
          ),
  };
}
