import type { StationKind, Structure, TraceRow } from '../../worker/protocol.ts';

/** A request of one user as the limiter of the run decided it. */
export interface LimiterRequest {
  readonly timeUs: number;
  readonly allowed: boolean;
}

export type Placement = Extract<Structure, { kind: 'window' }>['placement'];

/**
 * The requests of a user that the run's limiter has decided, from the rows of the trace, in order. Where it stands decides which row that is:
 * at the gateway and at the server it decides when a message arrives there; as a service it has decided when its answer leaves it, and the
 * verdict is known when the answer is back at the server.
 */
export function limiterRequests(
  rows: readonly TraceRow[],
  user: number,
  placement: Placement,
  kindOf: (node: number) => StationKind | undefined,
): readonly LimiterRequest[] {
  const found: { timeUs: number; allowed: boolean }[] = [];
  /** By message and attempt: where it stands in `found`. */
  const at = new Map<string, number>();
  /** Answers of the service that are on their way back: when they left it. */
  const leftUs = new Map<string, number>();
  const decided = (key: string, timeUs: number): void => {
    at.set(key, found.length);
    found.push({ timeUs, allowed: true });
  };
  for (const row of rows) {
    if (row.sender !== user) continue;
    const key = `${row.nth}.${row.attempt}`;
    const kind = kindOf(row.node);
    if (row.kind === 'arrive') {
      if (placement === 'gateway' && kind === 'gateway' && !at.has(key)) decided(key, row.timeUs);
      if (placement === 'server' && kind === 'ws-server' && kindOf(row.peer) === 'gateway' && !at.has(key))
        decided(key, row.timeUs);
      if (placement === 'service' && kind === 'ws-server' && leftUs.has(key)) {
        decided(key, leftUs.get(key) ?? row.timeUs);
        leftUs.delete(key);
      }
    } else if (row.kind === 'forward' && placement === 'service' && kind === 'limiter') {
      leftUs.set(key, row.timeUs);
    } else if (row.kind === 'refuse' && row.reason === 'rate-limit') {
      const place = at.get(key);
      if (place !== undefined) found[place] = { ...found[place]!, allowed: false };
    } else if (row.kind === 'drop' && row.reason === 'station-down') {
      // The limiter's station was down: nobody has decided anything.
      const place = at.get(key);
      if (place !== undefined && found[place]!.timeUs === row.timeUs) found[place]!.timeUs = -1;
    }
  }
  return found.filter(({ timeUs }) => timeUs >= 0).sort((a, b) => a.timeUs - b.timeUs);
}
