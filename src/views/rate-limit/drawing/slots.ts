import type { Decision } from '../../../algorithms/rate-limit/decisions.ts';
import type { Lane } from './lanes.ts';

/** A request that counts, as a bar in one of the limit's places: it takes a place when it is allowed and gives it back when it is too old. */
export interface SlotBar {
  /** Place of the request in the timeline. */
  readonly request: number;
  readonly slot: number;
  readonly fromUs: number;
  /** The first microsecond in which it does not count any more. */
  readonly toUs: number;
}

/** More places than this are drawn as a curve. */
const MOST_SLOTS = 10;

/** Whether the limit is a number of places that whole requests take, few enough to draw each. */
export const hasSlots = ({ config, decisions }: Lane): boolean =>
  (config.algorithm === 'sliding-window-log' || config.algorithm === 'fixed-window') &&
  config.limit <= MOST_SLOTS &&
  config.refusedCount !== true &&
  decisions.length > 0;

/** The bars of the allowed requests, each in the lowest place that is free. */
export function slotBars({ config, decisions }: Lane): readonly SlotBar[] {
  const freeFromUs = new Float64Array(config.limit);
  const bars: SlotBar[] = [];
  decisions.forEach((decision, request) => {
    if (!decision.allowed) return;
    const toUs = endOf(decision, config.windowUs, config.boundary === 'inclusive');
    const slot = freeFromUs.findIndex((fromUs) => fromUs <= decision.timeUs);
    if (slot < 0) throw new Error('defect: more requests are allowed than the limit has places');
    freeFromUs[slot] = toUs;
    bars.push({ request, slot, fromUs: decision.timeUs, toUs });
  });
  return bars;
}

function endOf({ timeUs, stateAfter }: Decision, windowUs: number, inclusive: boolean): number {
  return stateAfter.kind === 'window' ? stateAfter.windowEndUs : timeUs + windowUs + (inclusive ? 1 : 0);
}
