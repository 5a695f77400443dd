import type { GuaranteeName } from '../../scenario/guarantee-names.ts';
import type { DesignSettings, SmallFault, SmallMessage, SmallScenario } from '../small-scenario.ts';

/**
 * What hunts of right designs have found, each in its smallest form: what was wrong was the simulated system, or its judge. It holds now, and a hunt
 * for a mistake tries these first: they reach what hardly any scenario reaches that is drawn at random.
 */
export interface Found {
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
const LESS_PATIENT: DesignSettings = { reorder: { giveUpAfter: '6s' } };

export const CORPUS: readonly Found[] = [
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
    design: { ordering: 'global', ...LESS_PATIENT },
    users: 4,
    messages: [send(1, 3), send(0, 2)],
    faults: [crash('database', 0, 4)],
  },
  {
    what: 'a message that was lost on its way is waited for until its sender has tried again, in causal order',
    holds: 'no-loss',
    design: { ordering: 'causal', ...LESS_PATIENT },
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

export const toScenario = (found: Found, design: DesignSettings): SmallScenario => ({
  design,
  users: found.users,
  channels: found.channels ?? 1,
  messages: found.messages,
  faults: found.faults,
  choices: found.choices ?? [],
});
