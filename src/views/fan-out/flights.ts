import type { TraceRow } from '../../worker/protocol.ts';

/** At most so many are kept; of more the picture says how many it leaves out. */
const MOST = 2_000;

/**
 * The copies that are under way, and those that have just arrived: read from the trace row by row as it grows, from the start again
 * after a rewind.
 */
export class Flights {
  /** 'forward' and 'drop' rows of the recent past, oldest first. */
  readonly recent: TraceRow[] = [];
  leftOut = 0;
  #read = 0;
  #last: TraceRow | null = null;
  #timeUs = 0;
  #wanted = '';

  /**
   * Takes in what is new. `wanted` names what `isWanted` keeps: when it changes, all is read anew. What ended before `sinceUs` is
   * forgotten.
   */
  update(
    rows: readonly TraceRow[],
    timeUs: number,
    sinceUs: number,
    wanted: string,
    isWanted: (row: TraceRow) => boolean,
  ): void {
    const isSame =
      wanted === this.#wanted &&
      timeUs >= this.#timeUs &&
      rows.length >= this.#read &&
      (this.#read === 0 || rows[this.#read - 1] === this.#last);
    if (!isSame) {
      this.recent.length = 0;
      this.#read = 0;
    }
    this.#wanted = wanted;
    this.#timeUs = timeUs;
    this.leftOut = 0;
    for (; this.#read < rows.length; this.#read++) {
      const row = rows[this.#read]!;
      if ((row.kind !== 'forward' && row.kind !== 'drop') || row.dueUs < sinceUs || row.peer === row.node)
        continue;
      if (isWanted(row)) this.recent.push(row);
    }
    this.#last = rows[this.#read - 1] ?? null;
    let kept = 0;
    for (const row of this.recent) {
      if (row.dueUs < sinceUs) continue;
      if (kept < MOST) this.recent[kept++] = row;
      else this.leftOut++;
    }
    this.recent.length = kept;
  }
}
