import type { Guarantee } from './checker.ts';
import { CommonOrder } from './common-order.ts';
import { DELIVER } from './history.ts';

export const perChannelOrder: Guarantee = {
  name: 'per-channel-order',
  promise: 'For each channel there is one order of its messages that fits what every member was shown.',
  needs: 'deliver',
  counts: 'channels for which no order fits',
  bears: ['delivery after another in the channel', 'deliveries after another in the channel'],
  notAtStake: 'nobody is shown two messages in one channel',
  listens: [DELIVER],
  create: (ledger, options) => new CommonOrder(ledger, true, options),
};
