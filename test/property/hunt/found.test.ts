import { describe, expect, test } from 'vitest';
import type { GuaranteeName } from '../../../src/scenario/guarantee-names.ts';
import { attempt } from '../../../src/testkit/attempt.ts';
import { mergeSettings } from '../../../src/testkit/merge-settings.ts';
import type { DesignSettings, SmallFault, SmallMessage } from '../../../src/testkit/small-scenario.ts';
import { RIGHT_DESIGN } from '../../../src/testkit/zoo/zoo.ts';

/** What hunts of right designs have found, each in its smallest form: what was wrong was the simulated system, or its judge. */
interface Found {
  readonly what: string;
  readonly holds: GuaranteeName;
  readonly design: DesignSettings;
  readonly users: number;
  readonly channels?: number;
  readonly messages: readonly SmallMessage[];
  readonly faults: readonly SmallFault[];
  readonly choices?: readonly number[];
}

const send = (atMs: number, from: number, to = 0): SmallMessage => ({ atMs, from, to });
const cutFor = (atMs: number, forMs: number): SmallFault => ({
  do: 'cut',
  between: ['clients', 'gateway'],
  atMs,
  forMs,
});
const crash = (station: string, atMs: number, forMs: number): SmallFault => ({
  do: 'crash',
  station,
  atMs,
  forMs,
});
const PATIENT: DesignSettings = { reorder: { giveUpAfter: '6s' } };

const FOUND: readonly Found[] = [
  {
    what: 'a blocked server is not cut off by the broker for bytes that it does not have to read',
    holds: 'no-loss',
    design: {},
    users: 2,
    messages: [send(144, 1)],
    faults: [{ do: 'block', station: 'ws-server-1', atMs: 0, forMs: 973 }],
  },
  {
    what: 'who becomes a member again is not shown what was numbered before, in global order',
    holds: 'global-order',
    design: { ordering: 'global' },
    users: 3,
    messages: [send(0, 0), send(0, 0)],
    faults: [
      { do: 'leave', user: 2, channel: 0, atMs: 0 },
      { do: 'join', user: 2, channel: 0, atMs: 4 },
      crash('gateway-1', 3, 1),
    ],
  },
  {
    what: 'a number that was not written is waited for until its sender has tried again, in global order',
    holds: 'no-loss',
    design: { ordering: 'global', ...PATIENT },
    users: 4,
    messages: [send(1, 3), send(0, 2)],
    faults: [crash('database', 0, 4)],
  },
  {
    what: 'a message that was lost on its way is waited for until its sender has tried again, in causal order',
    holds: 'no-loss',
    design: { ordering: 'causal', ...PATIENT },
    users: 2,
    messages: [send(0, 0), send(1, 0)],
    faults: [cutFor(0, 1)],
  },
  {
    what: 'what an answer of the history could not know of is not given up with it',
    holds: 'no-loss',
    design: { protocol: 'long-polling' },
    users: 3,
    channels: 2,
    messages: [send(25, 2), send(25, 0), send(0, 1, 1), send(24, 0), send(19, 1)],
    faults: [{ do: 'block', station: 'database', atMs: 27, forMs: 299 }, crash('ws-server-1', 27, 1)],
    choices: [...Array<number>(19).fill(0), 858_993_459, 0, 0, 0, 0, 3_722_304_989],
  },
  {
    what: 'under best effort a client that is back asks for what is missing below the last that it saw',
    holds: 'no-loss',
    design: { ordering: 'best-effort' },
    users: 3,
    messages: [send(0, 1), send(0, 2), send(2, 0)],
    faults: [crash('gateway-1', 5, 1)],
    choices: [...Array<number>(29).fill(0), 3_435_973_836],
  },
  {
    what: 'a message that its sender could not send for longer than others wait is not overtaken, with one message in flight, in causal order',
    holds: 'no-loss',
    design: { ordering: 'causal', retry: { maxInFlight: 1 } },
    users: 3,
    messages: [send(0, 0), send(0, 0), send(148, 0)],
    faults: [{ do: 'disconnect', user: 0, atMs: 1, forMs: 541 }, cutFor(0, 5_600)],
    choices: [...Array<number>(13).fill(0), 4_294_967_295],
  },
  {
    what: 'a rate limit is judged by when the limiter was asked, not by when the messages were sent',
    holds: 'rate-bound',
    design: {
      rateLimit: { algorithm: 'sliding-window-log', limit: 2, window: '200ms', placement: 'gateway' },
    },
    users: 2,
    messages: [send(1, 0), send(0, 0), send(0, 0)],
    faults: [cutFor(0, 1)],
  },
];

describe('what a hunt has found holds now', () => {
  test.each(FOUND.map((found) => [found.what, found] as const))('%s', (_, found) => {
    const { verdicts } = attempt({
      design: mergeSettings(RIGHT_DESIGN, found.design),
      users: found.users,
      channels: found.channels ?? 1,
      messages: found.messages,
      faults: found.faults,
      choices: found.choices ?? [],
    });
    expect(verdicts.find(({ name }) => name === found.holds)?.verdict).toBe('holds');
  });

  test('a station that is slowed down while it is away comes back all the same', () => {
    const { run } = attempt({
      design: RIGHT_DESIGN,
      users: 2,
      channels: 1,
      messages: [send(0, 0)],
      faults: [
        crash('gateway-1', 57, 1),
        { do: 'slow', station: 'gateway-1', factor: 2, atMs: 57, forMs: 1 },
      ],
      choices: [],
    });
    expect(run.judge.forHistory().quiescent).toBe(true);
  });

  test('what waits for a member who leaves is thrown away: it would come back as a gap that is none', () => {
    // Carol's first message is lost on its way to Alice, so Alice's own waits behind it when she leaves.
    const { run } = attempt({
      design: RIGHT_DESIGN,
      users: 3,
      channels: 1,
      messages: [send(7, 2), send(0, 0)],
      faults: [cutFor(8, 949), { do: 'leave', user: 0, channel: 0, atMs: 39 }],
      choices: [2_576_980_377],
    });
    expect(run.system.context.reorder.inUse()).toBe(0);
    expect(run.judge.forHistory().quiescent).toBe(true);
  });

  test('the second copy of a message may reach a client before the first, which drops neither for both', () => {
    // The choices let the attempts overtake each other behind the server that was blocked.
    const choices = Array.from({ length: 150 }, (_, i) => Math.imul(i * 7 + 3, 0x9e3779b1) >>> 0);
    const { verdicts } = attempt({
      design: mergeSettings(RIGHT_DESIGN, { ordering: 'best-effort' }),
      users: 2,
      channels: 1,
      messages: [send(0, 0)],
      faults: [{ do: 'block', station: 'ws-server-1', atMs: 0, forMs: 973 }],
      choices,
    });
    for (const name of ['no-loss', 'no-duplicates'])
      expect(verdicts.find((v) => v.name === name)?.verdict).toBe('holds');
  });
});
