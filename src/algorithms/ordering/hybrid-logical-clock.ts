import { columns, f64, type Opened, u32 } from '../../base/columns.ts';

/**
 * Hybrid logical clocks (Kulkarni, Demirbas, Madappa, Avva, Leone, "Logical physical clocks", OPODIS 2014, figure 5). A stamp is (l, c): l is
 * the latest physical time heard of, c counts what happened within it. Stamps grow along every cause, however far the clocks are apart,
 * and l stays as near to physical time as the fastest clock heard of.
 */

/** 64 bits on the wire: 48 of time, 16 of the counter (the paper, section 6). */
export const HYBRID_BYTES = 8;

/** The columns of the clocks of so many processes. */
export const hybridColumns = (processes: number) =>
  columns('hybridClocks', { l: f64(processes), c: u32(processes) });
/** The opened columns of the clocks. */
export type HybridColumns = Opened<ReturnType<typeof hybridColumns>['columns']>;

/** A clock for each process, numbered from 0. */
export interface HybridClocks {
  /** Process p, whose own clock reads `physicalUs`, sends. Afterwards `l` and `c` of p are the stamp of the message. */
  send(p: number, physicalUs: number): void;
  /** Process p receives a message with stamp (l, c). */
  receive(p: number, physicalUs: number, l: number, c: number): void;
  l(p: number): number;
  c(p: number): number;
}

/** The clocks on their columns. */
export function openHybridClocks(columnsOf: HybridColumns): HybridClocks {
  const { l: ls, c: cs } = columnsOf;
  return {
    l: (p) => ls[p],
    c: (p) => cs[p],
    send(p, physicalUs) {
      if (physicalUs > ls[p]) {
        ls[p] = physicalUs;
        cs[p] = 0;
      } else cs[p]++;
    },
    receive(p, physicalUs, l, c) {
      const mine = ls[p];
      const latest = Math.max(mine, l, physicalUs);
      if (latest === mine && latest === l) cs[p] = Math.max(cs[p], c) + 1;
      else if (latest === mine) cs[p]++;
      else if (latest === l) cs[p] = c + 1;
      else cs[p] = 0;
      ls[p] = latest;
    },
  };
}
