import { describe, expect, test } from 'vitest';
import { metricsOf } from '../../../src/run/metrics-of.ts';
import { createRun, type Run } from '../../../src/run/run.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';

/** Four people in one channel, two gateways, two servers; every way takes the same time, nobody tries twice. */
function text({
  limit,
  more = '',
  script,
}: {
  limit: string;
  more?: string;
  script: readonly string[];
}): string {
  const step = (line: string): string => `  - { ${line} }\n`;
  return `scenario: places
title: Places of a limit
duration: 20s
design:
  gateway: { count: 2, balancing: round-robin }
  servers: { count: 2 }
  pubsub: { kind: redis, shards: 1 }
  service: { service: 100us }
  database: { write: 100us }
  rateLimit: ${limit}
  network: { clients: [{ name: steady, share: 100%, latency: 10ms }], internal: 100us }
${more.includes('delivery:') ? '' : '  delivery: at-most-once\n'}${more}
${more.includes('workload:') ? '' : 'workload:\n  users: [ann, ben, cat, dan]\n  channels: { named: { one: [ann, ben, cat, dan], two: [ann, ben, cat, dan] } }\n'}script:
${script.map(step).join('')}`;
}

function ran(of: Parameters<typeof text>[0]): Run {
  const run = createRun(parseScenario(text(of), 'places.yaml'));
  while (run.advance(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY) !== 'end') run.script.answer();
  return run;
}

const outcome = (of: Parameters<typeof text>[0]) => {
  const run = ran(of);
  const metrics = metricsOf(run.system.context);
  const { copyPool, outgoingPool } = run.system.context;
  // Whatever happened, nothing is left behind.
  expect([copyPool.inUse(), outgoingPool.inUse()]).toEqual([0, 0]);
  return { acked: metrics['messages.acked'], refused: metrics['requests.refused'], metrics, run };
};

const burst = (from: string, at: string, times: number, to = 'one'): string =>
  `at: ${at}, send: { from: ${from}, to: ${to}, times: ${times}, every: 1ms }`;

const log = (limit: number, rest: string): string =>
  `{ algorithm: sliding-window-log, limit: ${limit}, window: 10s, ${rest} }`;

describe('whose requests are counted together', () => {
  const script = [burst('ann', '1s', 3), burst('ben', '1s', 3), burst('cat', '1s', 3)];

  test('by user each has a budget', () => {
    expect(outcome({ limit: log(2, 'placement: gateway'), script })).toMatchObject({ acked: 6, refused: 3 });
  });

  test('by address those behind one router share it', () => {
    const more = `workload:
  users: [ann, ben, cat, dan]
  usersPerAddress: 2
  channels: { named: { one: [ann, ben, cat, dan] } }
`;
    // Ann and Ben have the first address, Cat the second.
    for (const placement of ['gateway', 'service'])
      expect(outcome({ limit: log(4, `by: address, placement: ${placement}`), more, script })).toMatchObject({
        acked: 7,
        refused: 2,
      });
  });

  test('by address at gateways that count each for itself, an address that comes through both has two budgets', () => {
    const more = `workload:
  users: [ann, ben, cat, dan]
  usersPerAddress: 2
  channels: { named: { one: [ann, ben, cat, dan] } }
`;
    const placed = (counters: string) =>
      outcome({ limit: log(2, `by: address, placement: gateway, counters: ${counters}`), more, script });
    expect(placed('shared').acked).toBe(4);
    // Ann comes through the first gateway, Ben through the second.
    expect(placed('each').acked).toBe(6);
  });

  test('by channel what all write to it', () => {
    const both = [...script, burst('dan', '1s', 3, 'two')];
    expect(outcome({ limit: log(4, 'by: channel, placement: gateway'), script: both })).toMatchObject({
      acked: 7,
      refused: 5,
    });
  });

  test('by channel at servers each of them counts what it sees', () => {
    // Ann and Cat are on one server, Ben on the other.
    const { acked } = outcome({ limit: log(2, 'by: channel, placement: server'), script });
    expect(acked).toBe(4);
  });

  test('several at once: what one of them refuses counts at none', () => {
    const limit = `[${log(3, 'by: user, placement: gateway')}, ${log(1, 'by: channel, placement: gateway')}]`;
    // One passes in the first channel, the other is refused there; in the second channel one passes: two of three are used.
    const steps = [
      burst('ann', '1s', 2),
      burst('ann', '2s', 2, 'two'),
      burst('ann', '12.5s', 1),
      burst('ann', '13s', 1, 'two'),
    ];
    expect(outcome({ limit, script: steps })).toMatchObject({ acked: 4, refused: 2 });
  });

  test('several at different places: the second sees what the first lets pass', () => {
    const limit = `[${log(4, 'by: user, placement: gateway')}, ${log(2, 'by: user, placement: service')}]`;
    const { acked, refused, metrics } = outcome({ limit, script: [burst('ann', '1s', 6)] });
    expect({ acked, refused }).toEqual({ acked: 2, refused: 4 });
    expect(metrics['limiter.busy.percent']).toBeCloseTo((100 * 4 * 10) / 20_000_000, 2);
  });
});

