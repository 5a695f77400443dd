import { describe, expect, test } from 'vitest';
import { createRun } from '../../../src/run/run.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';
import { type Action, SEAT_STATES } from '../../../src/worker/protocol.ts';
import { ASKS, SMALL, TestPage } from './page.ts';

const FAST = Number.POSITIVE_INFINITY;

const opened = (text: string): TestPage => {
  const page = new TestPage();
  page.open(text);
  page.work();
  return page;
};

describe('opening', () => {
  test('a scenario is described once and stands at its start', () => {
    const page = new TestPage();
    const info = page.open(SMALL);
    expect(info).toMatchObject({
      scenario: 'small',
      users: 40,
      seed: 5,
      durationUs: 8e6,
      userNames: ['alice', 'bob', 'carol'],
    });
    expect(info.stations.map(({ name }) => name)).toContain('ws-server-3');
    expect(info.channelNames[0]).toBe('#general');
    expect(info.lesson.map(({ kind }) => kind)).toEqual(['say', 'fault', 'other', 'say']);
    expect(info.design?.filter(({ changed }) => changed).map(({ path }) => path)).toContain(
      'design.servers.count',
    );
    expect(page.of('building').length).toBeGreaterThan(0);
    const frame = page.frame();
    expect(frame).toMatchObject({
      timeUs: 0,
      state: 'paused',
      curve: [],
      lesson: { reached: 1, asking: null },
    });
    expect(frame.seats.length).toBe(info.crowd.seats);
    expect(frame.seats.filter((code) => SEAT_STATES[code] !== 'empty').length).toBe(40);
  });

  test.each([
    ['no YAML', '{ a: [', /test\.yaml:\d+:\d+: /],
    ['an unknown key', 'scenario: x\ntitle: y\nduration: 1s\nworkload: { users: [a] }\nusers: 3\n', /users/],
    ['a bomb of aliases', 'a: &a [x,x,x]\nb: &b [*a,*a,*a]\nc: [*b,*b]\n', /./],
    ['nothing', '', /./],
    ['text that is no scenario', '<script>alert(1)</script>', /./],
    ['control characters', '\u0000\u0001\u001b[31m', /./],
  ])('%s is refused with its place', (_, text, problem) => {
    const page = new TestPage();
    page.send({ type: 'open', fileName: 'test.yaml', text, seed: null, users: null, hand: [], atUs: 0 });
    const refused = page.of('refused');
    expect(refused.length).toBe(1);
    expect(refused[0]!.problems.join('\n')).toMatch(problem);
    expect(refused[0]!.problems.every((line) => line.startsWith('test.yaml:'))).toBe(true);
  });

  test('a link that breaks a station which is not there is refused, and says what there is', () => {
    const page = new TestPage();
    const hand = [{ atUs: 500_000, action: { do: 'crash', node: 99, forUs: null } }] as const;
    page.send({ type: 'open', fileName: 'test.yaml', text: SMALL, seed: null, users: null, hand, atUs: 0 });
    expect(page.of('refused')[0]?.problems).toEqual([
      expect.stringMatching(
        /the link does "crash" at 500 ms to station number 99, which is not there; stations are 0 \(gateway-1\) to \d+ \(.+\)$/,
      ),
    ]);
  });

  test('a new scenario replaces the one that runs', () => {
    const page = opened(SMALL);
    page.send({ type: 'play', virtualUsPerSecond: 1e6 });
    page.turn();
    page.open(ASKS);
    page.work();
    expect(page.frame()).toMatchObject({ timeUs: 0, state: 'paused' });
  });

  test('a link opens at its moment, past questions, with what was done by hand', () => {
    const page = new TestPage();
    page.open(ASKS, {
      atUs: 2_500_000,
      hand: [{ atUs: 500_000, action: { do: 'slow', node: 1, factor: 3, forUs: null } }],
    });
    page.work();
    const frame = page.frame();
    expect(frame).toMatchObject({
      timeUs: 2_500_000,
      state: 'paused',
      lesson: { asking: null, happened: [0, 1, 2] },
    });
    expect(frame.stations[1]).toMatchObject({ up: false, slowFactor: 3 });
    expect(frame.marks.map(({ kind }) => kind)).toContain('hand');
  });
});

