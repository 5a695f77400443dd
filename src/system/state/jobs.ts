import { EVENT } from '../kinds.ts';
import { copyOfDelivery } from './delivery-word.ts';
import type { WaitingJob } from './station.ts';

/** What a job that waits at a station is about, for whoever looks into a queue. */
export type Job =
  | { readonly of: 'copy'; readonly copy: number }
  | { readonly of: 'connection' | 'history'; readonly user: number }
  | { readonly of: 'nothing' };

/** `userOfSlot` and `copyOfUnacked`: who has a membership, and which copy a delivery that was not acknowledged is of. */
export function jobOf(
  { kind, a, b }: WaitingJob,
  userOfSlot: (slot: number) => number,
  copyOfUnacked: (unacked: number) => number,
): Job {
  switch (kind) {
    case EVENT.HEARTBEAT:
    case EVENT.CONNECTED:
    case EVENT.SUBSCRIBE_AT_SERVER:
      return { of: 'connection', user: a };
    case EVENT.RESUME_AT_DATABASE:
      return { of: 'history', user: a };
    case EVENT.HISTORY_READ:
      return { of: 'history', user: userOfSlot(a) };
    case EVENT.REDELIVER:
      return { of: 'copy', copy: copyOfUnacked(a) };
    case EVENT.DELIVERY_AT_GATEWAY:
      return { of: 'copy', copy: copyOfDelivery(b) };
    case EVENT.RECORD_FOR_NOBODY:
    case EVENT.CLUSTER_BUS:
      return { of: 'nothing' };
    default:
      return { of: 'copy', copy: a };
  }
}
