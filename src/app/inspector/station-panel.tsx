import { Meter } from 'react-aria-components/Meter';
import { groupDigits } from '../../base/text.ts';
import { formatCount } from '../../base/units.ts';
import { statusWord } from '../../views/crowd/status-word.ts';
import { useValue } from '../../views/store/value.ts';
import type { StationInfo } from '../../worker/protocol.ts';
import { useLab } from '../lab-context.ts';
import { BreakIt } from './break-it.tsx';
import { Facts } from './facts.tsx';
import { KIND_MEANS, KIND_NAME } from './kinds.ts';

/** One station: how busy it is, what it holds, and how to break it. */
export function StationPanel({ station }: { readonly station: StationInfo }) {
  const lab = useLab();
  const { stations, inspection } = useValue(lab.store.summary);
  const frame = stations.find((one) => one.node === station.node) ?? null;
  const word = statusWord(frame);
  const here = inspection?.selection.kind === 'station' && inspection.selection.node === station.node;
  return (
    <>
      <h2>
        {station.name} {word !== null && <span className="status-word">{word}</span>}
      </h2>
      <p className="quiet">
        {KIND_NAME[station.kind]}. {KIND_MEANS[station.kind]}
      </p>
      {frame !== null && (
        <div className="meters">
          <Share label="busy" value={frame.utilisation} words={`${Math.round(100 * frame.utilisation)} %`} />
          <Share
            label="queue"
            value={frame.queue / Math.max(1, station.queueLimit)}
            words={`${groupDigits(frame.queue)} of ${formatCount(station.queueLimit)}${assumed(station, 'queue')}`}
          />
          <dl className="facts">
            <dt>served</dt>
            <dd>{formatCount(frame.ratePerSecond)}/s</dd>
            {station.kind === 'ws-server' && (
              <>
                <dt>connections</dt>
                <dd>{groupDigits(frame.connections)}</dd>
              </>
            )}
            <dt>workers</dt>
            <dd>
              {groupDigits(station.workers)}
              {assumed(station, 'workers')}
            </dd>
          </dl>
        </div>
      )}
      <BreakIt station={station} frame={frame} />
      {here && <Facts inspection={inspection} />}
    </>
  );
}

/** Said of a number that no source gives. */
const assumed = ({ assumed: those = [] }: StationInfo, of: 'workers' | 'queue'): string =>
  those.includes(of) ? ' (assumption)' : '';

function Share({
  label,
  value,
  words,
}: {
  readonly label: string;
  readonly value: number;
  readonly words: string;
}) {
  return (
    <Meter className="meter" value={Math.min(100, 100 * value)} aria-label={`${label}: ${words}`}>
      {({ percentage }) => (
        <>
          <span>{label}</span>
          <span className="meter-track">
            <span
              className="meter-fill"
              style={{ width: `${percentage}%` }}
              data-full={percentage >= 90 || undefined}
            />
          </span>
          <span className="number">{words}</span>
        </>
      )}
    </Meter>
  );
}