describe('playing', () => {
  test('at a speed virtual time follows the wall clock', () => {
    const page = opened(SMALL);
    page.send({ type: 'play', virtualUsPerSecond: 100_000 });
    expect(page.frame().state).toBe('playing');
    for (let i = 0; i < 50; i++) page.turn();
    const { timeUs } = page.frame();
    expect(timeUs).toBeGreaterThan(5_000);
    expect(timeUs).toBeLessThan(100_000);
    page.send({ type: 'pause' });
    page.work();
    expect(page.frame()).toMatchObject({ state: 'paused', virtualUsPerWallSecond: expect.any(Number) });
  });

  test('as fast as it goes ends at the end, and stays there', () => {
    const page = opened(SMALL);
    page.send({ type: 'play', virtualUsPerSecond: FAST });
    page.work();
    const frame = page.frame();
    expect(frame).toMatchObject({ timeUs: 8_000_000, state: 'ended' });
    expect(frame.curve.length).toBe(80);
    expect(frame.metrics['messages.sent']).toBeGreaterThan(50);
    expect(frame.promises.find(({ name }) => name === 'no-phantoms')?.verdict).toBe('holds');
    page.send({ type: 'play', virtualUsPerSecond: FAST });
    page.send({ type: 'step', by: 'event' });
    page.work();
    expect(page.frame()).toMatchObject({ timeUs: 8_000_000, state: 'ended', curve: [], rows: [] });
  });

  test('a question waits for its answer, and is not asked again after a rewind', () => {
    const page = opened(ASKS);
    page.send({ type: 'play', virtualUsPerSecond: FAST });
    page.work();
    expect(page.frame()).toMatchObject({
      timeUs: 2_000_000,
      state: 'asking',
      lesson: { reached: 2, asking: 1 },
    });
    page.send({ type: 'play', virtualUsPerSecond: FAST });
    page.work();
    expect(page.frame()).toMatchObject({ timeUs: 2_000_000, state: 'asking' });
    page.send({ type: 'answer', step: 1 });
    page.work();
    expect(page.frame()).toMatchObject({ timeUs: 3_000_000, state: 'paused' });
    page.send({ type: 'goTo', timeUs: 1_000_000 });
    page.send({ type: 'play', virtualUsPerSecond: FAST });
    page.work();
    expect(page.frame()).toMatchObject({ timeUs: 3_000_000, state: 'paused' });
    page.send({ type: 'play', virtualUsPerSecond: FAST });
    page.work();
    expect(page.frame().state).toBe('ended');
  });

  test('who is asked and goes back stays there, and does not play on to the question by itself', () => {
    const page = opened(ASKS);
    page.send({ type: 'play', virtualUsPerSecond: FAST });
    page.work();
    expect(page.frame().state).toBe('asking');
    page.send({ type: 'goTo', timeUs: 500_000 });
    page.work();
    expect(page.frame()).toMatchObject({ timeUs: 500_000, state: 'paused' });
  });

  test('steps go an event or a message further', () => {
    const page = opened(SMALL);
    page.send({ type: 'step', by: 'event' });
    const one = page.frame();
    expect(one.events).toBe(1);
    page.send({ type: 'step', by: 'message' });
    page.work();
    const two = page.frame();
    expect(two.rows.at(-1)!.sender).toBeGreaterThanOrEqual(0);
    expect(two.rows.at(-1)!.timeUs).toBe(two.timeUs);
  });

  test('a step ends where an address can bring anybody, also when a whole channel hears in one microsecond', () => {
    const atOnce = SMALL.replace(
      'workload:',
      '  network: { clients: [{ name: any, share: 1, latency: 40ms }], internal: 1ms }\nworkload:',
    );
    const page = opened(atOnce);
    page.send({ type: 'goTo', timeUs: 3_000_000 });
    page.work();
    for (let i = 0; i < 40; i++) {
      page.send({ type: 'step', by: i % 4 === 3 ? 'message' : 'event' });
      page.work();
      const { timeUs } = page.frame();
      const linked = new TestPage();
      linked.open(atOnce, { atUs: timeUs });
      linked.work();
      expect([timeUs, linked.worldHash()]).toEqual([timeUs, page.worldHash()]);
    }
  });

  test('a step follows the selected message, and no longer when it is over', () => {
    const page = opened(ASKS);
    page.send({ type: 'goTo', timeUs: 1_000_000 });
    page.work();
    page.frame({ selection: { kind: 'message', sender: 0, nth: 1 }, seats: [] });
    for (let i = 0; i < 40; i++) {
      page.send({ type: 'step', by: 'message' });
      page.work();
    }
    expect(page.frame().timeUs).toBeLessThanOrEqual(2_000_000);
  });
});

