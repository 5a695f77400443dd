import type { HistoryEvent } from '../../../src/guarantees/history.ts';

/**
 * A history in a few words, a millisecond an event:
 * `bob joins c1`, `bob leaves c1`, `alice sends m1 to c1`, `m1 persisted`, `m1 lost`, `m1 acked to alice`, `m1 refused to alice`,
 * `m1 given up by alice`, `bob sees m1 in c1`, `alice accepted`, `alice online`, `alice offline`, `bob sees alice online`, `end`, `cut`.
 */
const FORMS: readonly [RegExp, (words: string[], time: number) => HistoryEvent][] = [
  [
    /^(\w+) joins (\w+)$/,
    ([user, channel], time) => ({ type: 'join', user: user!, channel: channel!, time }),
  ],
  [
    /^(\w+) leaves (\w+)$/,
    ([user, channel], time) => ({ type: 'leave', user: user!, channel: channel!, time }),
  ],
  [
    /^(\w+) sends (\w+) to (\w+)$/,
    ([user, message, channel], time) => ({
      type: 'send',
      message: message!,
      user: user!,
      channel: channel!,
      time,
    }),
  ],
  [/^(\w+) persisted$/, ([message], time) => ({ type: 'persist', message: message!, time })],
  [/^(\w+) lost$/, ([message], time) => ({ type: 'lost', message: message!, time })],
  [
    /^(\w+) acked to (\w+)$/,
    ([message, user], time) => ({ type: 'ack', message: message!, user: user!, time }),
  ],
  [
    /^(\w+) refused to (\w+)$/,
    ([message, user], time) => ({ type: 'refuse', message: message!, user: user!, time }),
  ],
  [
    /^(\w+) given up by (\w+)$/,
    ([message, user], time) => ({ type: 'give-up', message: message!, user: user!, time }),
  ],
  [
    /^(\w+) sees (\w+) in (\w+)$/,
    ([user, message, channel], time) => ({
      type: 'deliver',
      message: message!,
      user: user!,
      channel: channel!,
      time,
    }),
  ],
  [/^(\w+) accepted$/, ([key], time) => ({ type: 'accept', key: key!, time })],
  [
    /^(\w+) sees (\w+) (online|offline)$/,
    ([user, of, what], time) => ({ type: 'presence', user: user!, of: of!, online: what === 'online', time }),
  ],
  [
    /^(\w+) (online|offline)$/,
    ([user, what], time) => ({ type: what as 'online' | 'offline', user: user!, time }),
  ],
  [/^(end|cut)$/, ([what], time) => ({ type: 'end', quiescent: what === 'end', time })],
];

/** Events from `;`-separated words. `@60` sets the clock. */
export function story(text: string): HistoryEvent[] {
  let time = 0;
  return text
    .split(/[;\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .flatMap((part) => {
      const clock = /^@(\d+)$/.exec(part);
      if (clock !== null) {
        time = Number(clock[1]) - 1;
        return [];
      }
      time++;
      for (const [form, event] of FORMS) {
        const words = form.exec(part);
        if (words !== null) return [event(words.slice(1), time)];
      }
      throw new Error(`no such event: ${part}`);
    });
}
