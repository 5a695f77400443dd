/** The boxes of the fan-out picture and what they are called: the layout places them, the links join them. */
export type BoxRole = 'clients' | 'station' | 'rest' | 'frame';

export interface Box {
  readonly id: string;
  readonly role: BoxRole;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const CLIENTS_OF = 'clients:';
export const GATEWAY_FRAME = 'frame:gateway';
export const PUBSUB_FRAME = 'frame:pubsub';

/** Ids of the boxes, in the order in which they are read. `rest:...` stands for those of a kind that are not drawn. */
export interface LayoutInput {
  readonly width: number;
  readonly height: number;
  readonly gateways: readonly string[];
  readonly servers: readonly string[];
  /** No shards: the sender's server calls every other one by itself. */
  readonly shards: readonly string[];
  readonly limiter: string | null;
  /** They number all messages, where the order is global. */
  readonly sequencers: readonly string[];
  readonly database: string;
  readonly chatService: string;
}
