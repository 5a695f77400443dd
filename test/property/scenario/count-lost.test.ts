import { describe, expect, it } from 'vitest';
import { countLost } from '../../../src/run/lost.ts';
import { metricsOf } from '../../../src/run/metrics-of.ts';
import { createRun, type Run } from '../../../src/run/run.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';
import { CHANNEL, channelOfSlot } from '../../../src/system/design/topology.ts';
import { CONNECTION } from '../../../src/system/state/tables.ts';
import { stateOf } from '../../../src/system/state/user-word.ts';
import { NOT_A_MEMBER } from '../../../src/system/state/users.ts';
import { USER_NODE } from '../../../src/trace/trace.ts';

const SETTLED_US = 5_000_000;

/** The obvious program: for each user who is online and each of its channels, each message that the trace has not shown to it. */
function lostByUser({ system }: Run): number {
  const { topology, memberships, users, history, events, workload, watching, reorder } = system.context;
  const shown = new Set<string>();
  for (let id = 0; id < watching.tracer.length; id++) {
    const { kind, node, sender, nth } = watching.tracer.row(id);
    if (kind === 'deliver') shown.add([node - USER_NODE, sender, nth].join());
  }
  let lost = 0;
  for (let user = 0; user < workload.users; user++) {
    if (stateOf(users.pair[2 * user]!) !== CONNECTION.state.online) continue;
    for (let i = topology.userStart[user]!; i < topology.userStart[user + 1]!; i++) {
      const slot = topology.slots[i]!;
      if (memberships.entry[2 * slot + 1]! === NOT_A_MEMBER) continue;
      const channel = channelOfSlot(topology, slot);
      // What its client holds back will be shown yet.
      const held = reorder.entries(slot).map(({ seq }) => seq);
      for (let seq = 1; seq <= topology.channel[4 * channel + CHANNEL.PERSISTED]!; seq++) {
        const row = history.find(channel, seq);
        if (row < 0 || held.includes(seq)) continue;
        const { sender, nth, sentUs } = history.columns;
        if (sender[row] === user || shown.has([user, sender[row], nth[row]].join())) continue;
        if (sentUs[row]! < events.nowUs() - SETTLED_US) lost++;
      }
    }
  }
  return lost;
}

const scenario = (ordering: string, more: string) =>
  parseScenario(
    `scenario: lossy
title: Lossy
duration: 20s
design:
  gateway: { count: 1, queue: 500 }
  servers: { count: 2, queue: 500 }
  pubsub: { shards: 1, queue: 500 }
  delivery: at-most-once
  ordering: ${ordering}
  ${more}
workload:
  users: 60
  channels: { private: 20, groups: { count: 8, size: 15 } }
  messages: { perUserPerMinute: 40 }
script:
  - { at: 1s, link: { from: ws-servers, to: clients, loss: 10%, reorder: 20%, delay: 300ms } }
  - { at: 6s, crash: ws-server-1, for: 1s }
`,
    'lossy.yaml',
  );

const NO_RESUME = 'reconnect: { resume: false }';

describe('deliveries that are lost', () => {
  // More than 32 messages go through each channel: a client's window has long forgotten the first that it was not shown.
  it.each([
    ['best-effort', NO_RESUME],
    ['best-effort', 'reconnect: { resume: true }'],
    ['best-effort', 'reconnect: { resume: true, offset: 3 }'],
    ['causal', NO_RESUME],
    ['lamport', NO_RESUME],
    ['per-channel', NO_RESUME],
    ['per-channel', `${NO_RESUME}\n  reorder: { backfill: false, timeout: 20ms }`],
  ])('are counted as the obvious program counts them from the trace (%s, %s)', (ordering, more) => {
    const run = createRun(scenario(ordering, more));
    const found: number[] = [];
    for (let us = 2_000_000; us <= 20_000_000; us += 3_000_000) {
      run.advance(us, Number.POSITIVE_INFINITY);
      found.push(countLost(run.system.context));
      expect(found.at(-1)).toBe(lostByUser(run));
    }
    if (ordering !== 'per-channel' || more !== NO_RESUME) expect(Math.max(...found)).toBeGreaterThan(4);
  });

  it('are not those that are on their way for longer than five seconds', () => {
    const run = createRun(
      parseScenario(
        `scenario: late
title: Late
duration: 20s
design: { rateLimit: none, servers: { count: 1 }, delivery: at-most-once }
workload: { users: [ann, ben], channels: { named: { one: [ann, ben] } }, messages: { perUserPerMinute: 0 } }
script:
  - { at: 1s, block: ws-server-1, for: 12s }
  - { at: 1s, send: { from: ann, to: one } }
`,
        'late.yaml',
      ),
    );
    run.advance(990_000, Number.POSITIVE_INFINITY);
    const figures = [8, 12, 19].map((seconds) => {
      run.advance(seconds * 1e6, Number.POSITIVE_INFINITY);
      const metrics = metricsOf(run.system.context);
      return [metrics['deliveries.lost'], metrics['delivery.stillOut'], metrics.deliveries];
    });
    expect(figures).toEqual([
      [0, 1, 0],
      [0, 1, 0],
      [0, 0, 1],
    ]);
  });
});
