import { describe, expect, test } from 'vitest';
import { createActor } from 'xstate';
import { RATE_LIMIT_ALGORITHMS } from '../../../src/algorithms/rate-limit/config.ts';
import { US_PER_SECOND as S } from '../../../src/base/units.ts';
import { lanesOf } from '../../../src/views/rate-limit/drawing/lanes.ts';
import { runTimeline } from '../../../src/views/rate-limit/drawing/timeline.ts';
import { commandLine } from '../../../src/views/rate-limit/model/command-line.ts';
import { readLab, writeLab } from '../../../src/views/rate-limit/model/lab-link.ts';
import { momentOf } from '../../../src/views/rate-limit/model/moment.ts';
import { PATTERNS, patternById } from '../../../src/views/rate-limit/model/patterns.ts';
import {
  askedRequest,
  type PredictionState,
  predictionMachine,
  rightGuesses,
  shownVerdicts,
} from '../../../src/views/rate-limit/model/prediction.machine.ts';
import {
  addRequest,
  countUntil,
  deleteRequest,
  LATEST_US,
  MOST_REQUESTS,
  moveRequest,
  parseTimes,
  requestsAt,
  timesOf,
  timesText,
} from '../../../src/views/rate-limit/model/requests.ts';
import {
  configOf,
  LAB_SETTINGS,
  settingsOf,
  settingsProblems,
} from '../../../src/views/rate-limit/model/settings.ts';
import { NO_ADDRESS, readAddress, writeAddress } from '../../../src/worker/address.ts';
import { fanout } from '../cli/fanout.ts';

const EXAMPLE = [0, 15, 20, 35, 55, 60, 65].map((s) => s * S);

describe('requests', () => {
  test('keep their ids and stay in order while one is added, moved and deleted', () => {
    const three = requestsAt([20 * S, 0, 10 * S]);
    expect(timesOf(three)).toEqual([0, 10 * S, 20 * S]);
    const four = addRequest(three, 5 * S);
    expect(four.map(({ id }) => id)).toEqual([1, 4, 2, 3]);
    const moved = moveRequest(four, 1, 30 * S);
    expect(moved.map(({ id }) => id)).toEqual([4, 2, 3, 1]);
    expect(deleteRequest(moved, 3).map(({ id }) => id)).toEqual([4, 2, 1]);
  });

  test('are whole microseconds from 0 to a day, and no more than can be drawn', () => {
    expect(timesOf(addRequest([], -5))).toEqual([0]);
    expect(timesOf(addRequest([], 1.4))).toEqual([1]);
    expect(timesOf(moveRequest(requestsAt([0]), 1, 1e15))).toEqual([LATEST_US]);
    const full = requestsAt(Array.from({ length: MOST_REQUESTS + 5 }, (_, i) => i));
    expect(full).toHaveLength(MOST_REQUESTS);
    expect(addRequest(full, 7)).toBe(full);
  });

  test('are counted up to a time, those at the time included', () => {
    expect([-1, 0, 14, 20, 99].map((s) => countUntil(EXAMPLE, s * S))).toEqual([0, 1, 1, 3, 7]);
  });

  test('are read as people paste them, and written so that they are read again', () => {
    expect(parseTimes('0, 15 20;35\n 59.999999, 250ms, 1m')).toEqual({
      timesUs: [0, 250_000, 15 * S, 20 * S, 35 * S, 59_999_999, 60 * S],
      problem: null,
    });
    expect(parseTimes(timesText(EXAMPLE)).timesUs).toEqual(EXAMPLE);
  });

  test.each([
    ['', 'no times; write some, such as 0, 15, 20, 35'],
    ['1, soon', '"soon" is no time; write seconds, such as 59.999999, or a unit, such as 250ms'],
    ['-1', '"-1" is no time; write seconds, such as 59.999999, or a unit, such as 250ms'],
    ['0.0000001', '"0.0000001" is no time; write seconds, such as 59.999999, or a unit, such as 250ms'],
    ['25h', '"25h" is more than a day; write at most 24h'],
    ['1 '.repeat(301), '301 times are too many to draw; write at most 300'],
  ])('that cannot be read are refused in one line: %j', (text, problem) => {
    expect(parseTimes(text)).toEqual({ timesUs: null, problem });
  });
});

