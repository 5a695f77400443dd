import { describe, expect, test } from 'vitest';
import { createRun } from '../../../src/run/run.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';
import { USER_NODE } from '../../../src/trace/trace.ts';

const MESSAGES = 500;

interface Set {
  readonly pubsub?: string;
  readonly writers?: number;
  readonly link?: string;
}

/** One sender, one receiver on another server, one worker at each station but where the test says otherwise. */
const text = ({
  pubsub = '{ kind: redis, shards: 1 }',
  writers = 1,
  link = '',
}: Set): string => `scenario: stream
title: One sender
summary: Five hundred messages, a hundred microseconds apart.
teaches: []
seed: 5
duration: 8s
design:
  gateway: { count: 1, balancing: round-robin, workers: 1, service: 20us }
  servers: { count: 2 }
  service: { workers: 1, service: 20us }
  database: { workers: ${writers}, write: ${writers === 1 ? '20us' : '{ min: 500us, max: 5ms }'} }
  pubsub: ${pubsub}
  rateLimit: none
  ordering: best-effort
  network:
    clients: [{ name: any, share: 1, latency: { min: 5ms, max: 60ms } }]
    internal: { min: 200us, max: 4ms }
workload:
  users: [alice, bob]
  channels: { named: { general: [alice, bob] } }
  messages: { perUserPerMinute: 0 }
  churnPerSecond: 0
script:
${link}
  - { at: 1s, send: { from: alice, to: general, times: ${MESSAGES}, every: 100us } }
`;

/** How many of the messages Bob was shown, and how many after a later one. */
function shown(set: Set): { all: number; late: number } {
  const run = createRun(parseScenario(text(set), 'stream.yaml'));
  run.advance(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  const { tracer } = run.system.context.watching;
  let all = 0;
  let late = 0;
  let highest = 0;
  for (let id = 0; id < tracer.length; id++) {
    const row = tracer.row(id);
    if (row.kind !== 'deliver' || row.node !== USER_NODE + 1) continue;
    all++;
    if (row.nth < highest) late++;
    highest = Math.max(highest, row.nth);
  }
  return { all, late };
}

const LINKS = ['gateway, to: ws-servers', 'ws-servers, to: chat-service', 'chat-service, to: database'];

describe('one sender, one worker everywhere, one connection between two stations', () => {
  test.each([
    '{ kind: redis, shards: 1 }',
    '{ kind: redis-cluster, shards: 3 }',
    '{ kind: kafka, shards: 1 }',
    '{ kind: none }',
  ])('nothing is overtaken with pub/sub %s', (pubsub) => {
    expect(shown({ pubsub })).toEqual({ all: MESSAGES, late: 0 });
  });

  test.each([...LINKS, 'chat-service, to: pubsub', 'pubsub, to: ws-servers'])(
    'a link from %s that holds packets back delays what is behind them, and reorders nothing',
    (ends) => {
      const link = `  - { at: 0s, link: { from: ${ends}, reorder: 30%, delay: 50ms } }`;
      expect(shown({ link })).toEqual({ all: MESSAGES, late: 0 });
    },
  );

  test('a database with eight connections reorders: its writes overtake each other', () => {
    const { all, late } = shown({ writers: 8 });
    expect(all).toBe(MESSAGES);
    expect(late).toBeGreaterThan(100);
  });
});
