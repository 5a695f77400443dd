import { messageKey } from '../../trace/story.ts';
import { NO_NODE } from '../../worker/protocol.ts';
import { channelName, messageName, nodeName } from '../names.ts';
import type { Table } from '../save/table.ts';
import type { Stage } from '../stage.ts';
import { messagesOf } from '../witness-rows.ts';
import { chooseMessages } from './choose-messages.ts';

/** The rows of the trace of the message or messages that the picture draws, until the clock's time, each with the row that caused it. */
export function sequenceTable(stage: Stage): Table {
  const { info, rows, timeUs } = stage.store;
  const witness = stage.witness.current;
  const until = rows.filter((row) => row.timeUs <= timeUs);
  const chosen = chooseMessages(
    until,
    stage.selection.current,
    witness === null ? null : messagesOf(witness),
    null,
  );
  const wanted = new Set(chosen?.messages.map(messageKey));
  return {
    columns: [
      'row',
      'time_us',
      'event',
      'node',
      'peer',
      'message',
      'channel',
      'copy',
      'number_in_channel',
      'depart_us',
      'due_us',
      'reason',
      'caused_by_row',
    ],
    rows:
      info === null
        ? []
        : until
            .filter((row) => wanted.has(messageKey(row)))
            .map((row) => [
              row.id,
              row.timeUs,
              row.kind,
              nodeName(info, row.node),
              row.peer === NO_NODE ? null : nodeName(info, row.peer),
              messageName(info, row.sender, row.nth),
              row.channel < 0 ? null : channelName(info, row.channel),
              row.attempt,
              row.seq === 0 ? null : row.seq,
              row.departUs,
              row.dueUs,
              row.reason === 'none' ? null : row.reason,
              row.cause < 0 ? null : row.cause,
            ]),
  };
}