describe('a pattern', () => {
  test.each(PATTERNS)('$id gives times in order, at any limit and window, few enough to draw', (pattern) => {
    for (const limit of [1, 5, 100, 10_000])
      for (const windowUs of [1_000, S, 3600 * S]) {
        const timesUs = pattern.timesUs(limit, windowUs);
        expect(timesUs.length).toBeGreaterThan(0);
        expect(timesUs.length).toBeLessThanOrEqual(MOST_REQUESTS);
        expect(timesUs.every(Number.isSafeInteger)).toBe(true);
        expect([...timesUs].sort((a, b) => a - b)).toEqual(timesUs);
        expect(pattern.timesUs(limit, windowUs)).toEqual(timesUs);
      }
  });

  test('shows what it says: the example, the double burst, the bot', () => {
    const verdicts = (id: string, algorithm: (typeof RATE_LIMIT_ALGORITHMS)[number]): number => {
      const timesUs = patternById(id)!.timesUs(5, 60 * S);
      return lanesOf(LAB_SETTINGS, timesUs, timesUs.at(-1)!).lanes.find(
        (lane) => lane.algorithm === algorithm,
      )!.allowed;
    };
    expect(patternById('worked-example')!.timesUs(5, 60 * S)).toEqual(EXAMPLE);
    expect(verdicts('double-burst', 'fixed-window')).toBe(10);
    expect(verdicts('double-burst', 'sliding-window-log')).toBe(5);
    expect(verdicts('bot', 'token-bucket')).toBeLessThan(patternById('bot')!.timesUs(5, 60 * S).length / 2);
  });
});

describe('the lanes', () => {
  const { lanes, disagreements } = lanesOf(LAB_SETTINGS, EXAMPLE, 95 * S);
  const lane = (algorithm: string) => lanes.find((one) => one.algorithm === algorithm)!;

  test('hold every algorithm on the same requests, and name the requests on which they disagree', () => {
    expect(lanes.map(({ algorithm }) => algorithm)).toEqual(RATE_LIMIT_ALGORITHMS);
    expect(lane('sliding-window-log').decisions.map(({ allowed }) => allowed)).toEqual([
      true,
      true,
      true,
      true,
      true,
      false,
      true,
    ]);
    expect(lane('sliding-window-log').decisions[5]?.words).toBe(
      'counted 5: at 0, 15, 20, 35, 55 s; limit 5; refused; come back at 60.000001 s',
    );
    expect(disagreements).toEqual([5, 6]);
  });

  test('one microsecond and one convention decide the sixth', () => {
    const at = (timeUs: number, boundary: 'inclusive' | 'exclusive') =>
      lanesOf({ ...LAB_SETTINGS, boundary }, [...EXAMPLE.slice(0, 5), timeUs], timeUs).lanes.find(
        ({ algorithm }) => algorithm === 'sliding-window-log',
      )!.decisions[5]!.allowed;
    expect(at(60 * S, 'inclusive')).toBe(false);
    expect(at(60 * S + 1, 'inclusive')).toBe(true);
    expect(at(60 * S, 'exclusive')).toBe(true);
    expect(at(60 * S - 1, 'exclusive')).toBe(false);
  });

  test('leave out what cannot run under the settings, which says why', () => {
    const settings = { ...LAB_SETTINGS, limit: 2 ** 28, windowUs: 3600 * S };
    expect(lanesOf(settings, [0], 1).lanes.length).toBeLessThan(6);
    expect(settingsProblems(settings, RATE_LIMIT_ALGORITHMS)[0]).toMatch(/^(limit|burst): .*; write/);
    expect(settingsProblems(LAB_SETTINGS, RATE_LIMIT_ALGORITHMS)).toEqual([]);
    expect(settingsProblems({ ...LAB_SETTINGS, limit: 0 }, RATE_LIMIT_ALGORITHMS)).toHaveLength(1);
  });
});

