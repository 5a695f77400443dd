import { groupDigits } from '../../base/text.ts';
import { SEAT_STATES, type SeatState } from '../../worker/protocol.ts';
import { Explained } from '../explained.tsx';
import type { Stage } from '../stage.ts';
import { STATE_CODE } from '../store/stage-store.ts';
import { useValue } from '../store/value.ts';
import { SeatMark } from './seat-mark.tsx';
import { SEAT_WORDS } from './seat-shapes.ts';

/** Always listed; the others when there are any. */
const ALWAYS: readonly SeatState[] = ['online', 'just-received', 'just-sent'];
const ORDER: readonly SeatState[] = [
  'online',
  'just-received',
  'just-sent',
  'resuming',
  'refused',
  'buffering',
  'server-down',
  'empty',
];

/** What the dots mean and how many there are of each. */
export function CrowdLegend({ stage }: { readonly stage: Stage }) {
  const { counts } = useValue(stage.store.summary);
  return (
    <ul className="crowd-legend" aria-label="What the dots mean">
      {ORDER.filter((state) => ALWAYS.includes(state) || (counts?.total[STATE_CODE[state]] ?? 0) > 0).map(
        (state) => (
          <li key={state}>
            <SeatMark state={state} />
            <Explained means={SEAT_WORDS[state].means}>{SEAT_WORDS[state].label}</Explained>
            <span className="number">{groupDigits(counts?.total[STATE_CODE[state]] ?? 0)}</span>
          </li>
        ),
      )}
    </ul>
  );
}

export const STATES_IN_ORDER: readonly SeatState[] = ORDER.filter((state) => SEAT_STATES.includes(state));