describe('frames', () => {
  test('rows and curve points come once each, in order, also after a rewind', () => {
    const page = opened(SMALL);
    const rows: unknown[] = [];
    const curve: { timeUs: number }[] = [];
    const take = (): void => {
      const frame = page.frame();
      rows.length = Math.min(rows.length, frame.rowsFrom);
      expect(rows.length).toBe(frame.rowsFrom);
      rows.push(...frame.rows);
      const keptUs = Math.min(frame.timeUs, (frame.curve[0]?.timeUs ?? FAST) - 1);
      if (frame.curveReset) while ((curve.at(-1)?.timeUs ?? -1) > keptUs) curve.pop();
      curve.push(...frame.curve);
    };
    for (const timeUs of [3e6, 1e6, 5e6, 4.5e6, 2e6, 8e6]) {
      page.send({ type: 'goTo', timeUs });
      take();
      page.work();
      take();
      expect(page.frame().timeUs).toBe(timeUs);
    }
    const direct = createRun(parseScenario(SMALL, 'test.yaml'));
    direct.advance(8e6, FAST);
    expect(curve.map(({ timeUs }) => timeUs)).toEqual(
      direct.system.handlers.intervals.points.map(({ timeUs }) => timeUs),
    );
    expect(rows).toEqual(direct.system.context.watching.tracer.rows());
  });

  test('a crashed server is seen: in its station, in the crowd, on the scrubber', () => {
    const page = opened(SMALL);
    page.send({ type: 'goTo', timeUs: 2_000_000 });
    page.work();
    const frame = page.frame();
    expect(frame.stations.filter(({ up }) => !up).length).toBe(1);
    expect(frame.marks).toContainEqual({ timeUs: 2_000_000, kind: 'fault', text: 'ws-server-2 down' });
    expect([...frame.seats].filter((code) => SEAT_STATES[code] === 'server-down').length).toBeGreaterThan(5);
  });

  test('who sits where is told, and a seat is inspected as its user', () => {
    const page = opened(SMALL);
    const all = page.frame();
    const taken = [...all.seats.keys()].filter((seat) => SEAT_STATES[all.seats[seat]!] !== 'empty');
    const { occupants } = page.frame({ selection: null, seats: taken });
    expect([...(occupants ?? [])].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 40 }, (_, user) => user),
    );
    const { inspection } = page.frame({ selection: { kind: 'seat', seat: taken[3]! }, seats: [] });
    expect(inspection?.selection).toEqual({ kind: 'user', user: occupants![3] });
    expect(inspection?.seat).toBe(taken[3]);
  });
});

