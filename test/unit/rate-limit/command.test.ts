import { describe, expect, test } from 'vitest';
import { RATE_LIMIT_ALGORITHMS } from '../../../src/algorithms/rate-limit/config.ts';
import { fanout } from '../cli/fanout.ts';

const EXAMPLE = ['--limit', '5', '--window', '60s', '--times', '0s,15s,20s,35s,55s,60s,65s'];
const run = (...args: string[]) => fanout('rate-limit', ...args);
const json = async (...args: string[]) => {
  const result = await run(...args, '--json');
  expect(result).toMatchObject({ status: 0, err: '' });
  return JSON.parse(result.out);
};

describe('rate-limit --json', () => {
  test('gives the worked example in the shape of the interface', async () => {
    const document = await json('--algorithm', 'sliding-window-log', ...EXAMPLE);
    expect(document).toMatchObject({
      algorithm: 'sliding-window-log',
      limit: 5,
      window: 60,
      boundary: 'inclusive',
    });
    const decisions = document.decisions as Record<string, unknown>[];
    expect(decisions.map((d) => d.time)).toEqual([0, 15, 20, 35, 55, 60, 65]);
    expect(decisions.map((d) => d.allowed)).toEqual([true, true, true, true, true, false, true]);
    expect(decisions.map((d) => d.count)).toEqual([1, 2, 3, 4, 5, 5, 5]);
    expect(decisions.map((d) => d.retryAfter)).toEqual([null, null, null, null, null, 0.000001, null]);
    expect(decisions[5]!.state).toEqual({ log: [0, 15, 20, 35, 55] });
    expect(decisions[6]!.state).toEqual({ log: [15, 20, 35, 55, 65] });
    expect(decisions[6]!.expired).toEqual([0]);
  });

  test('knows the other convention', async () => {
    const { decisions } = await json(
      '--algorithm',
      'sliding-window-log',
      ...EXAMPLE,
      '--boundary',
      'exclusive',
    );
    expect(decisions[5].allowed).toBe(true);
  });

  test.each(RATE_LIMIT_ALGORITHMS)('shows what %s knows', async (algorithm) => {
    const { decisions } = await json('--algorithm', algorithm, ...EXAMPLE);
    expect(decisions[6].state).toEqual(
      {
        'fixed-window': { windowStart: 60, windowEnd: 120, count: 2 },
        'sliding-window-log': { log: [15, 20, 35, 55, 65] },
        'sliding-window-counter': {
          windowStart: 60,
          windowEnd: 120,
          previous: 5,
          current: 0,
          weight: 55 / 60,
        },
        'token-bucket': { tokens: 34 / 12, burst: 5 },
        'leaky-bucket': { level: 26 / 12, burst: 5 },
        gcra: { tat: 91, earliest: 65 },
      }[algorithm],
    );
  });

  test('promises a return that it keeps where a refusal counts, too', async () => {
    const asked = async (times: string) => {
      const counted = ['--limit', '1', '--window', '60s', '--refused-count', '--times', times];
      return (await json('--algorithm', 'sliding-window-log', ...counted)).decisions.at(-1);
    };
    expect((await asked('0s,30s')).retryAfter).toBe(60.000001);
    expect(await asked('0s,30s,60.000001s')).toMatchObject({ allowed: false, retryAfter: 60.000001 });
    expect((await asked('0s,30s,90.000001s')).allowed).toBe(true);
    expect((await asked('0s,30s,90s')).allowed).toBe(false);
  });

  test('takes times to the microsecond', async () => {
    const times = ['--limit', '1', '--window', '60s', '--times', '0s,59.999999s,60s,60.000001s'];
    const { decisions } = await json('--algorithm', 'sliding-window-log', ...times);
    expect(decisions.map((d: { allowed: boolean }) => d.allowed)).toEqual([true, false, false, true]);
    expect(decisions[1]).toMatchObject({ time: 59.999999, retryAfter: 0.000002 });
  });

  test('takes a burst, and delays what a queue admits', async () => {
    const args = ['--algorithm', 'leaky-bucket', '--limit', '60', '--window', '1m', '--burst', '2'];
    const { burst, decisions } = await json(...args, '--times', '0s,0s,0s', '--leak', 'queue');
    expect(burst).toBe(2);
    expect(decisions.map((d: { allowed: boolean }) => d.allowed)).toEqual([true, true, false]);
    expect(decisions[1].delay).toBe(1);
    expect(decisions[2]).toMatchObject({ retryAfter: 1 });
  });
});

