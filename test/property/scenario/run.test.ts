import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRun, type HandAction, type Run } from '../../../src/run/run.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';
import type { Action } from '../../../src/system/faults/actions.ts';

/** Questions, pauses and steps that wait for the model, many of them at one instant, and links without any delay. */
const SCENARIO = parseScenario(
  `scenario: stopped-everywhere
title: Stopped everywhere
seed: 3
duration: 4s
design:
  gateway: { count: 1, queue: 50 }
  servers: { count: 2, queue: 50 }
  pubsub: { shards: 1, queue: 50 }
  service: { queue: 50 }
  database: { queue: 50 }
  network: { internal: 0ms, clients: [{ name: here, share: 100%, latency: 0ms }] }
  rateLimit: { algorithm: token-bucket, limit: 3, window: 1s }
workload:
  users: [alice, bob, carol, dan]
  channels: { named: { general: [alice, bob, carol] } }
  messages: { perUserPerMinute: 60 }
script:
  - { at: 1s, send: { from: alice, to: general } }
  - ask: Which?
    choices: [this, that]
  - send: { from: bob, to: general }
  - pause: true
  - { crash: ws-server-1, for: 300ms }
  - when: { station: ws-server-1, is: down }
    say: It is down.
  - when: { metric: messages.sent, above: 9 }
    send: { from: carol, to: general, times: 3, every: 70ms }
  - { when: { message: carol/1, is: delivered }, after: 10ms, slow: database, factor: 5, for: 100ms }
  - { at: 3s, join: { user: dan, channel: general } }
  - { set: { design.retry.timeout: 1s } }
  - { at: 200ms, say: From here on the next step waits. }
  - { when: { station: ws-server-2, is: down }, after: 3ms, send: { from: bob, to: general } }
`,
  'stopped.yaml',
);
const DURATION_US = SCENARIO.durationUs;
const WS_SERVER_2 = 2;
const ON = Number.POSITIVE_INFINITY;

type Command =
  | { readonly do: 'run'; readonly us: number; readonly events: number }
  | { readonly do: 'step' }
  | { readonly do: 'rewind'; readonly share: number }
  | { readonly do: 'keep' }
  | { readonly do: 'act'; readonly action: Action }
  | { readonly do: 'watch'; readonly user: number };

const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({
    do: fc.constant('send' as const),
    user: fc.nat(2),
    channel: fc.constant(0),
    bytes: fc.constant(200),
  }),
  fc.record({
    do: fc.constant('crash' as const),
    node: fc.constantFrom(WS_SERVER_2, WS_SERVER_2, 0, 4),
    forUs: fc.constantFrom(null, 1, 200_000),
  }),
  fc.record({ do: fc.constant('restart' as const), node: fc.nat(5) }),
  fc.record({
    do: fc.constant('disconnect' as const),
    user: fc.nat(3),
    forUs: fc.constantFrom(null, 0, 50_000),
  }),
  fc.record({ do: fc.constant('connect' as const), user: fc.nat(3) }),
  fc.constant<Action>({ do: 'set', path: 'reorder.timeoutUs', value: 20_000 }),
);

const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('run' as const),
      us: fc.oneof(
        fc.integer({ min: -3000, max: 3000 }),
        fc.nat(1_000_000),
        fc.constantFrom(100_000, 300_000, 1_000_000),
      ),
      events: fc.oneof(fc.integer({ min: 1, max: 50 }), fc.constant(ON)),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'step' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('rewind' as const),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ do: 'keep' as const }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('act' as const), action }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('watch' as const), user: fc.nat(3) }) },
);

/** Goes to a time past whatever stops it, as a reader does who answers every question. */
function goTo(run: Run, timeUs: number): void {
  for (;;) {
    const stop = run.advance(timeUs, ON);
    if (stop === 'time' || stop === 'end') return;
    if (stop === 'asked') run.script.answer();
  }
}

function obey(run: Run, of: Command): void {
  switch (of.do) {
    case 'run':
      if (run.advance(run.nowUs + of.us, of.events) === 'asked') run.script.answer();
      break;
    case 'step':
      run.stepMessage(null, 10_000);
      break;
    case 'rewind': {
      const toUs = Math.floor(of.share * run.nowUs);
      run.rewindTo(toUs);
      goTo(run, toUs);
      expect(run.nowUs).toBe(toUs);
      break;
    }
    case 'keep':
      run.keepSnapshot();
      break;
    case 'act':
      if (run.nowUs === DURATION_US) break;
      if (run.script.isAsking()) expect(() => run.act(of.action)).toThrow(RangeError);
      else
        try {
          run.act(of.action);
        } catch (error) {
          // A question of this very instant comes first.
          if (!run.script.isAsking()) throw error;
        }
      break;
    case 'watch':
      run.watch({ messages: [], users: [of.user], channels: [], oneChannelIn: 0, oneMessageIn: 0 });
      break;
  }
}

