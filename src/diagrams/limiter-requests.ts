import type { RateLimit } from '../system/design/design.ts';
import type { StationKind } from '../system/design/stations.ts';
import { type TraceRow, USER_NODE } from '../trace/trace.ts';

/** A request of one user as the limiter of the run decided it. */
export interface LimiterRequest {
  readonly timeUs: number;
  readonly allowed: boolean;
}

export interface LimiterRequests {
  readonly requests: readonly LimiterRequest[];
  /** When the counter began: at a server it belongs to the connection, so a new connection begins anew. 0: with the run. */
  readonly sinceUs: number;
}

/**
 * The requests of a user that the run's limiter has decided, from the rows of the trace, in order. Where it stands decides which row that is:
 * at the gateway it decides when a message arrives; at the server when the server has read it, which is when it sends it on or refuses it; as a
 * service when its answer leaves it, and the verdict is known when the answer is back at the server. (A leaky bucket as queue at the server
 * sends on later than it decides: the rows do not say by how much.)
 */
export function limiterRequests(
  rows: readonly TraceRow[],
  user: number,
  placement: RateLimit['placement'],
  kindOf: (node: number) => StationKind | undefined,
): LimiterRequests {
  /** By message and attempt. */
  const found = new Map<string, { readonly timeUs: number; readonly allowed: boolean }>();
  /** Answers of the service that are on their way back: when they left it. */
  const leftUs = new Map<string, number>();
  let sinceUs = 0;
  for (const row of rows) {
    if (placement === 'server' && row.kind === 'connect' && row.node === USER_NODE + user) {
      found.clear();
      sinceUs = row.timeUs;
    }
    if (row.sender !== user) continue;
    const { timeUs } = row;
    const key = `${row.nth}.${row.attempt}`;
    const kind = kindOf(row.node);
    const known = found.get(key);
    switch (row.kind) {
      case 'arrive':
        if (placement === 'gateway' && kind === 'gateway' && known === undefined)
          found.set(key, { timeUs, allowed: true });
        if (placement === 'service' && kind === 'ws-server' && leftUs.has(key)) {
          found.set(key, { timeUs: leftUs.get(key) ?? timeUs, allowed: true });
          leftUs.delete(key);
        }
        break;
      case 'forward': {
        const to = kindOf(row.peer);
        if (placement === 'service' && kind === 'limiter') leftUs.set(key, timeUs);
        if (placement === 'server' && kind === 'ws-server' && known === undefined)
          if (to === 'chat-service' || to === 'limiter') found.set(key, { timeUs, allowed: true });
        break;
      }
      case 'refuse': {
        if (row.reason !== 'rate-limit') break;
        const here = placement === 'gateway' ? kind === 'gateway' : kind === 'ws-server';
        if (placement === 'server' && here && known === undefined) found.set(key, { timeUs, allowed: false });
        else if (placement !== 'server' && here && known !== undefined)
          found.set(key, { timeUs: known.timeUs, allowed: false });
        break;
      }
      case 'drop':
        // The limiter's station was down: nobody has decided anything.
        if (row.reason === 'station-down' && known?.timeUs === timeUs) found.delete(key);
        break;
    }
  }
  return { requests: [...found.values()].sort((a, b) => a.timeUs - b.timeUs), sinceUs };
}
