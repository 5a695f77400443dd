import type { Run } from '../../scenario/run.ts';
import { CONNECTION } from '../../system/tables.ts';
import { ATTACHED, generationOf, serverOf, stateOf } from '../../system/user-word.ts';
import { type Called, fact, MOST_ENTRIES, mapOf, number, type StationParts } from './words.ts';

/** A WebSocket server: the hash map from user to connection. */
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
  const cutUntilUs = brokerState.cutUntilUs[server]!;
  if (cutUntilUs > run.nowUs) facts.push(fact('pub/sub', 'cut off for not keeping up'));
  return { facts, structures: [mapOf('connections, by user', size, entries)] };
}
