import { Button } from 'react-aria-components/Button';
import { counted, groupDigits } from '../../base/text.ts';
import { formatCount } from '../../base/units.ts';
import { statusWord } from '../../views/crowd/status-word.ts';
import { useValue } from '../../views/store/value.ts';
import type { OpenedInfo, StationFrame, StationInfo, StationKind } from '../../worker/protocol.ts';
import { useLab } from '../lab-context.ts';
import { KIND_NAME, KINDS } from './kinds.ts';

/** So many stations of a kind are listed; of more, those in trouble and the busiest. */
const MOST_LISTED = 5;

/** Nothing is selected: all stations by kind, the ones that need attention first. */
export function Overview({ info }: { readonly info: OpenedInfo }) {
  const lab = useLab();
  const { stations } = useValue(lab.store.summary);
  const byNode = new Map(stations.map((frame) => [frame.node, frame]));
  return (
    <>
      <h2>Stations</h2>
      <p className="quiet">Select a station or a user to look inside, and to break it.</p>
      {KINDS.map((kind) => (
        <KindList
          key={kind}
          kind={kind}
          all={info.stations.filter((one) => one.kind === kind)}
          byNode={byNode}
        />
      ))}
      <dl className="facts">
        <dt>users</dt>
        <dd>{groupDigits(info.users)}</dd>
        {(info.usersInNoChannel ?? 0) > 0 && (
          <>
            <dt>in no channel</dt>
            <dd>{groupDigits(info.usersInNoChannel ?? 0)}, who never send</dd>
          </>
        )}
        <dt>channels</dt>
        <dd>{groupDigits(info.channels)}</dd>
        <dt>seed</dt>
        <dd>{info.seed}</dd>
      </dl>
    </>
  );
}

interface ListProps {
  readonly kind: StationKind;
  readonly all: readonly StationInfo[];
  readonly byNode: ReadonlyMap<number, StationFrame>;
}

const attention = (frame: StationFrame | undefined): number =>
  frame === undefined ? 0 : (statusWord(frame) === null ? 0 : 1e9) + frame.queue + frame.utilisation;

function KindList({ kind, all, byNode }: ListProps) {
  const lab = useLab();
  if (all.length === 0) return null;
  const listed =
    all.length <= MOST_LISTED
      ? all
      : [...all]
          .sort((a, b) => attention(byNode.get(b.node)) - attention(byNode.get(a.node)))
          .slice(0, MOST_LISTED);
  return (
    <section aria-label={KIND_NAME[kind]} className="kind-list">
      <h3>
        <span className={`kind-mark kind-${kind}`} aria-hidden="true" />
        {all.length > 1 ? counted(all.length, KIND_NAME[kind], plural(kind)) : KIND_NAME[kind]}
      </h3>
      <ul>
        {listed.map((station) => {
          const frame = byNode.get(station.node);
          const word = statusWord(frame ?? null);
          return (
            <li key={station.node}>
              <Button
                className="row-button"
                onPress={() => lab.select({ kind: 'station', node: station.node })}
              >
                <span>{station.name}</span>
                {word !== null ? (
                  <span className="status-word">{word}</span>
                ) : (
                  <span className="number quiet">
                    {frame === undefined
                      ? ''
                      : `${Math.round(100 * frame.utilisation)} % busy, ${formatCount(frame.queue)} waiting`}
                  </span>
                )}
              </Button>
            </li>
          );
        })}
      </ul>
      {all.length > listed.length && (
        <p className="quiet">
          The busiest {listed.length} of {all.length}; the others are in the crowd.
        </p>
      )}
    </section>
  );
}

const plural = (kind: StationKind): string => (kind === 'pubsub' ? 'pub/sub shards' : `${KIND_NAME[kind]}s`);
