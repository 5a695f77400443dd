import type { TraceRow } from '../../../src/trace/trace.ts';

/** The rows that lines of JSON hold, without the names that each line has beside its numbers. */
export const readBack = (lines: readonly string[]): TraceRow[] =>
  lines.map((line) => {
    const { nodeName, peerName, message, channelName, ...row } = JSON.parse(line);
    return row;
  });
