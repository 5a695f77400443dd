import type { Context } from '../system/context.ts';
import { countLost } from './lost.ts';
import { findUnderWay } from './under-way.ts';
import { ackWaits, deliveryWaits, reconnectWaits, type WaitName, type Waits } from './waits.ts';

/** What must be looked for in the whole world: every user, every membership, all that is still to happen. */
export interface Findings extends Readonly<Record<WaitName, Waits>> {
  /** Deliveries that were lost; more than `count` where no room was left to remember them all. */
  readonly lost: { readonly count: number; readonly isAtLeast: boolean };
}

/** Each is looked for when it is first asked for, and then kept: to be asked at one moment of the run. */
export function findingsOf(context: Context): Findings {
  const once = <T>(find: () => T): (() => T) => {
    let found: T | undefined;
    return () => (found ??= find());
  };
  const underWay = once(() => findUnderWay(context));
  const delivery = once(() => deliveryWaits(context, 'all', underWay()));
  const honestDelivery = once(() => deliveryWaits(context, 'honest', underWay()));
  const ack = once(() => ackWaits(context, 'all'));
  const honestAck = once(() => ackWaits(context, 'honest'));
  const reconnect = once(() => reconnectWaits(context));
  const lost = once(() => ({
    count: countLost(context, underWay()),
    isAtLeast: context.mechanisms.passed?.isPartOfThem() ?? false,
  }));
  return {
    get delivery() {
      return delivery();
    },
    get honestDelivery() {
      return honestDelivery();
    },
    get ack() {
      return ack();
    },
    get honestAck() {
      return honestAck();
    },
    get reconnect() {
      return reconnect();
    },
    get lost() {
      return lost();
    },
  };
}
