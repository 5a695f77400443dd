import type { TraceRow } from '../trace/trace.ts';

/** The rows by time, those of one moment in the order of the trace; the rows themselves when they are in this order already. */
export function inTimeOrder(rows: readonly TraceRow[]): readonly TraceRow[] {
  const isSorted = rows.every((row, i) => i === 0 || rows[i - 1]!.timeUs <= row.timeUs);
  return isSorted ? rows : [...rows].sort((a, b) => a.timeUs - b.timeUs || a.id - b.id);
}
