import { US_PER_SECOND } from '../../base/units.ts';
import { createDuration } from '../../kernel/distributions.ts';
import type { Context } from '../context.ts';
import { EVENT } from '../kinds.ts';
import { PURPOSE } from '../purposes.ts';
import type { Connections } from './connections.ts';

/** The workload closes and reopens connections: of a random user each time, at exponential gaps. */
export interface Churn {
  scheduleFirst(): void;
  /** The nth renewal is due. */
  happen(nth: number): void;
}

export function createChurn(ctx: Context, connections: Connections): Churn {
  const { workload, choices, events } = ctx;
  const perUs = (workload.churnPerSecond * workload.users * workload.online) / US_PER_SECOND;
  const gapUs = perUs > 0 ? createDuration({ kind: 'exponential', meanUs: 1 / perUs }) : null;
  const schedule = (nth: number): void => {
    if (gapUs === null) return;
    events.schedule(events.nowUs() + gapUs(choices.u32(PURPOSE.CHURN_GAP, 0, nth)), EVENT.CHURN, nth, 0, 0);
  };
  return {
    scheduleFirst: () => schedule(0),
    happen(nth) {
      schedule(nth + 1);
      const u = choices.u32(PURPOSE.CHURN_USER, 0, nth);
      connections.renew(Math.floor((u / 0x1_0000_0000) * workload.users));
    },
  };
}