test('settings become a config and come back from it', () => {
  for (const algorithm of RATE_LIMIT_ALGORITHMS) {
    const settings = { ...LAB_SETTINGS, burst: 9, boundary: 'exclusive', leak: 'queue' } as const;
    expect(settingsOf(configOf(algorithm, settings))).toEqual(settings);
    expect(settingsOf(configOf(algorithm, LAB_SETTINGS))).toEqual(LAB_SETTINGS);
  }
});

describe('a moment', () => {
  const config = configOf('sliding-window-log', LAB_SETTINGS);

  test('of a request is what it finds, with the arrow that it takes', () => {
    const sixth = momentOf(config, EXAMPLE, 60 * S, 5);
    expect([sixth.why.counted, sixth.before, sixth.after]).toEqual([5, 'spent', 'spent']);
    expect(sixth.taken?.verdict).toBe('refused');
    const seventh = momentOf(config, EXAMPLE, 65 * S, 6);
    expect([seventh.why.counted, seventh.before, seventh.after]).toEqual([4, 'within', 'spent']);
    expect(seventh.why.expiredUs).toEqual([0]);
  });

  test('between requests is what a request would find, and changes nothing', () => {
    const between = momentOf(config, EXAMPLE, 62 * S, null);
    expect(between.why.words).toBe('counted 4: at 15, 20, 35, 55 s; limit 5; allowed');
    expect([between.before, between.after, between.taken]).toEqual(['within', 'within', null]);
  });
});

describe('the prediction game', () => {
  test('asks about each request before its verdict shows, tells, and counts what was right', () => {
    const game = createActor(predictionMachine).start();
    const at = () => {
      const { value, context } = game.getSnapshot();
      const state = value as PredictionState;
      return [state, askedRequest(state, context), shownVerdicts(state, context), rightGuesses(context)];
    };
    expect(at()).toEqual(['off', null, Number.POSITIVE_INFINITY, 0]);
    game.send({ type: 'START', verdicts: [true, false] });
    expect(at()).toEqual(['asking', 0, 0, 0]);
    game.send({ type: 'GUESS', allowed: true });
    expect(at()).toEqual(['told', 0, 1, 1]);
    // Told is told: a second guess counts no more.
    game.send({ type: 'GUESS', allowed: false });
    expect(at()).toEqual(['told', 0, 1, 1]);
    game.send({ type: 'NEXT' });
    expect(at()).toEqual(['asking', 1, 1, 1]);
    game.send({ type: 'GUESS', allowed: true });
    game.send({ type: 'NEXT' });
    expect(at()).toEqual(['done', null, Number.POSITIVE_INFINITY, 1]);
    game.send({ type: 'STOP' });
    expect(at()).toEqual(['off', null, Number.POSITIVE_INFINITY, 0]);
  });

  test('does not begin without requests', () => {
    const game = createActor(predictionMachine).start();
    game.send({ type: 'START', verdicts: [] });
    expect(game.getSnapshot().value).toBe('off');
  });
});

