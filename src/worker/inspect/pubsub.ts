import type { Run } from '../../run/run.ts';
import { CHANNEL, channelCount, membersOf, type Topology } from '../../system/design/topology.ts';
import { ATTACHED, serverOf } from '../../system/state/user-word.ts';
import { NOT_A_MEMBER } from '../../system/state/users.ts';
import type { Structure } from '../protocol.ts';
import { type Called, fact, MOST_ENTRIES, mapOf, number, type StationParts } from './words.ts';

/** Channels whose subscribers are listed. */
const MOST_CHANNELS = 12;
/** The members of a larger channel are not counted by server at every look. */
const LARGE_CHANNEL = 20_000;
/** Servers named for a channel; of more it says how many. */
const MOST_SERVERS = 6;

/** A pub/sub shard: which servers subscribe to its channels; for Kafka the log's offsets. */
export function inspectPubsub(run: Run, node: number, names: Called): StationParts {
  const { nodes, topology, design, brokerState, watching } = run.system.context;
  const shard = node - nodes.firstShard;
  const { shards, servers } = nodes;
  const all = channelCount(topology);
  const here = Math.floor((all - shard - 1) / shards) + 1;
  const channels = new Set(watching.list.channels.filter((channel) => channel % shards === shard));
  for (let channel = shard; channel < all && channels.size < MOST_CHANNELS; channel += shards)
    channels.add(channel);
  const routing = [...channels].map((channel) => ({
    key: names.channel(channel),
    value: subscribersOf(run, topology, channel, names),
  }));
  const structures: Structure[] = [mapOf('subscriptions: channel to servers (members there)', here, routing)];
  const facts = [fact('kind', design.pubsub.kind), fact('channels of this shard', number(here))];
  if (design.pubsub.kind === 'kafka') {
    const newest = brokerState.appended[shard]!;
    facts.push(fact('records appended', number(newest)));
    const offsets = Array.from({ length: Math.min(servers, MOST_ENTRIES) }, (_, server) => {
      const consumer = server * shards + shard;
      const next = brokerState.position[consumer]!;
      return {
        key: names.node(nodes.firstServer + server),
        value: `next ${number(next)}, committed ${number(brokerState.committed[consumer]!)}, behind ${number(newest - next)}`,
      };
    });
    structures.push(mapOf('offsets of the consumers', servers, offsets));
  } else {
    const { cutUntilUs } = brokerState;
    const cut = Array.from({ length: servers }, (_, s) => s).filter(
      (s) => (cutUntilUs[s * shards + shard] ?? 0) > run.nowUs,
    );
    facts.push(fact('servers cut for not keeping up', number(cut.length)));
  }
  return { facts, structures };
}

function subscribersOf(run: Run, topology: Topology, channel: number, names: Called): string {
  const { nodes, memberships, users } = run.system.context;
  const members = membersOf(topology, channel);
  if (members > LARGE_CHANNEL) return `${number(members)} members, on every server that has any of them`;
  const counts = new Map<number, number>();
  const end = topology.channel[4 * channel + CHANNEL.END]!;
  for (let slot = topology.channel[4 * channel + CHANNEL.FIRST]!; slot < end; slot++) {
    if (memberships.entry[2 * slot + 1] === NOT_A_MEMBER) continue;
    const word = users.pair[2 * memberships.entry[2 * slot]!]!;
    if ((word & ATTACHED) !== 0) counts.set(serverOf(word), (counts.get(serverOf(word)) ?? 0) + 1);
  }
  if (counts.size === 0) return 'no subscriber';
  const listed = [...counts].sort((a, b) => a[0] - b[0]);
  const named = listed
    .slice(0, MOST_SERVERS)
    .map(([server, count]) => `${names.node(nodes.firstServer + server)} (${number(count)})`);
  const more = listed.length > MOST_SERVERS ? ` and ${listed.length - MOST_SERVERS} more` : '';
  return named.join(', ') + more;
}
