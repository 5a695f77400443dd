import { columns, f64, type Opened, u8, u32 } from '../../base/columns.ts';

/**
 * Messages under way. An OUTGOING message is what its sender's client remembers until it is acknowledged, refused or given up. A COPY
 * is one transmission of it on its way through the stations: the first, a retry, or what a link has duplicated. A message is named
 * by its sender and its nth (from 1); both pools carry the name, so neither needs the other to live.
 */

export const outgoingColumns = (capacity: number) =>
  columns('outgoing', {
    sender: u32(capacity),
    nth: u32(capacity),
    channel: u32(capacity),
    /** The sender's membership in the channel, or NO_SLOT. */
    slot: u32(capacity),
    bytes: u32(capacity),
    /** State of the outgoing machine. */
    state: u8(capacity),
    attempts: u8(capacity),
    /** How often it was published. */
    published: u8(capacity),
    /** Copies under way that may still bring an acknowledgement. */
    copies: u32(capacity),
    sentUs: f64(capacity),
  });

export function copyColumns(capacity: number, hasSequencers: boolean) {
  const of = {
    sender: u32(capacity),
    nth: u32(capacity),
    channel: u32(capacity),
    /** The sender's membership in the channel, or NO_SLOT. */
    slot: u32(capacity),
    bytes: u32(capacity),
    /** Per-channel sequence number, 0 until it has one. */
    seq: u32(capacity),
    outgoing: u32(capacity),
    /** Generation of the sender's connection: its acknowledgement is for that connection. */
    generation: u32(capacity),
    attempt: u8(capacity),
    /** Next step of the design's flow. */
    step: u8(capacity),
    /** The server that received it and the gateway it came through. */
    server: u32(capacity),
    gateway: u32(capacity),
    /** Events under way that hold it: the journey itself, notifications, deliveries, the acknowledgement. */
    holders: u32(capacity),
    /** When the sender first sent the message. */
    sentUs: f64(capacity),
    /** 1: a copy of the same message was published before. */
    again: u8(capacity),
    /** When it arrived at the station where it is. */
    arrivedUs: f64(capacity),
    /** For a refusal: when the sender may come back. */
    retryAtUs: f64(capacity),
  };
  return columns<typeof of>('copies', { ...of, ...(hasSequencers ? { leader: u32(capacity) } : {}) });
}

export type OutgoingColumns = Opened<ReturnType<typeof outgoingColumns>['columns']>;
export type CopyColumns = Opened<ReturnType<typeof copyColumns>['columns']> & {
  /** The sequencer that a copy was sent to. Only where a design has any: other worlds have no room for it. */
  readonly leader?: Uint32Array;
};

/** The sender is no member of the channel. */
export const NO_SLOT = 0xffff_ffff;

/** A refusal that carries no time. */
export const NEVER_US = -1;
