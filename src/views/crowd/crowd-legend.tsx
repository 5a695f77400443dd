import { groupDigits } from '../../base/text.ts';
import { SEAT_STATES, type SeatState } from '../../worker/protocol.ts';
import { Explained } from '../explained.tsx';
import type { Stage } from '../stage.ts';
import type { SeatCounts } from '../store/count-seats.ts';
import { STATE_CODE } from '../store/stage-store.ts';
import { useValue } from '../store/value.ts';
import { SeatMark } from './seat-mark.tsx';
import { SEAT_WORDS } from './seat-shapes.ts';

const ORDER: readonly SeatState[] = [
  'online',
  'just-received',
  'just-sent',
  'resuming',
  'refused',
  'buffering',
  'server-down',
  'offline',
  'empty',
];

/** What the dots mean and how many there are of each. */
export function CrowdLegend({ stage }: { readonly stage: Stage }) {
  const { counts, info } = useValue(stage.store.summary);
  const servers = info?.stations.filter((station) => station.kind === 'ws-server').length ?? 0;
  return (
    <ul className="crowd-legend" data-saved aria-label="What the dots mean">
      {ORDER.map((state) => (
        <li key={state}>
          <SeatMark state={state} />
          <Explained means={SEAT_WORDS[state].means}>{SEAT_WORDS[state].label}</Explained>
          <span className="number">{groupDigits(countOf(counts, state, servers))}</span>
        </li>
      ))}
    </ul>
  );
}

/** How many seats are in a state. Those who have no seat leave no seat empty, so their strip does not count there. */
function countOf(counts: SeatCounts | null, state: SeatState, servers: number): number {
  if (counts === null) return 0;
  if (state !== 'empty') return counts.total[STATE_CODE[state]] ?? 0;
  return counts.blocks.slice(0, servers).reduce((sum, block) => sum + (block[STATE_CODE.empty] ?? 0), 0);
}

export const STATES_IN_ORDER: readonly SeatState[] = ORDER.filter((state) => SEAT_STATES.includes(state));
