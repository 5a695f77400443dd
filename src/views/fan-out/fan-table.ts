import { statusWord } from '../crowd/status-word.ts';
import type { Table } from '../save/table.ts';
import type { Stage } from '../stage.ts';

/** A row for each station: also for those that the picture puts into one box. */
export function fanTable({ store }: Stage): Table {
  const { info, stations, inspection } = store.summary.current;
  const frames = new Map(stations.map((frame) => [frame.node, frame]));
  const reached = new Map(inspection?.reach?.servers.map((server) => [server.node, server]));
  return {
    columns: [
      'station',
      'kind',
      'state',
      'queue_messages',
      'utilisation_share',
      'served_per_second',
      'connections_users',
      'members_of_message_users',
      'shown_message_users',
    ],
    rows:
      info === null
        ? []
        : info.stations.map(({ node, name, kind }) => {
            const frame = frames.get(node);
            const reach = reached.get(node);
            return [
              name,
              kind,
              statusWord(frame ?? null) ?? 'up',
              frame?.queue ?? 0,
              frame?.utilisation ?? 0,
              frame?.ratePerSecond ?? 0,
              kind === 'ws-server' ? (frame?.connections ?? 0) : null,
              reach?.members ?? null,
              reach?.shown ?? null,
            ];
          }),
  };
}
