import type { Guarantee } from './checker.ts';
import { CommonOrder } from './common-order.ts';
import { DELIVER } from './history.ts';

export const globalOrder: Guarantee = {
  name: 'global-order',
  promise: 'One order of all messages of all channels fits what every user was shown.',
  needs: 'deliver',
  counts: 'histories for which no order fits',
  bears: ['delivery after another', 'deliveries after another'],
  notAtStake: 'nobody is shown two messages',
  listens: [DELIVER],
  create: (ledger, options) => new CommonOrder(ledger, false, options),
};
