import type { Names, TraceRow } from '../trace/trace.ts';
import { toCsv } from './csv.ts';
import { type HistoryOptions, toHistory } from './history.ts';
import { toJepsen } from './jepsen.ts';
import { toJsonLines } from './json-lines.ts';
import { toOtlp } from './otlp.ts';
import { type ExportStation, toPerfetto } from './perfetto.ts';
import { toShiViz } from './shiviz.ts';

/** What a file is written from: the rows of a trace, and how the run ended (for the history). */
export interface ExportInput extends HistoryOptions {
  readonly rows: readonly TraceRow[];
  readonly names: Names;
  readonly stations: readonly ExportStation[];
}

export interface ExportFormat {
  /** One sentence: what it is, and what opens it. */
  readonly description: string;
  /** With the dot. */
  readonly extension: string;
  /** The file in pieces, in order. */
  write(input: ExportInput): Iterable<string>;
}

/** Every format by its name on the command line. To add one: a file, and a line here. */
export const EXPORTS = {
  jsonl: {
    description: 'Every row of the trace, one JSON object a line.',
    extension: '.jsonl',
    write: ({ rows, names }) => toJsonLines(rows, names),
  },
  shiviz: {
    description: 'A log with vector clocks that ShiViz draws as a space-time diagram.',
    extension: '.log',
    write: ({ rows, names }) => toShiViz(rows, names),
  },
  perfetto: {
    description: 'Trace events with flow arrows from hop to hop, for ui.perfetto.dev.',
    extension: '.json',
    write: ({ rows, names, stations }) => toPerfetto(rows, names, stations),
  },
  history: {
    description: 'What users did and were shown, one event a line, as the verb check reads it.',
    extension: '.jsonl',
    write: (input) => toHistory(input.rows, input.names, input),
  },
  csv: {
    description: 'Every row of the trace as a line of a table, for spreadsheets.',
    extension: '.csv',
    write: ({ rows, names }) => toCsv(rows, names),
  },
  otlp: {
    description: 'OpenTelemetry spans as OTLP JSON, a trace a message, for Jaeger and its like.',
    extension: '.json',
    write: ({ rows, names, stations }) => toOtlp(rows, names, stations),
  },
  jepsen: {
    description: 'Sends and deliveries as operations of a Jepsen history, EDN.',
    extension: '.edn',
    write: (input) => toJepsen(input.rows, input.names, input),
  },
} as const satisfies Readonly<Record<string, ExportFormat>>;

/** The name of a format. */
export type ExportName = keyof typeof EXPORTS;
/** Every format of a trace. */
export const EXPORT_FORMATS = Object.keys(EXPORTS) as readonly ExportName[];

export const isExportFormat = (name: string): name is ExportName => Object.hasOwn(EXPORTS, name);

/** The file of a format, in pieces. */
export function exportTrace(format: ExportName, input: ExportInput): Iterable<string> {
  return EXPORTS[format].write(input);
}
