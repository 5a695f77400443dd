import { Button } from 'react-aria-components/Button';
import { groupDigits } from '../../base/text.ts';
import { messageName } from '../../views/names.ts';
import { useValue } from '../../views/store/value.ts';
import type { OpenedInfo, Selection } from '../../worker/protocol.ts';
import { useLab, useSummary } from '../lab-context.ts';
import { Deeds } from './deeds.tsx';
import { Facts } from './facts.tsx';
import { HopPanel } from './hop-panel.tsx';
import { Overview } from './overview.tsx';
import { StationPanel } from './station-panel.tsx';
import { UserPanel } from './user-panel.tsx';

/** What is selected, from the inside. */
export function Inspector() {
  const lab = useLab();
  const info = useSummary((summary) => summary.info);
  const selection = useValue(lab.selection);
  if (info === null) return <p className="quiet">Nothing to inspect yet.</p>;
  return (
    <>
      {selection !== null && (
        <Button className="link-button back" onPress={() => lab.select(null)}>
          all stations
        </Button>
      )}
      <Selected selection={selection} info={info} />
      <HopPanel info={info} />
      <Deeds />
    </>
  );
}

function Selected({ selection, info }: { readonly selection: Selection | null; readonly info: OpenedInfo }) {
  const lab = useLab();
  const inspection = useSummary((summary) => summary.inspection);
  if (selection === null) return <Overview info={info} />;
  switch (selection.kind) {
    case 'station': {
      const station = info.stations.find((one) => one.node === selection.node);
      if (station === undefined) return <p>This scenario has no station {selection.node}.</p>;
      return <StationPanel key={station.node} station={station} />;
    }
    case 'user':
      if (selection.user >= info.users) return <p>This scenario has no user {selection.user + 1}.</p>;
      return <UserPanel key={selection.user} user={selection.user} info={info} />;
    case 'seat':
      return (
        <>
          <h2>Seat {groupDigits(selection.seat + 1)}</h2>
          <p className="quiet">Nobody sits here.</p>
        </>
      );
    case 'channel':
    case 'message':
      return (
        <>
          <h2>
            {selection.kind === 'message'
              ? messageName(info, selection.sender, selection.nth)
              : (info.channelNames[selection.channel] ?? `channel ${selection.channel + 1}`)}
          </h2>
          {inspection === null ? (
            <p className="quiet">
              Watched from now on. {lab.store.rows.length === 0 ? 'Nothing of it is traced yet.' : ''}
            </p>
          ) : (
            <Facts inspection={inspection} />
          )}
        </>
      );
  }
}
