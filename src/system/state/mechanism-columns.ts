import { columns, u8, u32 } from '../../base/columns.ts';
import { type Pool, poolColumns } from './pool.ts';

/** Columns that only some designs need: see mechanisms.ts. */

export const heldColumns = (users: number) =>
  columns('held', {
    /** Messages that wait at a user's client. */
    waiting: u32(users),
    /** Messages that it was shown: tells whether anything happened since a gap was noticed. */
    shown: u32(users),
  });

export interface HeldColumns {
  readonly waiting: Uint32Array;
  readonly shown: Uint32Array;
}

export const unackedColumns = (capacity: number) =>
  columns('unacked', {
    slot: u32(capacity),
    copy: u32(capacity),
    server: u32(capacity),
    generation: u32(capacity),
    key: u32(capacity),
    attempts: u8(capacity),
  });
export const unackedPoolColumns = (capacity: number) => poolColumns('unackedPool', capacity);

export interface Unacked {
  readonly slot: Uint32Array;
  readonly copy: Uint32Array;
  readonly server: Uint32Array;
  readonly generation: Uint32Array;
  readonly key: Uint32Array;
  readonly attempts: Uint8Array;
  readonly pool: Pool;
}

/** What mistakes remember that are made on purpose. */
export const mistakenColumns = (slots: number) =>
  columns('mistaken', {
    /** Where a member stood when it left, + 1. */
    place: u32(slots),
    /** [0] the sequencer that has numbered last, + 1. */
    leader: u32(1),
  });

export interface Mistaken {
  readonly place: Uint32Array;
  readonly leader: Uint32Array;
}
