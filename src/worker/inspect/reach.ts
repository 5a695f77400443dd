import type { Run } from '../../run/run.ts';
import { CHANNEL, membersOf } from '../../system/design/topology.ts';
import { ATTACHED, NO_SERVER, serverOf } from '../../system/state/user-word.ts';
import { hasNumber, NOT_A_MEMBER, OWN } from '../../system/state/users.ts';
import { LARGE_CHANNEL, SAMPLE } from '../../system/watching.ts';
import type { Reach } from '../protocol.ts';

interface MessageInChannel {
  readonly sender: number;
  readonly channel: number;
  /** 0 while it has no place in the channel: then nobody has it. */
  readonly seq: number;
}

/** Whom a message is for and who has it. Reads every member of the channel, and changes nothing. */
export function reachOf(run: Run, { sender, channel, seq }: MessageInChannel): Reach {
  const { topology, memberships, users, nodes } = run.system.context;
  const { entry } = memberships;
  const members = new Uint32Array(nodes.servers);
  const shown = new Uint32Array(nodes.servers);
  let all = 0;
  let offline = 0;
  let allShown = 0;

  const end = topology.channel[4 * channel + CHANNEL.END]!;
  for (let slot = topology.channel[4 * channel + CHANNEL.FIRST]!; slot < end; slot++) {
    const user = entry[2 * slot]!;
    if (entry[2 * slot + 1] === NOT_A_MEMBER || user === sender) continue;
    all++;
    const isShown = seq > 0 && hasNumber(memberships, slot, seq);
    if (isShown) allShown++;
    const word = users.pair[2 * user]!;
    if ((word & ATTACHED) === 0) {
      offline++;
      continue;
    }
    const server = serverOf(word);
    members[server] = members[server]! + 1;
    if (isShown) shown[server] = shown[server]! + 1;
  }

  const ownServer = serverOf(users.pair[2 * sender]!);
  const isConnected = ownServer !== NO_SERVER;
  return {
    channel,
    watchedOneIn: membersOf(topology, channel) > LARGE_CHANNEL ? SAMPLE : 1,
    members: all,
    offline,
    shown: allShown,
    senderServer: isConnected ? nodes.firstServer + ownServer : null,
    senderGateway: isConnected ? nodes.firstGateway + users.own[8 * sender + OWN.GATEWAY]! : null,
    pubsub: nodes.shards === 0 ? null : nodes.firstShard + (channel % nodes.shards),
    servers: Array.from(members, (count, server) => ({
      node: nodes.firstServer + server,
      members: count,
      shown: shown[server]!,
    })).filter((server) => server.members > 0),
  };
}
