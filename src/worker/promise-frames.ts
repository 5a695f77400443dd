import type { HistoryEvent } from '../guarantees/history.ts';
import { groundsOf } from '../guarantees/registry.ts';
import type { Verdict, Witness } from '../guarantees/verdict.ts';
import type { Run } from '../run/run.ts';
import { channelByName, userByName } from '../system/design/names.ts';
import { type TraceRow, USER_NODE } from '../trace/trace.ts';
import type { PromiseFrame, WitnessEvent, WitnessFrame } from './protocol.ts';

/** Verdicts as the page is told them: names are numbers again, so that pictures find the rows. */
export interface PromiseFrames {
  promiseOf(verdict: Verdict): PromiseFrame;
}

/** The row that an event of a history was read from. */
const ROW_KIND: Readonly<Partial<Record<HistoryEvent['type'], TraceRow['kind']>>> = {
  send: 'send',
  persist: 'persist',
  ack: 'ack',
  deliver: 'deliver',
  refuse: 'nack',
  lost: 'lost',
};

export function createPromiseFrames(run: Run): PromiseFrames {
  const { workload } = run.scenario;
  /** What was found out of the witness that is known: it stays the same as long as its sentences and its time do. */
  const known = new Map<string, { readonly key: string; readonly frame: WitnessFrame }>();

  const messageOf = (name: string): WitnessEvent['message'] => {
    const cut = name.lastIndexOf('/');
    const sender = cut < 0 ? null : userByName(workload, name.slice(0, cut));
    return sender === null ? null : { sender, nth: Number(name.slice(cut + 1)) };
  };

  const eventOf = (event: HistoryEvent): WitnessEvent => {
    const user = 'user' in event ? event.user : 'key' in event ? event.key : null;
    return {
      type: event.type,
      timeUs: Math.round(event.time * 1000),
      message: 'message' in event ? messageOf(event.message) : null,
      user: user === null ? null : userByName(workload, user),
      channel: 'channel' in event ? channelByName(workload, event.channel) : null,
    };
  };

  /** The last row of a message that `fits`, not after `untilUs`. */
  const rowOf = (
    message: NonNullable<WitnessEvent['message']>,
    untilUs: number,
    fits: (row: TraceRow) => boolean,
  ): TraceRow | null => {
    const { tracer } = run.system.context.watching;
    for (let id = tracer.firstAfter(untilUs) - 1; id >= 0; id--) {
      const row = tracer.row(id);
      if (row.sender === message.sender && row.nth === message.nth && fits(row)) return row;
    }
    return null;
  };

  /** When what ended in this row was put on its way. */
  const departureUs = (row: TraceRow): number => {
    const cause = row.cause < 0 ? null : run.system.context.watching.tracer.row(row.cause);
    return cause === null
      ? row.timeUs
      : Math.min(row.timeUs, cause.kind === 'forward' ? cause.departUs : cause.timeUs);
  };

  const beforeUs = (name: string, events: readonly WitnessEvent[], sinceUs: number): number => {
    const told = events.filter(({ message }) => message !== null);
    const last = told.at(-1);
    if (last?.message == null) return Math.max(0, sinceUs - 1);
    // Something that did not happen has no row: what it was lost with has.
    const lost = name === 'no-loss' ? rowOf(last.message, sinceUs, ({ kind }) => kind === 'drop') : null;
    const kind = ROW_KIND[last.type as HistoryEvent['type']];
    const row =
      lost ??
      rowOf(
        last.message,
        last.timeUs,
        (one) => one.kind === kind && (kind !== 'deliver' || one.node === USER_NODE + (last.user ?? -1)),
      );
    return Math.max(0, (row === null ? last.timeUs : departureUs(row)) - 1);
  };

  const frameOf = (name: string, witness: Witness, sinceUs: number): WitnessFrame => {
    const key = `${sinceUs} ${witness.text}`;
    const before = known.get(name);
    if (before?.key === key) return before.frame;
    const events = witness.events.map(eventOf);
    const frame: WitnessFrame = {
      text: witness.text,
      events,
      context: witness.context.map(eventOf),
      beforeUs: beforeUs(name, events, sinceUs),
    };
    known.set(name, { key, frame });
    return frame;
  };

  const touchedBy = (name: string, { messages, users }: Witness): NonNullable<PromiseFrame['touched']> => {
    const all = run.judge.touchedBy(name);
    return all === null
      ? { messages: messages.length, users: users.length, isAll: false }
      : { ...all, isAll: true };
  };

  return {
    promiseOf(found) {
      const { name, verdict, judged, violations, sinceUs, witness } = found;
      return {
        name,
        verdict,
        violations,
        sinceUs,
        touched: witness === null ? null : touchedBy(name, witness),
        witness: witness === null || sinceUs === null ? null : frameOf(name, witness, sinceUs),
        judged,
        grounds: groundsOf(found),
      };
    },
  };
}
