import type { Table } from '../save/table.ts';
import type { Stage } from '../stage.ts';
import { CURVE_FIELDS, type CurveField } from '../store/curve-columns.ts';

const COLUMNS: Readonly<Record<CurveField, string>> = {
  timeUs: 'until_us',
  sendsPerSecond: 'sent_per_second',
  deliveriesPerSecond: 'delivered_per_second',
  p50Us: 'latency_p50_us',
  p99Us: 'latency_p99_us',
  connections: 'connections_users',
  refusalsPerSecond: 'refused_per_second',
  dropsPerSecond: 'dropped_per_second',
};

/** A row for each interval of virtual time of the run so far, by its end. */
export function curvesTable({ store: { curve } }: Stage): Table {
  const columns = CURVE_FIELDS.map((field) => curve.column(field));
  return {
    columns: CURVE_FIELDS.map((field) => COLUMNS[field]),
    rows: Array.from({ length: curve.length }, (_, i) =>
      columns.map((column) => (Number.isNaN(column[i]) ? null : column[i]!)),
    ),
  };
}