test('rate-limit prints a table that says why', async () => {
  const { status, out, err } = await run('--algorithm', 'sliding-window-log', ...EXAMPLE);
  expect({ status, err }).toEqual({ status: 0, err: '' });
  expect(out).toBe(`sliding-window-log: 5 in 60 s; a request exactly one window old still counts

   time  verdict  count  because
1   0 s  allowed      1  counted 0; limit 5; allowed
2  15 s  allowed      2  counted 1: at 0 s; limit 5; allowed
3  20 s  allowed      3  counted 2: at 0, 15 s; limit 5; allowed
4  35 s  allowed      4  counted 3: at 0, 15, 20 s; limit 5; allowed
5  55 s  allowed      5  counted 4: at 0, 15, 20, 35 s; limit 5; allowed
6  60 s  REFUSED      5  counted 5: at 0, 15, 20, 35, 55 s; limit 5; refused; come back at 60.000001 s
7  65 s  allowed      5  counted 4: at 15, 20, 35, 55 s; limit 5; allowed

6 allowed, 1 refused. Count is what counts after the request.
`);
});

describe('input that cannot be used', () => {
  const base = { algorithm: 'gcra', limit: '5', window: '60s', times: '0s,1s' };
  const args = (change: Partial<Record<string, string>>): string[] =>
    Object.entries({ ...base, ...change }).flatMap(([name, value]) => [`--${name}`, value]);

  test.each([
    [
      { times: '0s,20s,15s' },
      '--times: 15s at place 3 comes after 20s, but is earlier; write the times in order',
    ],
    [
      { times: '3s,2s,1s' },
      '--times: 2s at place 2 comes after 3s, but is earlier (and 1 more like it); write the times in order',
    ],
    [{ limit: '0' }, '--limit: 0 requests is no limit; write a whole number from 1 to 536870911'],
    [{ limit: 'NaN' }, '--limit: "NaN" is no number of requests; write a whole number such as 5 or 1k'],
    [{ limit: '-3' }, '--limit: "-3" is no number of requests; write a whole number such as 5 or 1k'],
    [{ limit: '1.5' }, '--limit: "1.5" is no number of requests; write a whole number such as 5 or 1k'],
    [
      { limit: '999G' },
      '--limit: 999000000000 requests is no limit; write a whole number from 1 to 536870911',
    ],
    [{ window: '0s' }, '--window: 0 us is no window; write a duration from 1us to 142 years'],
    [
      { window: '60' },
      '--window: "60" is no whole number of microseconds; write a number with its unit, such as 60s, 1500ms or 250us',
    ],
    [
      { window: '100000d' },
      '--window: 8640000000000000 us is no window; write a duration from 1us to 142 years',
    ],
    [{ burst: '0' }, '--burst: 0 requests is no burst; write a whole number from 1 to 536870911'],
    [
      { algorithm: 'leaky' },
      '--algorithm: there is no "leaky"; choose one of fixed-window, sliding-window-log, sliding-window-counter, token-bucket, leaky-bucket, gcra',
    ],
    [{ boundary: 'open' }, '--boundary: there is no "open"; choose inclusive or exclusive'],
    [{ times: '' }, '--times: is empty; write times in order with their units, such as 0s,15s,59.999999s'],
    [
      { times: '0s,15' },
      '--times: "15" at place 2 is no whole number of microseconds; write times in order with their units, such as 0s,15s,59.999999s',
    ],
    [
      { times: '0s,,NaN' },
      '--times: "" at place 2 is no whole number of microseconds (and 1 more like it); write times in order with their units, such as 0s,15s,59.999999s',
    ],
    [
      { times: '100000d' },
      '--times: "100000d" at place 1 is past 142 years; write times in order with their units, such as 0s,15s,59.999999s',
    ],
  ])('%j is one line and status 2', async (change, line) => {
    expect(await run(...args(change))).toEqual({ status: 2, out: '', err: `${line}\n` });
    expect(await run(...args(change), '--json')).toEqual({ status: 2, out: '', err: `${line}\n` });
  });

  test('shows every problem at once', async () => {
    const { status, err } = await run('--limit', '0', '--window', 'x');
    expect(status).toBe(2);
    expect(
      err
        .trimEnd()
        .split('\n')
        .map((line) => line.split(':')[0]),
    ).toEqual(['--algorithm', '--window', '--limit', '--times']);
  });

  test('an unknown option is status 2, help is status 0', async () => {
    expect(await run('--colour')).toMatchObject({ status: 2, out: '' });
    const help = await run('--help');
    expect(help).toMatchObject({ status: 0, err: '' });
    for (const algorithm of RATE_LIMIT_ALGORITHMS) expect(help.out.replace(/\s+/g, ' ')).toContain(algorithm);
  });
});
