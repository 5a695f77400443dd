import type { StationKind } from '../../worker/protocol.ts';

/** The shape of each kind of station in a box of 12 by 12, the same as in the inspector's lists. */
export const KIND_ICONS: Readonly<Record<StationKind, string>> = {
  gateway: 'M6 0L12 6L6 12L0 6Z',
  'ws-server': 'M0.5 0.5H11.5V11.5H0.5Z',
  pubsub: 'M6 0A6 6 0 1 1 6 12A6 6 0 1 1 6 0Z',
  'chat-service': 'M6 0L12 12H0Z',
  database: 'M0 3A6 3 0 0 1 12 3V9A6 3 0 0 1 0 9Z',
  limiter: 'M0 0H12L7.2 12H4.8Z',
  sequencer: 'M3 0.8H9L12 6L9 11.2H3L0 6Z',
};
