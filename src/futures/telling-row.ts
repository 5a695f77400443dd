import type { TraceKind, TraceRow } from '../trace/trace.ts';
import type { Tracer } from '../trace/tracer.ts';

/** What explains most comes first: what was broken, what was lost, what was decided. */
const TELLING: readonly (readonly TraceKind[])[] = [
  ['crash', 'cut', 'block', 'slow', 'set', 'restart'],
  ['lost', 'fail', 'drop', 'refuse', 'disconnect'],
  ['deliver', 'duplicate', 'buffer', 'persist', 'ack', 'nack'],
  ['retry', 'connect', 'reconnect', 'resume', 'join', 'leave'],
  ['publish', 'forward', 'send', 'validate', 'begin', 'arrive', 'say'],
];

/** The row of [from, to) that tells most of what happened there; of several ways the longest, else the last. Null when there is none. */
export function tellingRow(tracer: Tracer, from: number, to: number): TraceRow | null {
  let best: TraceRow | null = null;
  let bestRank = TELLING.length;
  for (let id = from; id < to; id++) {
    const row = tracer.row(id);
    const rank = TELLING.findIndex((kinds) => kinds.includes(row.kind));
    const isShorter = rank === bestRank && best !== null && wayUs(row) < wayUs(best);
    if (rank >= 0 && rank <= bestRank && !isShorter) {
      best = row;
      bestRank = rank;
    }
  }
  return best;
}

const wayUs = ({ departUs, dueUs }: TraceRow): number => dueUs - departUs;
