import type { Run } from '../../run/run.ts';
import { CHANNEL, channelCount } from '../../system/design/topology.ts';
import { CONNECTION } from '../../system/state/tables.ts';
import { stateOf } from '../../system/state/user-word.ts';
import { NOT_A_MEMBER, SEQ_MASK } from '../../system/state/users.ts';
import type { Inspection } from '../protocol.ts';
import { fact, MOST_ENTRIES, mapOf, namesIn, number } from './words.ts';

/** A channel: its members and how far each has been shown it, and the sequence numbers given out. */
export function inspectChannel(run: Run, channel: number): Inspection | null {
  const { topology, memberships, users, nodes } = run.system.context;
  if (!(channel >= 0 && channel < channelCount(topology))) return null;
  const names = namesIn(run);
  const word = (which: number): number => topology.channel[4 * channel + which]!;
  const assigned = word(CHANNEL.ASSIGNED);
  const entries: { key: string; value: string }[] = [];
  let members = 0;
  let online = 0;
  let behind = 0;
  for (let slot = word(CHANNEL.FIRST); slot < word(CHANNEL.END); slot++) {
    const seen = memberships.entry[2 * slot + 1]!;
    if (seen === NOT_A_MEMBER) continue;
    members++;
    const user = memberships.entry[2 * slot]!;
    const state = stateOf(users.pair[2 * user]!);
    if (state === CONNECTION.state.online) online++;
    if ((seen & SEQ_MASK) < assigned) behind++;
    if (entries.length < MOST_ENTRIES)
      entries.push({
        key: names.user(user),
        value: `${CONNECTION.states[state]!}, shown up to number ${number(seen & SEQ_MASK)}`,
      });
  }
  const { shards } = nodes;
  return {
    selection: { kind: 'channel', channel },
    seat: null,
    facts: [
      fact('members', number(members)),
      fact('members online', number(online)),
      fact('last number given out', number(assigned)),
      fact('last number in the history', number(word(CHANNEL.PERSISTED))),
      fact('members who have not been shown it yet', number(behind)),
      fact('pub/sub', shards === 0 ? 'none' : names.node(nodes.firstShard + (channel % shards))),
    ],
    structures: [mapOf('members, with the last number shown', members, entries)],
  };
}
