import { connection } from '../../machines/connection.machine.ts';
import { outgoing } from '../../machines/outgoing.machine.ts';

/** The machines that run at a million entities, as tables. */

export const CONNECTION = connection;

const { acked, failed } = outgoing.state;

export const OUTGOING = {
  ...outgoing,
  /** The sender's client has done with it. */
  isDone: (state: number): boolean => state === acked || state === failed,
};
