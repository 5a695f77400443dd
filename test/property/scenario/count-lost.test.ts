import { describe, expect, it } from 'vitest';
import { countLost } from '../../../src/run/metrics-of.ts';
import { createRun } from '../../../src/run/run.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';
import type { Context } from '../../../src/system/context.ts';
import { CHANNEL, channelOfSlot } from '../../../src/system/design/topology.ts';
import { CONNECTION } from '../../../src/system/state/tables.ts';
import { stateOf } from '../../../src/system/state/user-word.ts';
import { NOT_A_MEMBER, SEQ_MASK } from '../../../src/system/state/users.ts';

const SETTLED_US = 5_000_000;

/** The obvious program: for each user who is online and each of its channels, each number that it should know of. */
function lostByUser(context: Context): number {
  const { topology, memberships, users, history, events, workload } = context;
  const hasMask = memberships.mask.length > 1;
  let lost = 0;
  for (let user = 0; user < workload.users; user++) {
    if (stateOf(users.pair[2 * user]!) !== CONNECTION.state.online) continue;
    for (let i = topology.userStart[user]!; i < topology.userStart[user + 1]!; i++) {
      const slot = topology.slots[i]!;
      const word = memberships.entry[2 * slot + 1]!;
      if (word === NOT_A_MEMBER) continue;
      const channel = channelOfSlot(topology, slot);
      const last = word & SEQ_MASK;
      for (let seq = 1; seq <= topology.channel[4 * channel + CHANNEL.PERSISTED]!; seq++) {
        const back = last - seq;
        const isKnown =
          seq <= last && (!hasMask || back > 31 || ((memberships.mask[slot]! >>> back) & 1) === 1);
        const row = history.find(channel, seq);
        if (isKnown || row < 0 || history.columns.sender[row] === user) continue;
        if (history.columns.sentUs[row]! < events.nowUs() - SETTLED_US) lost++;
      }
    }
  }
  return lost;
}

const scenario = (ordering: string) =>
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
  reconnect: { resume: false }
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

describe('deliveries that are lost', () => {
  it.each(['best-effort', 'per-channel'])(
    'are counted as the obvious program counts them (%s)',
    (ordering) => {
      const run = createRun(scenario(ordering));
      const found: number[] = [];
      for (let us = 2_000_000; us <= 20_000_000; us += 3_000_000) {
        run.advance(us, Number.POSITIVE_INFINITY);
        found.push(countLost(run.system.context));
        expect(found.at(-1)).toBe(lostByUser(run.system.context));
      }
      if (ordering === 'best-effort') expect(Math.max(...found)).toBeGreaterThan(10);
    },
  );
});