describe('a counter in the server', () => {
  const script = [burst('ann', '1s', 4), 'at: 2s, disconnect: ann, for: 1s', burst('ann', '5s', 4)];

  test('belongs to the connection: whoever connects again has a full budget', () => {
    expect(outcome({ limit: log(2, 'placement: server'), script })).toMatchObject({ acked: 4, refused: 4 });
  });

  test('elsewhere a new connection changes nothing', () => {
    for (const placement of ['gateway', 'service'])
      expect(outcome({ limit: log(2, `placement: ${placement}`), script })).toMatchObject({
        acked: 2,
        refused: 6,
      });
  });

  test('costs gateway and server their work, at the gateway a refused message costs neither', () => {
    const flood = [burst('ann', '1s', 500)];
    const at = (placement: string) =>
      outcome({ limit: log(1, `placement: ${placement}`), script: flood }).metrics;
    expect(at('gateway')['gateway.busy.percent']).toBeLessThan(at('server')['gateway.busy.percent'] / 50);
    expect(at('gateway')['ws-server.busy.percent']).toBeLessThan(at('server')['ws-server.busy.percent'] / 3);
  });
});

describe('a limiter that is a service', () => {
  const service = (more: string): string => log(2, `placement: service, ${more}`);
  const fault = (what: string) => [what, burst('ann', '1s', 5)];

  test('costs a round trip more', () => {
    const one = [burst('ann', '1s', 1)];
    const p50 = (placement: string): number =>
      outcome({ limit: log(2, `placement: ${placement}`), script: one }).metrics['ack.p50.ms'];
    expect(p50('service') - p50('gateway')).toBeGreaterThan(0.1);
    expect(p50('service') - p50('gateway')).toBeLessThan(1);
  });

  test.each([
    ['is down', 'at: 0s, crash: limiter'],
    ['is cut off', 'at: 0s, cut: { from: ws-servers, to: limiter }'],
    ['is too slow', 'at: 0s, slow: limiter, factor: 100'],
    ['dies with the question in its queue', 'at: 1.0103s, crash: limiter'],
  ])('when it %s, fail open lets all pass and fail closed none', (_, what) => {
    const slow = 'service: 10ms';
    const open = outcome({ limit: service(`${slow}, whenDown: open`), script: fault(what) });
    expect(open).toMatchObject({ acked: 5, refused: 0 });
    expect(open.metrics['requests.unanswered']).toBe(5);
    const closed = outcome({ limit: service(`${slow}, whenDown: closed`), script: fault(what) });
    expect(closed).toMatchObject({ acked: 0, refused: 0 });
    expect(closed.metrics['honest.refused']).toBe(5);
  });

  test('is waited for as long as the design says, and a late answer changes nothing', () => {
    const limit = (timeout: string): string => service(`service: 20ms, timeout: ${timeout}`);
    const patient = outcome({ limit: limit('500ms'), script: [burst('ann', '1s', 5)] });
    expect(patient).toMatchObject({ acked: 2, refused: 3 });
    expect(patient.metrics['requests.unanswered']).toBe(0);
    const hasty = outcome({ limit: limit('50ms'), script: [burst('ann', '1s', 5)] });
    // Answers come after 20, 40, 60, ... ms: two in time.
    expect(hasty.metrics['requests.unanswered']).toBe(3);
    expect(hasty).toMatchObject({ acked: 5, refused: 0 });
    // No copy went on twice.
    expect(hasty.metrics.deliveries).toBe(15);
  });

  test('forgets what it has counted when it crashes', () => {
    const script = [burst('ann', '1s', 2), 'at: 2s, crash: limiter, for: 1s', burst('ann', '4s', 2)];
    expect(outcome({ limit: service('whenDown: closed'), script })).toMatchObject({ acked: 4, refused: 0 });
  });
});

test.each(['gateway', 'server', 'service'])(
  'a leaky bucket as queue at the %s holds back what it admits',
  (placement) => {
    const limit = `{ algorithm: leaky-bucket, limit: 1, window: 1s, burst: 4, leak: queue, placement: ${placement} }`;
    const { acked, refused, run } = outcome({ limit, script: [burst('ann', '1s', 6)] });
    expect({ acked, refused }).toEqual({ acked: 4, refused: 2 });
    const acks = run.system.context.watching.tracer.rows().filter(({ kind }) => kind === 'ack');
    const gapsMs = acks.slice(1).map(({ timeUs }, i) => Math.round((timeUs - acks[i]!.timeUs) / 1000));
    // One a second, whatever the pace at which they came.
    expect(gapsMs).toEqual([1000, 1000, 1000]);
  },
);

test('what a station holds back is lost when it crashes', () => {
  const limit = `{ algorithm: leaky-bucket, limit: 1, window: 1s, burst: 4, leak: queue, placement: gateway }`;
  const { acked } = outcome({
    limit,
    script: [burst('ann', '1s', 4), 'at: 2.5s, crash: gateway, for: 100ms'],
  });
  expect(acked).toBe(2);
});

