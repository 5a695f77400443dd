import { csvFormatRow } from 'd3-dsv';

/** The data behind a picture. Units stand last in the columns' names: `time_us`, `queue_messages`. */
export interface Table {
  readonly columns: readonly string[];
  /** A cell for each column; null for what is not known or does not apply. */
  readonly rows: readonly (readonly Cell[])[];
}

export type Cell = string | number | boolean | null;

/**
 * The table as RFC 4180 has it: a header row, CRLF after every row, fields quoted where they need it. A text that a spreadsheet would take
 * for a formula gets an apostrophe in front: names come from a scenario, and a scenario can come from a stranger.
 */
export const csvOf = ({ columns, rows }: Table): string =>
  [columns, ...rows].map((row) => `${csvFormatRow(row.map(field))}\r\n`).join('');

const field = (cell: Cell): string =>
  cell === null ? '' : typeof cell === 'string' && /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : String(cell);
