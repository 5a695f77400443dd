import type { Run } from '../../run/run.ts';
import type { Crowd } from '../crowd.ts';
import type { Inspection, Selection } from '../protocol.ts';
import { inspectChannel } from './channel.ts';
import { inspectMessage } from './message.ts';
import { inspectStation } from './station.ts';
import { inspectUser } from './user.ts';

/**
 * The state of one thing as facts and as the data structures that hold it; null when there is no such thing, or nobody in the seat.
 * Reads the world and changes nothing of it.
 */
export function inspect(run: Run, crowd: Crowd, selection: Selection): Inspection | null {
  switch (selection.kind) {
    case 'station':
      return inspectStation(run, selection.node);
    case 'user':
      return inspectUser(run, crowd, selection.user);
    case 'seat': {
      const user = crowd.occupant(selection.seat);
      return user < 0 ? null : inspectUser(run, crowd, user);
    }
    case 'channel':
      return inspectChannel(run, selection.channel);
    case 'message':
      return inspectMessage(run, selection.sender, selection.nth);
  }
}
