import { describe, expect, test } from 'vitest';
import { InputError } from '../../../src/base/errors.ts';
import { applySettings, parseScenario, withMoreOverrides, worldsOf } from '../../../src/scenario/parse.ts';
import { WORLD_AS_WRITTEN } from '../../../src/scenario/types.ts';
import { DEFAULT_DESIGN } from '../../../src/system/design/defaults.ts';
import { EVERYTHING, everythingBut, placeOf, problemsOf, TINY } from './texts.ts';

const everything = parseScenario(EVERYTHING, 'everything.yaml');

function problemsIn(attempt: () => unknown): string {
  try {
    attempt();
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  return '';
}

describe('a scenario that says everything', () => {
  test('has its durations in microseconds, its counts as numbers, its names as numbers', () => {
    expect(everything.durationUs).toBe(300_000_000);
    expect(everything.design.gateway).toMatchObject({
      count: 2,
      acceptsPerSecond: 2000,
      service: { kind: 'constant', us: 20 },
    });
    expect(everything.design.servers).toMatchObject({
      receive: { kind: 'exponential', meanUs: 20 },
      notify: { kind: 'uniform', minUs: 5, maxUs: 15 },
      heartbeatUs: 1.5,
    });
    expect(everything.design.database.write).toEqual({ kind: 'lognormal', medianUs: 2000, p99Us: 15_000 });
    expect(everything.design.network.clients.map((c) => c.share)).toEqual([0.6, 0.4]);
    expect(everything.workload).toMatchObject({
      users: 10_000,
      userNames: ['alice', 'bob', 'carol'],
      online: 0.9,
    });
    expect(everything.workload.channels.named).toEqual([
      { name: 'general', members: [0, 1, 2] },
      { name: 'pair', members: [0, 1] },
    ]);
  });

  test('has every step with its trigger, its actions on numbered nodes and its line', () => {
    const [, , , crash, restart] = everything.script;
    expect(crash).toMatchObject({
      trigger: {
        on: 'model',
        when: { of: 'message', sender: 0, nth: 1, is: 'delivered', to: 1 },
        afterUs: 2_000_000,
      },
      does: { do: 'act', verb: 'crash', actions: [{ do: 'crash', node: 17, forUs: 2_000_000 }] },
      source: '{ when: { message: alice/1, is: delivered, to: bob }, after: 2s, crash: database, for: 2s }',
    });
    expect(restart?.does).toMatchObject({
      actions: [
        { do: 'restart', node: 4 },
        { do: 'restart', node: 12 },
      ],
    });
    for (const step of everything.script) {
      expect(EVERYTHING.slice(step.range.start, step.range.end).replace(/\n +/g, '\n')).toBe(
        step.source.replace(/\n +/g, '\n'),
      );
    }
  });

  test('sends to a user by way of the named channel of the two', () => {
    expect(everything.script[2]?.does).toMatchObject({
      actions: [{ do: 'send', user: 1, channel: 1, bytes: 200 }],
    });
  });

  test('turns a setting that changes in the run into the path and value of the design', () => {
    expect(
      everything.script.find((step) => step.does.do === 'act' && step.does.verb === 'set')?.does,
    ).toMatchObject({
      actions: [
        { do: 'set', path: 'retry.timeoutUs', value: 2_000_000 },
        { do: 'set', path: 'message.bytes', value: 65_536 },
      ],
    });
  });

  test('takes the answer of a question by its text and counts it from 0', () => {
    expect(everything.script.find((step) => step.does.do === 'ask')?.does).toMatchObject({ answer: 1 });
  });

  test('puts what everyone says of expectations into words', () => {
    expect(everything.expect.map((expectation) => expectation.text)).toEqual([
      'acked-is-durable is violated',
      'persist first: acked-is-durable holds',
      'delivery.p99.ms is below 250',
      'deliveries is 12',
    ]);
  });
});

describe('a scenario that says little', () => {
  test('has the defaults, one channel with all its named users, and does only what the script says', () => {
    const tiny = parseScenario(TINY, 'tiny.yaml');
    expect(tiny.design).toEqual(DEFAULT_DESIGN);
    expect(tiny.workload.channels.named).toEqual([{ name: 'general', members: [0, 1] }]);
    expect(tiny.workload).toMatchObject({ churnPerSecond: 0, messages: { perUserPerMinute: 0 } });
  });

  test('gets as many groups as the memberships of a user ask for, or groups of the size that they ask for', () => {
    const channels = (said: string) =>
      parseScenario(`scenario: a\ntitle: b\nworkload: { users: 1k, channels: ${said} }`, 'a.yaml').workload
        .channels.groups;
    expect(channels('{ membershipsPerUser: 20, groups: { size: 10 } }')).toEqual([
      { count: 2000, size: { kind: 'constant', size: 10 }, meanSize: null },
    ]);
    expect(channels('{ private: 500, membershipsPerUser: 20, groups: { count: 1k, size: 10 } }')).toEqual([
      { count: 1000, size: { kind: 'constant', size: 10 }, meanSize: 19 },
    ]);
    expect(channels('{ private: 500 }')).toEqual([]);
  });

  test('switches the rate limit off by one word, and on with the limit as the burst', () => {
    const limit = (said: string) =>
      parseScenario(`${TINY}design: { rateLimit: ${said} }`, 'a.yaml').design.rateLimit;
    expect(limit('none')).toBeNull();
    expect(limit('{ placement: none, limit: 5 }')).toBeNull();
    expect(limit('{ limit: 5 }')).toMatchObject({ limit: 5, burst: 5, algorithm: 'sliding-window-log' });
  });
});

describe('worlds', () => {
  test('are the scenario as written and each variant, and expect what is expected of them', () => {
    const all = worldsOf(everything);
    expect(all.map((world) => world.name)).toEqual([
      WORLD_AS_WRITTEN,
      ...['persist first', 'a log on redis', 'partitions'],
    ]);
    const worlds = all.slice(0, 2);
    expect(worlds.map((world) => world.scenario.design.flow[1])).toEqual(['ack', 'persist']);
    expect(worlds.map((world) => world.scenario.workload.users)).toEqual([10_000, 9_000]);
    expect(worlds.map((world) => world.scenario.expect.length)).toEqual([3, 1]);
    expect(worlds[1]?.scenario.seed).toBe(everything.seed);
  });

  test('have no other settings than those that were said', () => {
    const [asWritten, variant] = worldsOf(everything);
    const { flow: _, ...rest } = asWritten!.scenario.design;
    const { flow: __, ...variantRest } = variant!.scenario.design;
    expect(variantRest).toEqual(rest);
  });

  test('report a wrong setting where it stands under compare', () => {
    const text = everythingBut('design.flow: [validate, persist,', 'design.flow: [persist, publsh,');
    expect(problemsOf(text)).toEqual([
      `${placeOf(text, text.indexOf('publsh'))}: in the world "persist first": "publsh" is not one of the names here; did you mean publish?`,
    ]);
  });

  test('report what a setting makes wrong elsewhere where that stands', () => {
    const text = everythingBut('design.flow: [validate, persist, ack, publish]', 'design.servers.count: 2');
    const line =
      'in the world "persist first": there is no station "ws-server-3"; there are ws-server-1 to ws-server-2';
    expect(problemsOf(text)).toEqual([
      `${placeOf(text, text.indexOf('ws-server-3'))}: ${line}`,
      `${placeOf(text, text.lastIndexOf('ws-server-3'))}: ${line}`,
    ]);
  });
});

describe('settings over the text', () => {
  test('are read as if they stood in the file', () => {
    const changed = applySettings(everything, [
      ['design.delivery', 'at-most-once'],
      ['design.network.clients.0.share', '100%'],
      ['design.network.clients', [{ name: 'all', share: 1, latency: '5ms' }]],
    ]);
    expect(changed.design.delivery).toBe('at-most-once');
    expect(changed.design.network.clients).toEqual([
      { name: 'all', share: 1, latency: { kind: 'constant', us: 5000 } },
    ]);
    expect(changed.script).toEqual(everything.script);
  });

  test('hold in every world', () => {
    const worlds = worldsOf(applySettings(everything, [['design.ordering', 'global']]));
    expect(worlds.map((world) => world.scenario.design.ordering)).toEqual([
      'global',
      'global',
      'global',
      'global',
    ]);
  });

  test('are reported by their flag, with the column of the path or the value', () => {
    expect(problemsIn(() => applySettings(everything, [['design.delivery', 'exactly-once']]))).toBe(
      '--set:1:17: design.delivery: "exactly-once" is not one of the names here; use at-most-once, at-least-once or effectively-once',
    );
    expect(problemsIn(() => applySettings(everything, [['design.dlivery', 1]]))).toBe(
      '--set:1:1: design.dlivery: the key "dlivery" is unknown; did you mean delivery?',
    );
    expect(problemsIn(() => applySettings(everything, [['delivery', 1]]))).toBe(
      '--set:1:1: "delivery" is no setting; write a path such as design.retry.timeout',
    );
    expect(problemsIn(() => applySettings(everything, [['design.database.read.p99', '3ms']]))).toBe(
      '--set:1:1: design.database.read is "3ms", so p99 cannot be set inside it; set design.database.read as a whole',
    );
    expect(problemsIn(() => applySettings(everything, [['design.database.write.p99', '1ms']]))).toBe(
      '--set:1:27: design.database.write.p99: p99 is not longer than the median; make it longer, or write one duration',
    );
  });

  test('change seed, length and number of users', () => {
    const changed = withMoreOverrides(everything, [
      { kind: 'seed', path: 'seed', value: '9' },
      { kind: 'for', path: 'duration', value: '60s' },
      { kind: 'users', path: 'users', value: '1k' },
    ]);
    expect(changed).toMatchObject({ seed: 9, durationUs: 60_000_000, workload: { users: 1000 } });
    expect(changed.workload.channels).toMatchObject({
      private: 500,
      groups: [{ count: 10 }, { count: 5 }, { count: 1 }],
    });
  });

  test('that end the run before some steps leave these steps as they are', () => {
    const cut = withMoreOverrides(everything, [{ kind: 'for', path: 'duration', value: '5s' }]);
    expect(cut.durationUs).toBe(5_000_000);
    expect(cut.script).toEqual(everything.script);
  });

  test('clip the groups to fewer users than they would need', () => {
    const few = withMoreOverrides(parseScenario(everythingBut('user-77', 'user-7'), 'x.yaml'), [
      { kind: 'users', path: 'users', value: 20 },
    ]);
    expect(few.workload.channels.groups.map((group) => group.size)).toEqual([
      { kind: 'zipf', exponent: 1.2, min: 2, max: 20 },
      { kind: 'uniform', min: 3, max: 20 },
      { kind: 'constant', size: 20 },
    ]);
  });

  test('are refused when the file cannot follow them', () => {
    expect(
      problemsIn(() => withMoreOverrides(everything, [{ kind: 'users', path: 'users', value: 2 }])),
    ).toBe('--users:1:1: 3 users have a name, and there are 2 of them; make it at least 3');
    expect(
      problemsIn(() => withMoreOverrides(everything, [{ kind: 'for', path: 'duration', value: '60' }])),
    ).toBe('--for:1:1: "60" is no duration; it has no unit: write 60ms or 60s');
  });
});
