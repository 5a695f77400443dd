import { counted } from '../base/text.ts';
import { ackedIsDurable } from './acked-is-durable.ts';
import { answered } from './answered.ts';
import { authorisedOnly } from './authorised-only.ts';
import { causalOrder } from './causal-order.ts';
import type { Guarantee } from './checker.ts';
import { globalOrder } from './global-order.ts';
import { joinedOnly } from './joined-only.ts';
import { noDuplicates } from './no-duplicates.ts';
import { noLoss } from './no-loss.ts';
import { noPhantoms } from './no-phantoms.ts';
import { perChannelOrder } from './per-channel-order.ts';
import { perSenderFifo } from './per-sender-fifo.ts';
import { presenceConverges } from './presence-converges.ts';
import { rateBound } from './rate-bound.ts';
import type { Verdict } from './verdict.ts';

/** All promises that can be judged. A new one is one file, and one line here. */
export const GUARANTEES: readonly Guarantee[] = [
  perSenderFifo,
  perChannelOrder,
  causalOrder,
  globalOrder,
  noLoss,
  noDuplicates,
  noPhantoms,
  authorisedOnly,
  ackedIsDurable,
  rateBound,
  presenceConverges,
  joinedOnly,
  answered,
];

/** Throws RangeError, with all names, when there is none of this name. */
export function guaranteeNamed(name: string, among: readonly Guarantee[] = GUARANTEES): Guarantee {
  const found = among.find((guarantee) => guarantee.name === name);
  if (found === undefined) {
    throw new RangeError(`no guarantee "${name}"; there are ${among.map((one) => one.name).join(', ')}`);
  }
  return found;
}

/** What a verdict rests on, and what is open: `judged on 24 deliveries`; where it was not at stake, only why, as it stands after "not at stake". */
export function groundsOf({ name, judged, reason }: Pick<Verdict, 'name' | 'judged' | 'reason'>): string {
  if (judged === 0) return reason?.replace(/^not at stake: /, '') ?? '';
  const [one, many] = guaranteeNamed(name).bears;
  return `${reason === null ? '' : `${reason}; `}judged on ${counted(judged, one, many)}`;
}
