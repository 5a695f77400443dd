import { mix32 } from '../../base/hash.ts';
import { TRACE_KINDS } from '../../trace/trace.ts';
import { KIND, type Tracer } from '../../trace/tracer.ts';

/**
 * What a history tells its checkers, as 64 bits: what was sent, stored, acknowledged and shown, in this order, whatever the times. Kept for
 * each row of the trace, so that a step back costs nothing.
 */
export interface ToldHistory {
  /** Reads the rows that are new. Then `high` and `low` are the hash of all rows. */
  readTo(tracer: Tracer): void;
  readonly high: number;
  readonly low: number;
  /** Forgets all but so many rows. */
  truncate(rows: number): void;
}

/** Rows of the trace that a history is made of. */
const TOLD = new Set(
  ['send', 'accept', 'persist', 'ack', 'nack', 'deliver', 'lost', 'join', 'leave'].map(
    (kind) => KIND[kind as keyof typeof KIND],
  ),
);

/** `withTimes`: a promise about windows of time depends on when things were told, too. */
export function toldHistory(withTimes: boolean): ToldHistory {
  const highs: number[] = [];
  const lows: number[] = [];
  let high = 1;
  let low = 2;
  /** Each field is mixed in before the next one comes: (nth 2, channel 0) is not (nth 3, channel 1). */
  const add = (field: number): void => {
    high = mix32(high ^ field);
    low = mix32(Math.imul(low, 0x9e3779b1) + field);
  };
  const last = (): void => {
    high = highs.length === 0 ? 1 : highs[highs.length - 1]!;
    low = lows.length === 0 ? 2 : lows[lows.length - 1]!;
  };
  return {
    get high() {
      return high;
    },
    get low() {
      return low;
    },
    readTo(tracer) {
      for (let id = highs.length; id < tracer.length; id++) {
        const row = tracer.row(id);
        const kind = TRACE_KINDS.indexOf(row.kind);
        if (TOLD.has(kind)) {
          for (const field of [kind, row.node, row.sender, row.nth, row.channel]) add(field);
          if (withTimes) add(row.timeUs);
        }
        highs.push(high);
        lows.push(low);
      }
    },
    truncate(rows) {
      if (rows >= highs.length) return;
      highs.length = rows;
      lows.length = rows;
      last();
    },
  };
}
