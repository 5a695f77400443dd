import type { StationKind } from '../../worker/protocol.ts';

/** The kinds of station in the order of a message's way. */
export const KINDS: readonly StationKind[] = [
  'gateway',
  'limiter',
  'ws-server',
  'chat-service',
  'sequencer',
  'database',
  'pubsub',
];

export const KIND_NAME: Readonly<Record<StationKind, string>> = {
  gateway: 'API gateway',
  limiter: 'Rate limiter',
  'ws-server': 'WebSocket server',
  'chat-service': 'Chat service',
  sequencer: 'Sequencer',
  database: 'Database',
  pubsub: 'Pub/sub',
};

export const KIND_MEANS: Readonly<Record<StationKind, string>> = {
  gateway: 'It admits connections and chooses a server for each.',
  limiter: 'It counts the requests of each user and refuses what is over the limit.',
  'ws-server': 'It holds the connections of its users: one event loop, one thing at a time.',
  'chat-service': 'It checks each message and gives it its place in the channel.',
  sequencer: 'It gives every message of the system its place, one at a time.',
  database: 'It keeps every message, so that nothing is lost with a server.',
  pubsub: 'Servers subscribe to channels here; what is published to a channel goes to all of them.',
};
