import type { Run } from '../../run/run.ts';
import { channelOfSlot } from '../../system/design/topology.ts';
import { CONNECTION, OUTGOING } from '../../system/state/tables.ts';
import { classOf, generationOf, NO_SERVER, serverOf, stateOf } from '../../system/state/user-word.ts';
import { NOT_A_MEMBER, OWN, SEQ_MASK } from '../../system/state/users.ts';
import type { Crowd } from '../crowd.ts';
import type { Inspection, Structure } from '../protocol.ts';
import { isLiveOutgoing } from './message.ts';
import { rateWindow } from './rate-window.ts';
import { duration, fact, MOST_ENTRIES, mapOf, moment, namesIn, number } from './words.ts';

/** A user: its connection, what it is a member of and how far it has read, what it holds back, and its budget of requests. */
export function inspectUser(run: Run, crowd: Crowd, user: number): Inspection | null {
  const { users, nodes, design, workload } = run.system.context;
  if (!(user >= 0 && user < workload.users)) return null;
  const names = namesIn(run);
  const word = users.pair[2 * user]!;
  const own = (which: number): number => users.own[8 * user + which]!;
  const server = serverOf(word);
  const facts = [
    fact('connection', CONNECTION.states[stateOf(word)]!),
    fact('server', server === NO_SERVER ? 'none' : names.node(nodes.firstServer + server)),
    fact('gateway', names.node(nodes.firstGateway + own(OWN.GATEWAY))),
    fact('network', design.network.clients[classOf(word)]?.name ?? 'unknown'),
    fact('connections so far', number(own(OWN.CONNECTIONS))),
    fact('generation of the connection', number(generationOf(word))),
    fact('messages sent', number(own(OWN.SENT))),
  ];
  if (own(OWN.ATTEMPTS) > 0) facts.push(fact('attempts since it was online', number(own(OWN.ATTEMPTS))));
  if (own(OWN.LOST) > 0) {
    const lostUs = (own(OWN.LOST) - 1) * 1000;
    facts.push(fact('connection lost', `at ${moment(lostUs)}, ${duration(run.nowUs - lostUs)} ago`));
  }
  const structures: Structure[] = [memberships(run, user), reorderBuffer(run, user)];
  const outgoing = waitingForAnswer(run, user);
  if (outgoing !== null) structures.push(outgoing);
  const limit = rateWindow(run, user);
  if (limit !== null) {
    structures.push(limit.structure);
    facts.push(fact('rate limit', limit.words));
  }
  const memberOf = channelsOf(run, user);
  return { selection: { kind: 'user', user }, seat: crowd.seatOf(user), facts, structures, memberOf };
}

/** Nobody is in more channels than can be chosen from. */
const MOST_CHANNELS = 200;

function channelsOf(run: Run, user: number): NonNullable<Inspection['memberOf']> {
  const { topology, memberships: of } = run.system.context;
  const names = namesIn(run);
  const channels: number[] = [];
  for (let i = topology.userStart[user]!; i < topology.userStart[user + 1]!; i++) {
    const slot = topology.slots[i]!;
    if (of.entry[2 * slot + 1] !== NOT_A_MEMBER) channels.push(channelOfSlot(topology, slot));
  }
  return channels
    .sort((a, b) => a - b)
    .slice(0, MOST_CHANNELS)
    .map((channel) => ({ channel, name: names.channel(channel) }));
}

function memberships(run: Run, user: number): Structure {
  const { topology, memberships: of } = run.system.context;
  const names = namesIn(run);
  const from = topology.userStart[user]!;
  const to = topology.userStart[user + 1]!;
  const entries = [];
  for (let i = from; i < Math.min(to, from + MOST_ENTRIES); i++) {
    const slot = topology.slots[i]!;
    const seen = of.entry[2 * slot + 1]!;
    entries.push({
      key: names.channel(channelOfSlot(topology, slot)),
      value: seen === NOT_A_MEMBER ? 'not a member now' : `shown up to number ${number(seen & SEQ_MASK)}`,
    });
  }
  return mapOf('channels, with the last number shown', to - from, entries);
}

/** Everything that this user's client holds back, channel by channel, lowest number first. */
function reorderBuffer(run: Run, user: number): Structure {
  const { topology, reorder, design } = run.system.context;
  const names = namesIn(run);
  const entries: string[] = [];
  let size = 0;
  if (reorder.inUse() > 0) {
    for (let i = topology.userStart[user]!; i < topology.userStart[user + 1]!; i++) {
      const slot = topology.slots[i]!;
      for (const { seq, sender, nth } of reorder.entries(slot)) {
        size++;
        if (entries.length < MOST_ENTRIES)
          entries.push(names.numbered(sender, nth, channelOfSlot(topology, slot), seq));
      }
    }
  }
  return { kind: 'queue', name: 'reorder buffer', size, limit: design.reorder.maxEntries, entries };
}

/** Messages that the client keeps until they are answered, or null when there are none. */
function waitingForAnswer(run: Run, user: number): Structure | null {
  const { outgoing, outgoingPool } = run.system.context;
  const names = namesIn(run);
  const entries: string[] = [];
  let size = 0;
  for (let o = 0; o < outgoingPool.everUsed(); o++) {
    if (outgoing.sender[o] !== user || !isLiveOutgoing(run, o)) continue;
    size++;
    if (entries.length < MOST_ENTRIES)
      entries.push(
        `${names.message(user, outgoing.nth[o]!)}: ${OUTGOING.states[outgoing.state[o]!]!}, attempt ${outgoing.attempts[o]!}`,
      );
  }
  return size === 0 ? null : { kind: 'queue', name: 'sent and not yet answered', size, limit: null, entries };
}
