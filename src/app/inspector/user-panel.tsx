import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { Popover } from 'react-aria-components/Popover';
import { Label, Select, SelectValue } from 'react-aria-components/Select';
import { SeatMark } from '../../views/crowd/seat-mark.tsx';
import { SEAT_WORDS } from '../../views/crowd/seat-shapes.ts';
import { userName } from '../../views/names.ts';
import { useValue } from '../../views/store/value.ts';
import { type OpenedInfo, SEAT_STATES } from '../../worker/protocol.ts';
import { useLab } from '../lab-context.ts';
import { Facts } from './facts.tsx';

const BYTES = 200;

/** One user: where it is connected, what it has, and what a hand can do for or to it. */
export function UserPanel({ user, info }: { readonly user: number; readonly info: OpenedInfo }) {
  const lab = useLab();
  const { inspection } = useValue(lab.store.summary);
  const [chosen, setChosen] = useState<number | null>(null);
  const here =
    inspection?.selection.kind === 'user' && inspection.selection.user === user ? inspection : null;
  const seat = here?.seat ?? null;
  const state = seat === null ? null : (SEAT_STATES[lab.store.seats[seat] ?? 0] ?? 'empty');
  const channels = here?.memberOf ?? [];
  const channel = (channels.find((one) => one.channel === chosen) ?? channels[0])?.channel;
  return (
    <>
      <h2>{userName(info, user)}</h2>
      {state !== null && (
        <p className="seat-line">
          <SeatMark state={state} /> {SEAT_WORDS[state].label}: {SEAT_WORDS[state].means}
        </p>
      )}
      <p className="quiet">Watched: its messages are in the trace from now on.</p>
      <section className="break-it" aria-label="Do something as this user">
        <h3>Do something</h3>
        {channel !== undefined && (
          <Select className="select" value={String(channel)} onChange={(key) => setChosen(Number(key))}>
            <Label className="unseen">Channel</Label>
            <Button className="select-button">
              <SelectValue />
            </Button>
            <Popover className="popover">
              <ListBox className="menu">
                {channels.map((one) => (
                  <ListBoxItem key={one.channel} id={String(one.channel)}>
                    {one.name}
                  </ListBoxItem>
                ))}
              </ListBox>
            </Popover>
          </Select>
        )}
        <div className="break-buttons">
          {channel !== undefined && (
            <Button
              className="small-button"
              onPress={() => lab.act({ do: 'send', user, channel, bytes: BYTES })}
            >
              Send a message
            </Button>
          )}
          <Button className="small-button" onPress={() => lab.act({ do: 'disconnect', user, forUs: null })}>
            Disconnect
          </Button>
          <Button className="small-button" onPress={() => lab.act({ do: 'connect', user })}>
            Connect
          </Button>
        </div>
      </section>
      {here !== null && channels.length === 0 && (
        <p className="quiet">In no channel: there is nobody to send to.</p>
      )}
      {here === null ? <p className="quiet">Asking the simulation…</p> : <Facts inspection={here} />}
    </>
  );
}
