import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { Popover } from 'react-aria-components/Popover';
import { Label, Select, SelectValue } from 'react-aria-components/Select';
import { US_PER_SECOND } from '../../base/units.ts';

import type { LinkFault } from '../../system/actions.ts';
import type { Action, StationFrame, StationInfo } from '../../worker/protocol.ts';
import { useLab, useSummary } from '../lab-context.ts';

const SPANS: readonly { readonly id: string; readonly words: string; readonly us: number | null }[] = [
  { id: 'open', words: 'until I mend it', us: null },
  { id: '1', words: 'for 1 s', us: US_PER_SECOND },
  { id: '5', words: 'for 5 s', us: 5 * US_PER_SECOND },
  { id: '30', words: 'for 30 s', us: 30 * US_PER_SECOND },
];

const SLOWER = 10;
const BLOCK_US = 2 * US_PER_SECOND;
const CUT: LinkFault = { cut: true, loss: 0, duplicate: 0, reorder: 0, delayUs: 0 };
const WHOLE: LinkFault = { ...CUT, cut: false };

interface Props {
  readonly station: StationInfo;
  readonly frame: StationFrame | null;
}

/** What a hand can do to a station. Each deed is a line of a script, and the page shows that line. */
export function BreakIt({ station, frame }: Props) {
  const lab = useLab();
  const info = useSummary((summary) => summary.info);
  const [span, setSpan] = useState('open');
  const { node } = station;
  const forUs = SPANS.find((one) => one.id === span)?.us ?? null;
  const others = (info?.stations ?? []).map((one) => one.node).filter((one) => one !== node);
  const act = (action: Action) => lab.act(action);
  const up = frame?.up !== false;
  const slow = (frame?.slowFactor ?? 1) !== 1;
  const cut = frame?.cut === true;
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
        {up ? (
          <Button className="break-button" onPress={() => act({ do: 'crash', node, forUs })}>
            Crash
          </Button>
        ) : (
          <Button className="main-button" onPress={() => act({ do: 'restart', node })}>
            Restart
          </Button>
        )}
        <Button
          className="break-button"
          isDisabled={!up}
          onPress={() => act({ do: 'slow', node, factor: slow ? 1 : SLOWER, forUs: slow ? null : forUs })}
        >
          {slow ? 'Full speed' : `Slow ${SLOWER}×`}
        </Button>
        <Button
          className="break-button"
          isDisabled={others.length === 0}
          onPress={() =>
            act({ do: 'link', from: [node], to: others, fault: cut ? WHOLE : CUT, forUs: cut ? null : forUs })
          }
        >
          {cut ? 'Join again' : 'Cut off'}
        </Button>
        {station.kind === 'ws-server' && (
          <Button
            className="break-button"
            isDisabled={!up}
            onPress={() => act({ do: 'block', node, forUs: BLOCK_US })}
          >
            Block 2 s
          </Button>
        )}
      </div>
      <p className="quiet">
        {cut ? 'No other station reaches it. ' : ''}
        Crash: it stops and forgets its queue. Cut off: it works, and no other station reaches it.
        {station.kind === 'ws-server'
          ? ' Block: its event loop does one long task, and everything waits.'
          : ''}
      </p>
    </section>
  );
}