describe('a link', () => {
  test('holds the laboratory, and gives it back', () => {
    for (const algorithm of RATE_LIMIT_ALGORITHMS) {
      const settings = { ...LAB_SETTINGS, burst: 7, leak: 'queue', refusedCount: true } as const;
      const made = { algorithm, settings, requests: requestsAt(EXAMPLE), pattern: null };
      expect(readLab(writeLab(made))).toEqual(made);
      const empty = { algorithm, settings: LAB_SETTINGS, requests: [], pattern: null };
      expect(readLab(writeLab(empty))).toEqual(empty);
      const { address, problems } = readAddress(
        writeAddress({ ...NO_ADDRESS, rateLimitLab: writeLab(made) }),
      );
      expect([address.rateLimitLab, problems]).toEqual([writeLab(made), []]);
    }
  });

  test.each([
    ['gcra,5', /^it has 2 fields; it should have 10, such as gcra,/],
    ['gcra,5,60000000,-,inclusive,meter,clock,exact,-,0,0', /^it has 11 fields/],
    [
      'gcrb,5,60000000,-,inclusive,meter,clock,exact,-,0',
      /^there is no "gcrb"; choose one of fixed-window, /,
    ],
    ['gcra,5.5,60000000,-,inclusive,meter,clock,exact,-,0', /^"5.5" is not a limit; write a whole number$/],
    ['gcra,0,60000000,-,inclusive,meter,clock,exact,-,0', /^limit: 0 requests is no limit; write/],
    ['gcra,5,0,-,inclusive,meter,clock,exact,-,0', /^window: 0 us is no window; write/],
    [
      'gcra,5,60000000,-,both,meter,clock,exact,-,0',
      /^there is no "both"; choose one of inclusive, exclusive$/,
    ],
    ['gcra,5,60000000,-,inclusive,meter,clock,exact,-,0__1', /^"" is not a time in microseconds/],
    ['gcra,5,60000000,-,inclusive,meter,clock,exact,-,999999999999', /more than a day away/],
    [
      `gcra,5,60000000,-,inclusive,meter,clock,exact,-,${'0_'.repeat(300)}0`,
      /^it has 301 requests; at most 300/,
    ],
  ])('that cannot be read says so in one line: %s', (text, problem) => {
    expect(() => readLab(text)).toThrow(problem);
  });
});

describe('a run', () => {
  const run = {
    name: 'alice',
    settings: LAB_SETTINGS,
    algorithm: 'sliding-window-log',
    leftOut: 0,
    sinceUs: 0,
    untilUs: 120 * S,
  } as const;

  test('keeps its own verdicts, and the other lanes say what they would have said', () => {
    const requests = EXAMPLE.map((timeUs, i) => ({ timeUs, allowed: i !== 5 }));
    const timeline = runTimeline({ ...run, requests }, 'token-bucket');
    expect(timeline.chosen.algorithm).toBe('token-bucket');
    expect(timeline.disagreements).toEqual([5, 6]);
    expect(timeline.note).toBe('');
  });

  test('that knew more than the picture is believed, and the picture says so', () => {
    const requests = [{ timeUs: 0, allowed: false }];
    const timeline = runTimeline({ ...run, leftOut: 3, requests }, 'sliding-window-log');
    expect(timeline.chosen.decisions[0]?.allowed).toBe(false);
    expect(timeline.chosen.decisions[0]?.words).toMatch(/^the run refused it; from the requests in this/);
    expect(timeline.note).toMatch(/^3 earlier requests are left out\. The run decided 1 otherwise/);
    expect(timeline.requests[0]?.id).toBe(4);
  });
});

test.each(RATE_LIMIT_ALGORITHMS)('the command that is copied for %s decides the same', async (algorithm) => {
  const settings = {
    ...LAB_SETTINGS,
    burst: 3,
    boundary: 'exclusive',
    leak: 'queue',
    rounding: 'floor',
  } as const;
  const config = configOf(algorithm, { ...settings, align: 'first-request' });
  const { lanes } = lanesOf({ ...settings, align: 'first-request' }, EXAMPLE, 95 * S);
  const expected = lanes
    .find((lane) => lane.algorithm === algorithm)!
    .decisions.map(({ allowed }) => allowed);
  const args = commandLine(config, EXAMPLE).replace('npm run -s fanout -- ', '').split(' ');
  const { status, out } = await fanout(...args, '--json');
  expect(status).toBe(0);
  const { decisions } = JSON.parse(out) as { decisions: { allowed: boolean }[] };
  expect(decisions.map(({ allowed }) => allowed)).toEqual(expected);
});
