import type { Table } from '../save/table.ts';
import type { Stage } from '../stage.ts';
import { STATE_CODE } from '../store/stage-store.ts';
import { crowdBlocks, frameOf } from './blocks.ts';
import { STATES_IN_ORDER } from './crowd-legend.tsx';
import { statusWord } from './status-word.ts';

/** A row for each server and for those who are not connected: how many users are in which state. */
export function crowdTable({ store }: Stage): Table {
  const { info, stations, counts } = store.summary.current;
  return {
    columns: [
      'server',
      'state',
      'connections_users',
      ...STATES_IN_ORDER.map(
        (state) => `${state.replaceAll('-', '_')}_${state === 'empty' ? 'seats' : 'users'}`,
      ),
    ],
    rows:
      info === null
        ? []
        : crowdBlocks(info).map((block, b) => {
            const isServer = block.station !== null;
            const frame = frameOf(stations, block);
            return [
              block.name,
              isServer ? (statusWord(frame) ?? 'up') : null,
              isServer ? (frame?.connections ?? 0) : null,
              ...STATES_IN_ORDER.map((state) =>
                state === 'empty' && !isServer ? null : (counts?.blocks[b]?.[STATE_CODE[state]] ?? 0),
              ),
            ];
          }),
  };
}
