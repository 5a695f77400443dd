/** The lab's terms, each in one sentence. A narration marks the first of each. */
export const TERMS: Readonly<Record<string, string>> = {
  'pub/sub':
    'A broker between servers: one publishes a message to a topic, and every server that has subscribed to the topic gets it.',
  'fan-out': 'Copying one message to all who should have it.',
  gateway: 'The load balancer in front of the servers: it chooses a server for each new connection.',
  'load balancer': 'It stands in front of the servers and chooses one for each new connection.',
  websocket: 'A connection that stays open, over which both sides send whenever they want.',
  ack: 'The acknowledgement: the server tells the sender that it has the message.',
  persist: 'To write a message to the database, so that it survives a crash.',
  'rate limit': 'The most requests that one user may make in a stretch of time; what goes over is refused.',
  'sliding window': 'The last N seconds, counted back from now: it slides along with the clock.',
  'token bucket':
    'A bucket that fills at a steady rate; each request takes a token, and without one it is refused.',
  presence: 'Who is online, and who is told about it.',
  'at-least-once': 'A message is sent again until it is acknowledged, so it may arrive twice.',
  'at-most-once': 'A message is sent once and never again, so it may not arrive.',
  duplicate: 'The same message a second time.',
  shard: 'One of several brokers or databases that share the work between them.',
  partition: 'A cut in the network: both sides work, and neither hears the other.',
  queue: 'What waits in front of a station, in the order of arrival.',
  'full jitter': 'Waiting a random time before trying again, so that not everyone tries at once.',
  backoff: 'Waiting longer after each failed attempt.',
  heartbeat: 'A small message at regular times that says: I am still here.',
  latency: 'The time from sending to showing.',
  p99: 'The value that 99 of 100 stay below.',
};

/** The terms that occur in texts, longest first, so that "load balancer" wins over "balancer". */
export const TERM_PATTERN = new RegExp(
  `(?<![\\w-])(${Object.keys(TERMS)
    .sort((a, b) => b.length - a.length)
    .map((term) => term.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'))
    .join('|')})(?![\\w-])`,
  'i',
);

/** What a scenario teaches, as words: `load-balancing` is written `load balancing`, `fan-out` stays as it is. */
export const tagWords = (tag: string): string => (TERMS[tag] === undefined ? tag.replaceAll('-', ' ') : tag);
