import { firstWhere } from '../../base/first-where.ts';
import type { CurvePoint } from '../../worker/protocol.ts';

export const CURVE_FIELDS = [
  'timeUs',
  'sendsPerSecond',
  'deliveriesPerSecond',
  'p50Us',
  'p99Us',
  'connections',
  'refusalsPerSecond',
  'dropsPerSecond',
] as const satisfies readonly (keyof CurvePoint)[];

export type CurveField = (typeof CURVE_FIELDS)[number];

/** All curve points of the run so far, a column a field, in order of time. */
export class CurveColumns {
  length = 0;
  #capacity = 1024;
  readonly #columns: Record<CurveField, Float64Array>;

  constructor() {
    this.#columns = Object.fromEntries(
      CURVE_FIELDS.map((field) => [field, new Float64Array(this.#capacity)]),
    ) as Record<CurveField, Float64Array>;
  }

  /** The first `length` elements are in use. */
  column(field: CurveField): Float64Array {
    return this.#columns[field];
  }

  get latestTimeUs(): number {
    return this.length === 0 ? 0 : this.#columns.timeUs[this.length - 1]!;
  }

  push(points: readonly CurvePoint[]): void {
    for (const point of points) {
      if (this.length === this.#capacity) this.#grow();
      for (const field of CURVE_FIELDS) this.#columns[field][this.length] = point[field];
      this.length++;
    }
  }

  /** Forgets every point that ends after `timeUs`. */
  truncate(timeUs: number): void {
    this.length = this.after(timeUs);
  }

  /** Index of the first point that ends after `timeUs`. */
  after(timeUs: number): number {
    return firstWhere(this.length, (point) => this.#columns.timeUs[point]! > timeUs);
  }

  #grow(): void {
    this.#capacity *= 2;
    for (const field of CURVE_FIELDS) {
      const wider = new Float64Array(this.#capacity);
      wider.set(this.#columns[field]);
      this.#columns[field] = wider;
    }
  }
}
