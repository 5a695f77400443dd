import type { Run } from '../../run/run.ts';
import { OUTGOING } from '../../system/state/tables.ts';
import { OWN } from '../../system/state/users.ts';
import type { Inspection, Structure } from '../protocol.ts';
import { reachOf } from './reach.ts';
import { duration, fact, MOST_ENTRIES, moment, namesIn, number } from './words.ts';

/** A message: what its sender knows of it, its copies under way, and whether the database has it. */
export function inspectMessage(run: Run, sender: number, nth: number): Inspection | null {
  const { users, workload, outgoing, copies, history } = run.system.context;
  if (!(sender >= 0 && sender < workload.users && nth >= 1)) return null;
  const names = namesIn(run);
  const o = outgoingOf(run, sender, nth);
  const under = copiesOf(run, sender, nth);
  const row = rowOf(run, sender, nth);
  const sent = users.own[8 * sender + OWN.SENT]!;
  const facts = [fact('sender', names.user(sender))];
  const sentUs =
    o >= 0 ? outgoing.sentUs[o]! : row >= 0 ? history.columns.sentUs[row]! : copies.sentUs[under[0] ?? -1];
  const channel =
    o >= 0 ? outgoing.channel[o]! : row >= 0 ? history.columns.channel[row]! : copies.channel[under[0] ?? -1];
  if (channel !== undefined) facts.push(fact('channel', names.channel(channel)));
  if (sentUs !== undefined)
    facts.push(fact('sent', `at ${moment(sentUs)}, ${duration(run.nowUs - sentUs)} ago`));
  if (o >= 0) {
    facts.push(fact('for its sender', OUTGOING.states[outgoing.state[o]!]!));
    facts.push(fact('attempts', number(outgoing.attempts[o]!)));
  } else facts.push(fact('for its sender', nth > sent ? 'not yet written' : 'answered, or given up'));
  facts.push(fact('in the database', row < 0 ? 'no' : `number ${number(history.columns.seq[row]!)}`));
  const of = channel === undefined ? null : reachOf(run, { sender, channel, seq: seqOf(run, row, under) });
  const structures: Structure[] = [
    {
      kind: 'queue',
      name: 'copies under way',
      size: under.length,
      limit: null,
      entries: under.slice(0, MOST_ENTRIES).map((copy) => {
        const seq = copies.seq[copy]!;
        const place = seq > 0 ? `, number ${number(seq)}` : ', no number yet';
        return `attempt ${copies.attempt[copy]! + 1}${place}: ${number(copies.holders[copy]!)} under way`;
      }),
    },
  ];
  const selection = { kind: 'message', sender, nth } as const;
  return { selection, seat: null, facts, structures, ...(of === null ? {} : { reach: of }) };
}

/** Its place in its channel, from the history's row or from a copy; 0 while it has none. */
function seqOf(run: Run, row: number, under: readonly number[]): number {
  const { copies, history } = run.system.context;
  if (row >= 0) return history.columns.seq[row]!;
  return under.reduce((most, copy) => Math.max(most, copies.seq[copy]!), 0);
}

/** Whether anything more can happen to the message. */
export function isUnderWay(run: Run, message: { readonly sender: number; readonly nth: number }): boolean {
  const { users, workload } = run.system.context;
  const { sender, nth } = message;
  if (!(sender >= 0 && sender < workload.users)) return false;
  return (
    nth > users.own[8 * sender + OWN.SENT]! ||
    outgoingOf(run, sender, nth) >= 0 ||
    copiesOf(run, sender, nth).length > 0
  );
}

/** Whether a place of the pool holds a message that its sender still waits for. */
export function isLiveOutgoing(run: Run, o: number): boolean {
  const { outgoing } = run.system.context;
  return outgoing.nth[o]! > 0 && !OUTGOING.isDone(outgoing.state[o]!);
}

/** The place of a message that its sender still waits for, or -1. */
function outgoingOf(run: Run, sender: number, nth: number): number {
  const { outgoing, outgoingPool } = run.system.context;
  for (let o = 0; o < outgoingPool.everUsed(); o++) {
    if (outgoing.sender[o] === sender && outgoing.nth[o] === nth && isLiveOutgoing(run, o)) return o;
  }
  return -1;
}

function copiesOf(run: Run, sender: number, nth: number): readonly number[] {
  const { copies, copyPool } = run.system.context;
  const found: number[] = [];
  for (let copy = 0; copy < copyPool.everUsed(); copy++) {
    if (copies.sender[copy] === sender && copies.nth[copy] === nth && copies.holders[copy]! > 0)
      found.push(copy);
  }
  return found;
}

/** The row of the history, or -1: read from the newest back. */
function rowOf(run: Run, sender: number, nth: number): number {
  const { history } = run.system.context;
  for (let row = history.rows() - 1; row >= 0; row--) {
    if (history.columns.sender[row] === sender && history.columns.nth[row] === nth) return row;
  }
  return -1;
}
