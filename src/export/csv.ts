import { csvFormatRow } from 'd3-dsv';
import type { Names, TraceRow } from '../trace/trace.ts';
import { type JsonRow, jsonRow } from './json-lines.ts';

const COLUMNS = [
  'id',
  'timeUs',
  'kind',
  'nodeName',
  'peerName',
  'message',
  'channelName',
  'attempt',
  'seq',
  'cause',
  'departUs',
  'dueUs',
  'reason',
] as const satisfies readonly (keyof JsonRow)[];

/**
 * The trace as a table (RFC 4180): a row of it a line, with the fields of the JSON Lines that people read; times in microseconds. A field that the row
 * does not have is empty.
 */
export function* toCsv(rows: Iterable<TraceRow>, names: Names): Iterable<string> {
  yield `${csvFormatRow(COLUMNS)}\n`;
  for (const row of rows) {
    const named = jsonRow(row, names);
    yield `${csvFormatRow(COLUMNS.map((column) => String(named[column] ?? '')))}\n`;
  }
}
