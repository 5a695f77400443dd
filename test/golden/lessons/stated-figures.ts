import type { RunReport } from '../../../src/run/report.ts';
import type { MetricName } from '../../../src/scenario/metrics.ts';
import type { Scenario } from '../../../src/scenario/types.ts';

/** Numbers of narrations that no figure in braces can give, each with what it rests on. */
export interface Stated {
  readonly scenario: string;
  /** What is said, as it stands there. Every number in it is meant. */
  readonly says: string;
  readonly number: number;
  /** What it is: of the scenario as it is shipped (`design`), or of its run. */
  readonly is: (of: {
    readonly scenario: Scenario;
    readonly in: (world: string | null) => RunReport['metrics'];
  }) => number;
  /** How far off it may be, as a share of what it is. Absent: not at all. */
  readonly within?: number;
}

const metric =
  (name: MetricName, world: string | null = null): Stated['is'] =>
  (of) =>
    of.in(world)[name];

const usersAServer: Stated['is'] = ({ scenario }) => scenario.workload.users / scenario.design.servers.count;
const admissions: Stated['is'] = ({ scenario: { design } }) =>
  design.gateway.count * design.gateway.acceptsPerSecond;
/** Between the first messages that the script has two users send. */
const sendsApartMs: Stated['is'] = ({ scenario: { script } }) => {
  const times = script.flatMap(({ trigger, does }) =>
    does.do === 'act' && does.verb === 'send' && trigger.on === 'time' ? [trigger.atUs] : [],
  );
  return (times[1]! - times[0]!) / 1000;
};
const bots: Stated['is'] = ({ scenario: { workload } }) => workload.users * (workload.bots?.share ?? 0);

/** The share of a Poisson distribution above a whole number. */
function poissonAbove(mean: number, most: number): number {
  let term = Math.exp(-mean);
  let below = term;
  for (let n = 1; n <= most; n++) below += term *= mean / n;
  return 1 - below;
}

/** The share of the normal distribution below x, by the midpoints of narrow strips. */
function normalBelow(x: number): number {
  const strip = 1e-3;
  let share = 0;
  for (let at = -8 + strip / 2; at < x; at += strip) share += strip * Math.exp((-at * at) / 2);
  return share / Math.sqrt(2 * Math.PI);
}

/** How many of a Poisson number are above a limit, on average: the sum of the shares above each number from the limit on. */
function poissonExcess(mean: number, limit: number): number {
  let excess = 0;
  for (let n = limit; n < limit + 50; n++) excess += poissonAbove(mean, n);
  return excess;
}

const of = (scenario: string, says: string, number: number, is: Stated['is'], within?: number): Stated => ({
  scenario,
  says,
  number,
  is,
  ...(within === undefined ? {} : { within }),
});

export const STATED: readonly Stated[] = [
  of('out-of-order', 'each time 40 ms later', 40, sendsApartMs),
  of('clock-skew', '39 times out of 100', 39, () => 100 * normalBelow(-20 / (50 * Math.SQRT2)), 0.01),
  of(
    'counter-error',
    'one in eight',
    8,
    (run) => {
      const { 'limiter.wronglyAllowed.percent': allowed, 'limiter.wronglyRefused.percent': refused } =
        run.in(null);
      return 100 / (allowed + refused);
    },
    0.1,
  ),
  of(
    'counter-error',
    'send half as much',
    1 / 2,
    (run) => run.in('half the limit')['messages.sent'] / run.in(null)['messages.sent'],
    0.02,
  ),
  of('double-burst', '200', 200, metric('messages.persisted')),
  of('double-burst', 'two hundred', 200, metric('messages.persisted')),
  of('flood', 'one in a thousand', 1_000, ({ scenario }) => 1 / (scenario.workload.bots?.share ?? 0)),
  of('flood', 'About a thousand of them are bots', 1_000, bots, 0.01),
  of(
    'flood',
    'one in eight minutes',
    8,
    ({ scenario }) => 1 / scenario.workload.messages.perUserPerMinute,
    0.1,
  ),
  of('limiter-down', 'two hundred bots', 200, bots, 0.01),
  of('million-users', 'ten thousand', 10_000, usersAServer),
  of(
    'million-users',
    'about twenty others',
    20,
    (run) => run.in(null).deliveries / run.in(null)['messages.sent'],
    0.1,
  ),
  of('server-crash', 'hundred thousand', 100_000, usersAServer),
  of('server-crash', 'four thousand a second', 4_000, admissions),
  of('server-crash', 'at least 25 s', 25, (run) => usersAServer(run) / admissions(run)),
  of('strong-global-order', 'about 1,100', 1_100, () => 1 / 900e-6, 0.02),
  of(
    'strong-global-order',
    'A fifth more traffic',
    1 / 5,
    (run) => run.in('a fifth more traffic')['messages.sent'] / run.in(null)['messages.sent'] - 1,
    0.05,
  ),
  of('too-strict', 'roughly a quarter of them', 1 / 4, () => poissonExcess(3, 3) / 3, 0.15),
  of('too-strict', 'a third of the people', 1 / 3, () => poissonAbove(3, 3), 0.1),
  of('town-hall', 'ten thousand', 10_000, usersAServer),
  of(
    'town-hall',
    'half as much again',
    1.5,
    (run) => run.in('half the servers')['delivery.p50.ms'] / run.in(null)['delivery.p50.ms'],
    0.1,
  ),
];

/** Numbers that state nothing of a run: names, places, what a word means, and where the script itself has just put something. */
export const SPEECH: Readonly<Record<string, readonly string[]>> = {
  'bloom-dedup': ['less than one in a hundred'],
  boundary: ['which of two conventions', '59.999999 s', '60.000001 s', 'tell the two apart'],
  'clock-skew': ['see the two in order', 'two messages that are 20 ms apart'],
  // Of the literature: the number of a scenario of its own, in what-is-known.
  'counter-error': ['The famous 0.003 %'],
  'double-burst': ['the last tenth of a second', 'the fifth of a second', 'within 0.2 s'],
  flood: ['Half of all messages'],
  'in-order': ['number 2'],
  'million-users': ['Server 7'],
  'one-message': ['all eight stations'],
  'rate-limit-basics': ['Follow seven of them', '60.000001 s', 'That is four', 'the fifth', 'four are left'],
  'server-crash': ['99 of 100'],
  'slow-consumer': ['Server 2'],
  'strong-global-order': ['slowest in a hundred'],
  'too-strict': ['four, five or six'],
};
