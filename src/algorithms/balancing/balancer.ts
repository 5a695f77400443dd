import type { Column, ColumnGroup, Opened } from '../../base/columns.ts';

/**
 * Chooses a server for each new connection. Servers are numbered 0 .. servers - 1. All state lives in columns, so a snapshot of
 * the columns is one of the balancer. Nothing allocates.
 *
 * Every method that takes a server throws RangeError when there is no such server.
 */
export interface Balancer {
  /**
   * The server for a connection of the user with this key, or -1 when none is up and below its limit. `choice` is a random word in
   * [0, 2^32), used by those algorithms that take chances; the same state, key and word give the same server.
   * It counts nothing: whoever opens the connection says so with `connected`.
   */
  pick(userKey: number, choice: number): number;
  connected(server: number): void;
  /** Throws Error when the server has no connection. */
  disconnected(server: number): void;
  /** A server that is not up is not picked. Its connections stay counted until they are `disconnected`. */
  setUp(server: number, up: boolean): void;
  isUp(server: number): boolean;
  connections(server: number): number;
  /** How many servers are up and below their limit. */
  available(): number;
}

/** How large a balancer is. */
export interface BalancerSize {
  readonly servers: number;
  /** The most connections of each server. */
  readonly maxConnections: number;
  /** Consistent hashing: points on the ring for each server. Absent: 128. */
  readonly virtualNodes?: number;
  /** Name of the column group; one for each balancer of a world. Absent: `balancer`. */
  readonly name?: string;
}

/** The columns that a balancer needs and how to open it on them. */
export interface BalancerPlan {
  readonly group: ColumnGroup;
  /** Opens the balancer on a world (`(g) => openColumns(world, g)`) or by itself (`standaloneColumns`). All servers of a new world are up. */
  open(columnsOf: OpenColumns): Balancer;
}

/** Gives the typed arrays of a group: `standaloneColumns`, or those of a world. */
export type OpenColumns = <C extends Record<string, Column>>(group: ColumnGroup<C>) => Opened<C>;