describe('acting', () => {
  test('what is done is answered with the line of a script that does the same', () => {
    const page = opened(SMALL);
    page.send({ type: 'goTo', timeUs: 1_250_000 });
    page.work();
    page.send({ type: 'act', action: { do: 'crash', node: 4, forUs: 5_000_000 } });
    expect(page.of('acted')[0]).toMatchObject({
      atUs: 1_250_000,
      line: '- { at: 1.25s, crash: ws-server-3, for: 5s }',
    });
  });

  test('what a link says was done by hand is told with its line when it is opened', () => {
    const hand = [{ atUs: 1_250_000, action: { do: 'crash', node: 4, forUs: 5_000_000 } }] as const;
    const page = new TestPage();
    expect(page.open(SMALL, { hand, atUs: 2_000_000 }).hand).toEqual([
      { ...hand[0], line: '- { at: 1.25s, crash: ws-server-3, for: 5s }' },
    ]);
  });

  test('an earlier moment is changed from where the clock stands, which is there again; undone, all is as it was', () => {
    const action = { do: 'disconnect', user: 1, forUs: 500_000 } as const;
    const page = opened(SMALL);
    page.send({ type: 'goTo', timeUs: 6_000_000 });
    page.work();
    const before = [page.worldHash(), page.frame().rows.length];
    page.send({ type: 'act', action, atUs: 2_900_000 });
    page.work();
    expect(page.of('acted')).toMatchObject([
      { atUs: 2_900_000, line: '- { at: 2.9s, disconnect: bob, for: 500ms }' },
    ]);
    expect(page.frame()).toMatchObject({ timeUs: 6_000_000, state: 'paused' });
    const linked = new TestPage();
    linked.open(SMALL, { hand: [{ atUs: 2_900_000, action }], atUs: 6_000_000 });
    linked.work();
    expect(page.worldHash()).toBe(linked.worldHash());
    expect(page.worldHash()).not.toBe(before[0]);

    page.send({ type: 'undo', place: 0 });
    page.work();
    expect(page.of('undone')).toEqual([{ type: 'undone', hand: [] }]);
    expect(page.frame()).toMatchObject({ timeUs: 6_000_000, state: 'paused' });
    expect(page.worldHash()).toBe(before[0]);
    page.send({ type: 'undo', place: 0 });
    expect(page.of('declined')[0]?.message).toMatch(/nothing number 1/);
  });

  test('a change of an earlier moment that makes no sense is declined, and the clock stands where it was', () => {
    const page = opened(SMALL);
    page.send({ type: 'goTo', timeUs: 3_000_000 });
    page.work();
    const hash = page.worldHash();
    page.send({ type: 'act', action: { do: 'crash', node: 99, forUs: null }, atUs: 1_000_000 });
    page.work();
    expect(page.of('declined')[0]?.message).toMatch(/no station 99/);
    expect([page.frame().timeUs, page.worldHash()]).toEqual([3_000_000, hash]);
  });

  test('what makes no sense is declined, and the run goes on', () => {
    const page = opened(SMALL);
    page.send({ type: 'act', action: { do: 'crash', node: 99, forUs: null } });
    expect(page.of('declined')[0]?.message).toMatch(/no station 99/);
    page.send({ type: 'play', virtualUsPerSecond: FAST });
    page.work();
    expect(page.frame().state).toBe('ended');
    page.send({ type: 'act', action: { do: 'crash', node: 2, forUs: null } });
    expect(page.of('declined')[1]?.message).toMatch(/over/);
  });

  test.each<[string, Action, RegExp]>([
    ['a user who is not there', { do: 'connect', user: 40 }, /no user number 40/],
    ['a channel that is not there', { do: 'send', user: 0, channel: 99, bytes: 1 }, /no channel number 99/],
    ['bytes that are none', { do: 'send', user: 0, channel: 0, bytes: Number.NaN }, /bytes/],
    ['half a microsecond', { do: 'block', node: 2, forUs: 0.5 }, /span of time/],
    ['a speed of nothing', { do: 'slow', node: 2, factor: 0, forUs: null }, /factor/],
    [
      'a link from nowhere',
      {
        do: 'link',
        from: [9],
        to: [0],
        fault: { cut: true, loss: 0, duplicate: 0, reorder: 0, delayUs: 0 },
        forUs: null,
      },
      /no station 9/,
    ],
    ['a setting that is none', { do: 'set', path: 'servers.colour', value: 'red' }, /"colour" is unknown/],
    ['a setting that lays out memory', { do: 'set', path: 'servers.count', value: 9 }, /cannot change while/],
  ])('%s is declined', (_, action, message) => {
    const page = opened(SMALL);
    page.send({ type: 'act', action });
    expect(page.of('declined').map((reply) => reply.message)).toEqual([expect.stringMatching(message)]);
    expect(page.of('failed')).toEqual([]);
  });

  test('nothing is done while a question waits', () => {
    const page = opened(ASKS);
    page.send({ type: 'play', virtualUsPerSecond: FAST });
    page.work();
    page.send({ type: 'act', action: { do: 'crash', node: 2, forUs: null } });
    expect(page.of('declined')[0]?.message).toMatch(/question/);
  });
});

describe('failing', () => {
  test('more sends than can be under way fail at their client, and the run goes on', () => {
    const page = opened(ASKS);
    page.send({ type: 'goTo', timeUs: 1_500_000 });
    page.work();
    for (let i = 0; i < 12_000; i++)
      page.send({ type: 'act', action: { do: 'send', user: 0, channel: 0, bytes: 10 } });
    expect(page.of('failed')).toEqual([]);
    page.send({ type: 'goTo', timeUs: 1_900_000 });
    page.work();
    expect(page.frame()).toMatchObject({ timeUs: 1_900_000, state: 'paused' });
  });

  test('a full column is told in a sentence, frames are still answered, and going back makes it good', () => {
    const clients = `[
      { name: near, share: 0.5, latency: { median: 10ms, p99: 40ms } },
      { name: far, share: 0.4, latency: { median: 25ms, p99: 50ms } },
      { name: farther, share: 0.1, latency: { median: 75ms, p99: 250ms } },
    ]`;
    const design = `design:\n  ordering: causal\n  rateLimit: none\n  network: { clients: ${clients} }`;
    const page = opened(ASKS.replace('design:', design));
    // More sends than a hand is given room for: each leaves what it knew of the others.
    for (const timeUs of [200_000, 1_000_000, 1_800_000]) {
      page.send({ type: 'goTo', timeUs });
      page.work();
      for (let i = 0; i < 9_000; i++)
        page.send({ type: 'act', action: { do: 'send', user: 0, channel: 0, bytes: 10 } });
    }
    const failed = page.of('failed');
    expect(failed.length).toBe(1);
    expect(failed[0]!.message).toMatch(/lower workload\.users/);
    expect(page.frame().state).toBe('failed');
    page.send({ type: 'goTo', timeUs: 1_000_000 });
    page.work();
    expect(page.frame()).toMatchObject({ timeUs: 1_000_000, state: 'paused' });
  });
});
