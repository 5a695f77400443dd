/** A small scenario with everything that a list of choices decides: delays, a bad link, a crash. */
export const SMALL_TEXT = `scenario: small
title: Small
summary: Three people, four messages, a bad link and a crash.
teaches: []
seed: 1
duration: 8s
design:
  gateway: { count: 1 }
  servers: { count: 2 }
  pubsub: { kind: redis, shards: 1 }
  rateLimit: none
  delivery: effectively-once
  retry: { timeout: 500ms, base: 100ms, cap: 1s }
  heartbeat: { interval: 1s, timeout: 500ms }
  reconnect: { base: 100ms, cap: 1s }
workload:
  users: [alice, bob, carol]
  channels: { named: { general: [alice, bob, carol] } }
  messages: { perUserPerMinute: 0 }
  churnPerSecond: 0
script:
  - { at: 0s, link: { from: clients, to: gateway, loss: 0.2, duplicate: 0.2, reorder: 0.3, delay: 30ms }, for: 1s }
  - { at: 10ms, send: { from: alice, to: general } }
  - { at: 12ms, send: { from: bob, to: general } }
  - { at: 20ms, send: { from: alice, to: general } }
  - { at: 22ms, crash: database, for: 100ms }
  - { at: 25ms, send: { from: carol, to: general } }
`;
