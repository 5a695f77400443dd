import { VIEWS } from '../views/registry.ts';
import type { OpenedInfo, Selection } from '../worker/protocol.ts';

/** What a link names and this page or run has not. */

/** A sentence when there is no such picture. */
export function whyNoPicture(id: string | null | undefined): string | null {
  if (id == null || VIEWS.some((view) => view.id === id)) return null;
  return `There is no picture "${id}". There are ${VIEWS.map((view) => view.id).join(', ')}.`;
}

/** A sentence when what is selected is nothing of this run. A message may still have to be sent. */
export function whyNotSelected(selection: Selection | null, info: OpenedInfo): string | null {
  const among = (what: string, place: number, count: number): string | null =>
    place < count ? null : `The link selects ${what} ${place + 1}, and there are ${count} here.`;
  switch (selection?.kind) {
    case undefined:
      return null;
    case 'station':
      return among('station', selection.node, info.stations.length);
    case 'user':
      return among('user', selection.user, info.users);
    case 'seat':
      return among('seat', selection.seat, info.crowd.seats);
    case 'channel':
      return among('channel', selection.channel, info.channels);
    case 'message':
      return among('a message of user', selection.sender, info.users);
  }
}