const outcome = (run: Run) => ({
  world: run.worldHash(),
  trace: run.traceHash(),
  script: SCENARIO.script.map(({ index }) => run.script.happenedAtUs(index)),
  verdicts: run.judge.verdicts().map(({ name, verdict }) => `${name} ${verdict}`),
  points: run.system.handlers.intervals.points,
});

/** The same in one go, with nobody looking. */
function straight(hand: readonly HandAction[]): Run {
  const run = createRun(SCENARIO, { hand });
  expect(run.advance(ON, ON)).toBe('end');
  return run;
}

describe('a run', () => {
  it('ends with the same bytes, however it was cut, stepped, watched, rewound and stopped on the way', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 25 }), (commands) => {
        const run = createRun(SCENARIO, { snapshotBytes: 1e9, interactive: true });
        for (const of of commands) obey(run, of);
        goTo(run, DURATION_US);
        expect(outcome(run)).toEqual(outcome(straight(run.hand)));
      }),
      { numRuns: 25 },
    );
  });

  it('sees at once what a hand makes true, wherever it stops next', () => {
    const last = SCENARIO.script.length - 1;
    const run = createRun(SCENARIO);
    run.advance(300_000, ON);
    run.act({ do: 'crash', node: WS_SERVER_2, forUs: null });
    run.advance(301_000, ON);
    run.advance(ON, ON);
    expect(run.script.happenedAtUs(last)).toBe(303_000);
    expect(straight(run.hand).script.happenedAtUs(last)).toBe(303_000);
  });

  it('stays where it stands when it is asked for a time that is past, also in the middle of an instant', () => {
    const run = createRun(SCENARIO);
    let standsInside = 0;
    for (;;) {
      if (run.advance(ON, 1) === 'end') break;
      if (!(run.system.context.events.nextTimeUs() <= run.nowUs)) continue;
      standsInside++;
      const { nowUs, events } = run;
      expect(run.advance(nowUs - 1, ON)).toBe('time');
      expect([run.nowUs, run.events]).toEqual([nowUs, events]);
    }
    expect(standsInside).toBeGreaterThan(50);
    expect(outcome(run)).toEqual(outcome(straight([])));
  });

  it('stops for questions and pauses only where somebody can answer', () => {
    const run = createRun(SCENARIO, { interactive: true });
    expect(run.advance(ON, ON)).toBe('asked');
    expect(run.nowUs).toBe(1_000_000);
    expect(run.script.asking()).toBe(1);
    // Nothing passes a question by itself.
    expect(run.advance(ON, ON)).toBe('asked');
    run.script.answer();
    expect(run.advance(ON, ON)).toBe('paused');
    expect(run.nowUs).toBe(1_000_000);
    expect(run.advance(ON, ON)).toBe('end');
    expect(straight([]).script.happenedAtUs(1)).toBe(1_000_000);
  });

  it('keeps as many snapshots as its budget holds, the first among them', () => {
    const run = createRun(SCENARIO, { snapshotBytes: 1 });
    for (let us = 100_000; us <= DURATION_US; us += 100_000) {
      goTo(run, us);
      run.keepSnapshot();
    }
    // Whatever the budget: one to go back to, and one near.
    expect(run.snapshots().timesUs).toEqual([0, DURATION_US]);
    const roomy = createRun(SCENARIO, { snapshotBytes: 1e9 });
    for (let us = 100_000; us <= DURATION_US; us += 100_000) {
      goTo(roomy, us);
      roomy.keepSnapshot();
    }
    expect(roomy.snapshots().timesUs).toHaveLength(41);
  });

  it('forgets what was done by hand later than the moment of a new action', () => {
    const run = createRun(SCENARIO, { snapshotBytes: 1e9 });
    const disconnect: Action = { do: 'disconnect', user: 1, forUs: null };
    const connect: Action = { do: 'connect', user: 1 };
    goTo(run, 200_000);
    run.act(disconnect);
    goTo(run, 400_000);
    run.act(connect);
    run.rewindTo(300_000);
    goTo(run, 300_000);
    expect(run.hand).toHaveLength(2);
    run.act(connect);
    expect(run.hand).toEqual([
      { atUs: 200_000, action: disconnect },
      { atUs: 300_000, action: connect },
    ]);
  });
});
