import { counted } from '../../base/text.ts';
import type { Run } from '../../run/run.ts';
import { channelOfSlot } from '../../system/design/topology.ts';
import { CONNECTION } from '../../system/state/tables.ts';
import { ATTACHED, generationOf, serverOf, stateOf } from '../../system/state/user-word.ts';
import { NOT_A_MEMBER } from '../../system/state/users.ts';
import type { Structure } from '../protocol.ts';
import { type Called, fact, MOST_ENTRIES, mapOf, number, type StationParts } from './words.ts';

/** The channels of so many users are counted at every look. */
const MOST_USERS = 500;

/** A WebSocket server: the hash map from user to connection, and that from channel to the members who are connected here. */
export function inspectServer(run: Run, node: number, names: Called): StationParts {
  const { nodes, users, balancer, design, brokerState, workload } = run.system.context;
  const server = node - nodes.firstServer;
  const size = balancer.connections(server);
  const entries: { key: string; value: string }[] = [];
  const wanted = Math.min(size, MOST_ENTRIES);
  for (let user = 0; user < workload.users && entries.length < wanted; user++) {
    const word = users.pair[2 * user]!;
    if (serverOf(word) !== server) continue;
    const isSubscribed = (word & ATTACHED) !== 0;
    entries.push({
      key: names.user(user),
      value: `connection ${generationOf(word)}, ${isSubscribed ? CONNECTION.states[stateOf(word)]! : 'not yet subscribed'}`,
    });
  }
  const facts = [
    fact('connections', `${number(size)} of ${number(design.servers.maxConnections)}`),
    fact('subscriptions', design.servers.state === 'local' ? 'in its own memory' : 'in a store outside'),
  ];
  // None of these have entries where the broker is no Redis.
  for (let shard = 0; shard < nodes.shards; shard++) {
    const subscription = server * nodes.shards + shard;
    const unreadBytes = brokerState.unreadBytes[subscription] ?? 0;
    const name = names.node(nodes.firstShard + shard);
    if (unreadBytes > 0) {
      const bufferedBytes = Math.max(0, unreadBytes - design.pubsub.socketBufferBytes);
      facts.push(
        fact(
          `sent by ${name}, not read yet`,
          `${number(unreadBytes)} B, ${number(bufferedBytes)} B of them in its output buffer`,
        ),
      );
    }
    if ((brokerState.cutUntilUs[subscription] ?? 0) > run.nowUs)
      facts.push(fact(name, 'cut off for not keeping up'));
  }
  return {
    facts,
    structures: [mapOf('connections, by user', size, entries), subscriptions(run, server, names)],
  };
}

/** The channels that a server is subscribed to, those with the most members here first: a message to one of them is sent to so many. */
function subscriptions(run: Run, server: number, names: Called): Structure {
  const { users, workload, topology, memberships } = run.system.context;
  const members = new Map<number, number>();
  let looked = 0;
  for (let user = 0; user < workload.users && looked < MOST_USERS; user++) {
    const word = users.pair[2 * user]!;
    if ((word & ATTACHED) === 0 || serverOf(word) !== server) continue;
    looked++;
    for (let i = topology.userStart[user]!; i < topology.userStart[user + 1]!; i++) {
      const slot = topology.slots[i]!;
      if (memberships.entry[2 * slot + 1] === NOT_A_MEMBER) continue;
      const channel = channelOfSlot(topology, slot);
      members.set(channel, (members.get(channel) ?? 0) + 1);
    }
  }
  const entries = [...members]
    .sort(([a, m], [b, n]) => n - m || a - b)
    .slice(0, MOST_ENTRIES)
    .map(([channel, count]) => ({ key: names.channel(channel), value: counted(count, 'member') }));
  const whose = looked < MOST_USERS ? '' : `, of the first ${number(MOST_USERS)} users`;
  return mapOf(`subscriptions, by channel${whose}`, members.size, entries);
}