describe('the sender is told when to come back', () => {
  const more = (bots: string): string => `  delivery: at-least-once
workload:
  users: [ann, ben, cat, dan]
  channels: { named: { one: [ann, ben, cat, dan] } }
${bots}`;
  const retries = (bots: string) => {
    const of = { limit: log(1, 'placement: gateway'), more: more(bots), script: [burst('ann', '1s', 2)] };
    const { run, metrics } = outcome(of);
    const rows = run.system.context.watching.tracer.rows().filter(({ sender }) => sender === 0);
    return { againUs: rows.filter(({ kind }) => kind === 'retry').map(({ timeUs }) => timeUs), metrics };
  };

  test('and a client that behaves waits until then, to the microsecond', () => {
    const { againUs, metrics } = retries('');
    // The first was let through at 1.01 s; it is too old after 10 s and a microsecond.
    expect(againUs).toEqual([11_010_001]);
    expect(metrics).toMatchObject({ 'messages.acked': 2, 'honest.refused': 1, 'honest.failed': 0 });
  });

  test('a bot does not wait, and gives up after its attempts', () => {
    const { againUs, metrics } = retries('  bots: { users: [ann], perUserPerMinute: 0, resend: 200ms }\n');
    expect(againUs).toEqual([1_221_000, 1_441_000, 1_661_000, 1_881_000]);
    expect(metrics).toMatchObject({
      'messages.acked': 1,
      'requests.refused': 5,
      'honest.refused': 0,
      'honest.failed': 0,
      'bots.sent': 2,
      'bots.persisted': 1,
    });
  });

  test('a bot may be told to wait, too', () => {
    expect(retries('  bots: { users: [ann], perUserPerMinute: 0, waits: true }\n').againUs).toEqual([
      11_010_001,
    ]);
  });
});

test('bots begin when they are told to, at their rate, and are counted apart', () => {
  const more = `workload:
  users: 200
  channels: { private: 600 }
  messages: { perUserPerMinute: 0 }
  churnPerSecond: 0
  bots: { share: 10%, perUserPerMinute: 60, from: 10s }
`;
  const { metrics, run } = outcome({ limit: 'none', more, script: ['at: 0s, say: nothing'] });
  const rows = run.system.context.watching.tracer.rows().filter(({ kind }) => kind === 'send');
  expect(Math.min(...rows.map(({ timeUs }) => timeUs))).toBeGreaterThan(10_000_000);
  expect(metrics['bots.sent']).toBe(metrics['messages.sent']);
  expect(metrics['bots.sent']).toBeGreaterThan(120);
  expect(metrics['bots.sent']).toBeLessThan(300);
  expect(metrics['honest.delivery.p99.ms']).toBe(0);
});

test('the exact log beside a limiter finds nothing to say of an exact log, and much of a fixed window', () => {
  const script = [burst('ann', '9.9s', 5), burst('ann', '10.1s', 5)];
  const wrong = (algorithm: string) =>
    outcome({
      limit: `{ algorithm: ${algorithm}, limit: 5, window: 10s, placement: gateway, compareWithLog: true }`,
      script,
    }).metrics;
  expect(wrong('sliding-window-log')).toMatchObject({
    'limiter.wronglyAllowed.percent': 0,
    'limiter.wronglyRefused.percent': 0,
  });
  expect(wrong('fixed-window')).toMatchObject({ 'limiter.wronglyAllowed.percent': 50, 'messages.acked': 10 });
});

describe('a limit as it is written', () => {
  const problem = (limit: string): string => {
    try {
      createRun(parseScenario(text({ limit, script: [burst('ann', '1s', 1)] }), 'places.yaml'));
    } catch (error) {
      return (error as Error).message;
    }
    return 'no problem';
  };

  test.each([
    [
      'an unknown algorithm',
      '{ algorithm: leaky }',
      /places.yaml:10:\d+: "leaky" is not one of the names here/,
    ],
    ['a limit of 0', '{ limit: 0 }', /places.yaml:10:\d+: 0 is too small; at least 1/],
    ['a window of 0', '{ window: 0s }', /places.yaml:10:\d+: "0s" is too short; at least 1us/],
    ['an unknown key', '{ limt: 3 }', /places.yaml:10:\d+: the key "limt" is unknown; did you mean "?limit/],
    [
      'a bad one in a list',
      '[{ limit: 3 }, { by: adress }]',
      /places.yaml:10:\d+: "adress" is not one .* address/,
    ],
    ['an empty list', '[]', /places.yaml:10:\d+: .*at least 1/],
    [
      'a bucket that cannot be filled exactly',
      '{ algorithm: token-bucket, limit: 999983, window: 24h }',
      /places.yaml:10:\d+: 999983 is too large to fill exactly/,
    ],
  ])('%s is one clear line', (_, limit, says) => {
    expect(problem(limit)).toMatch(says);
  });
});
