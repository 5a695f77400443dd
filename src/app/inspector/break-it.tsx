import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { Popover } from 'react-aria-components/Popover';
import { Label, Select, SelectValue } from 'react-aria-components/Select';
import { US_PER_SECOND } from '../../base/units.ts';
import { stationDeeds } from '../../views/station-deeds.ts';
import type { StationFrame, StationInfo } from '../../worker/protocol.ts';
import { useLab, useSummary } from '../lab-context.ts';

const SPANS: readonly { readonly id: string; readonly words: string; readonly us: number | null }[] = [
  { id: 'open', words: 'until I mend it', us: null },
  { id: '1', words: 'for 1 s', us: US_PER_SECOND },
  { id: '5', words: 'for 5 s', us: 5 * US_PER_SECOND },
  { id: '30', words: 'for 30 s', us: 30 * US_PER_SECOND },
];

interface Props {
  readonly station: StationInfo;
  readonly frame: StationFrame | null;
}

/** What a hand can do to a station. Each deed is a line of a script, and the page shows that line. */
export function BreakIt({ station, frame }: Props) {
  const lab = useLab();
  const info = useSummary((summary) => summary.info);
  const [span, setSpan] = useState('open');
  const forUs = SPANS.find((one) => one.id === span)?.us ?? null;
  return (
    <section className="break-it" aria-label="Break it here">
      <h3>Break it here</h3>
      <Select className="select" value={span} onChange={(key) => setSpan(String(key))}>
        <Label className="unseen">For how long, in virtual time</Label>
        <Button className="select-button">
          <SelectValue />
        </Button>
        <Popover className="popover">
          <ListBox className="menu">
            {SPANS.map((one) => (
              <ListBoxItem key={one.id} id={one.id}>
                {one.words}
              </ListBoxItem>
            ))}
          </ListBox>
        </Popover>
      </Select>
      <div className="break-buttons">
        {stationDeeds(info?.stations ?? [], station, frame).map(
          ({ id, words, mends, isPossible, action }) => (
            <Button
              key={id}
              className={mends && id === 'crash' ? 'main-button' : 'break-button'}
              isDisabled={!isPossible}
              onPress={() => lab.act(action(forUs))}
            >
              {words}
            </Button>
          ),
        )}
      </div>
      <p className="quiet">
        {frame?.cut === true ? 'No other station reaches it. ' : ''}
        Crash: it stops and forgets its queue. Cut off: it works, and no other station reaches it.
        {station.kind === 'ws-server'
          ? ' Block: its event loop does one long task, and everything waits.'
          : ''}
      </p>
    </section>
  );
}
