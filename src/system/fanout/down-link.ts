import type { Context } from '../context.ts';
import { createPolls } from './polls.ts';

/**
 * When something that a server sends to a client is there. A connection keeps order, so nothing is due before what was sent earlier.
 *
 * WebSocket and SSE push. With long polling (RFC 6202, section 2) a message that finds no request waiting at the server waits for the next
 * one: the response before it must reach the client and the client's request the server; what waits together travels in one response.
 */
export function createDownLink(ctx: Context): (user: number, departUs: number, dueUs: number) => number {
  const { users } = ctx;
  const polls = createPolls(ctx);
  const { pair } = users;
  /** When the last thing sent is due, from its low 32 bits; refreshed by heartbeats and polls, so never more than 2^31 us away. */
  const lastDueUs = (user: number, nearUs: number): number => nearUs - ((nearUs - pair[2 * user + 1]) | 0);

  if (polls === null) {
    return (user, _departUs, dueUs) => {
      const lastUs = lastDueUs(user, dueUs);
      return lastUs > dueUs ? lastUs : dueUs;
    };
  }
  return (user, departUs, dueUs) => {
    const lastUs = lastDueUs(user, dueUs);
    const onWayUs = dueUs - departUs;
    if (lastUs - onWayUs > departUs) return lastUs;
    const requestThereUs = polls.requestAtUs(user, lastUs);
    return requestThereUs > departUs ? requestThereUs + onWayUs : dueUs;
  };
}
