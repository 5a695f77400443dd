import type { Names, TraceRow } from '../trace/trace.ts';
import { type HistoryOptions, toHistory } from './history.ts';

/** A line of `toHistory`. */
type Line = Readonly<Partial<Record<'type' | 'message' | 'user' | 'channel', string>>> & {
  readonly time: number;
};

/**
 * A history as operations of Jepsen (EDN, one map a line, as `jepsen.history` describes them): `:send` is invoked when a user sends, and is `:ok` when the
 * acknowledgement is there, `:fail` when the refusal is, and `:info` when neither came; `:deliver` is invoked and `:ok` when a message is shown. The
 * value is `[channel message]`, the time in nanoseconds. A process does one thing at a time: a user who sends while another send is open
 * does so as a further process; `:user` says who it is. What is no operation of a client (persisted, lost, joins) is left out.
 */
export function* toJepsen(
  rows: readonly TraceRow[],
  names: Names,
  options: HistoryOptions,
): Iterable<string> {
  let index = 0;
  let processes = 0;
  const idle = new Map<string, number[]>();
  const open = new Map<string, { readonly process: number; readonly user: string; readonly value: string }>();
  const processOf = (user: string): number => idle.get(user)?.pop() ?? processes++;
  const free = (user: string, process: number): void => {
    const list = idle.get(user) ?? [];
    list.push(process);
    idle.set(user, list);
  };
  const operation = (
    type: string,
    f: string,
    process: number,
    user: string,
    value: string,
    ms: number,
  ): string =>
    `{:index ${index++}, :time ${Math.round(ms * 1000)}${ms === 0 ? '' : '000'}, :type :${type}, :process ${process}, :f :${f}, :value ${value}, :user ${edn(user)}}\n`;

  for (const line of toHistory(rows, names, options)) {
    const { type, message = '', user = '', channel = '', time } = JSON.parse(line) as Line;
    const value = `[${edn(channel)} ${edn(message)}]`;
    if (type === 'send') {
      const process = processOf(user);
      open.set(message, { process, user, value });
      yield operation('invoke', 'send', process, user, value, time);
    } else if (type === 'ack' || type === 'refuse') {
      const sent = open.get(message);
      if (sent === undefined) continue;
      open.delete(message);
      free(sent.user, sent.process);
      yield operation(type === 'ack' ? 'ok' : 'fail', 'send', sent.process, sent.user, sent.value, time);
    } else if (type === 'deliver') {
      const process = processOf(user);
      yield operation('invoke', 'deliver', process, user, value, time);
      yield operation('ok', 'deliver', process, user, value, time);
      free(user, process);
    } else if (type === 'end') {
      for (const { process, user: sender, value: sent } of open.values())
        yield operation('info', 'send', process, sender, sent, time);
    }
  }
}

/** Strings are written in EDN as in JSON. */
const edn = (text: string): string => JSON.stringify(text);
