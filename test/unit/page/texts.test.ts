import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { clockText, momentWords } from '../../../src/app/clock.ts';
import { plainText } from '../../../src/app/lesson/plain-text.ts';
import { scenarioHeader } from '../../../src/app/scenario-header.ts';
import { firstSpeed, SPEEDS, speedIndex, speedWords } from '../../../src/app/speed.ts';
import { TERM_PATTERN, TERMS } from '../../../src/app/terms.ts';
import { clusterMarks, clusterText } from '../../../src/app/transport/cluster-marks.ts';
import { decimate } from '../../../src/views/curves/decimate.ts';
import { findUser, userName } from '../../../src/views/names.ts';
import type { OpenedInfo } from '../../../src/worker/protocol.ts';

describe('the header of a scenario', () => {
  const folder = join(import.meta.dirname, '../../../scenarios');

  it.each(readdirSync(folder).filter((name) => name.endsWith('.yaml')))(
    'of %s reads as YAML reads it',
    (name) => {
      const text = readFileSync(join(folder, name), 'utf8');
      const whole = parse(text) as { title?: string; summary?: string; teaches?: string[] };
      expect(scenarioHeader(text)).toEqual({
        title: whole.title ?? '',
        summary: (whole.summary ?? '').trim(),
        teaches: whole.teaches ?? [],
      });
    },
  );

  it('understands quotes, folded text and lists with hyphens', () => {
    const text = [
      'title: "A \\"quoted\\" title"',
      'summary: >',
      '  Two lines',
      '  of text.',
      'teaches:',
      '  - one',
      "  - 'two''s'",
      'seed: 1 # no',
    ].join('\n');
    expect(scenarioHeader(text)).toEqual({
      title: 'A "quoted" title',
      summary: 'Two lines of text.',
      teaches: ['one', "two's"],
    });
    expect(scenarioHeader(text)).toEqual(scenarioHeader(text.replaceAll('\n', '\r\n')));
  });

  it('of any text is found without throwing', () => {
    fc.assert(fc.property(fc.string(), (text) => void scenarioHeader(`title:${text}`)));
  });
});

describe('terms', () => {
  it('are found as whole words in any case, the longest first', () => {
    expect(TERM_PATTERN.exec('The Load Balancer chose')?.[1]).toBe('Load Balancer');
    expect(TERM_PATTERN.exec('black')).toBeNull();
    for (const term of Object.keys(TERMS)) expect(TERM_PATTERN.exec(`a ${term}.`)?.[1]).toBe(term);
  });
});

describe('speeds', () => {
  it('go from 10 us a second to no limit, each found by its index', () => {
    expect(SPEEDS[0]).toBe(10);
    expect(SPEEDS.at(-1)).toBe(Number.POSITIVE_INFINITY);
    for (const [i, speed] of SPEEDS.entries()) expect(speedIndex(speed)).toBe(i);
    expect(speedWords(50_000)).toBe('1 s shows 50 ms');
    expect(speedWords(Number.POSITIVE_INFINITY)).toBe('as fast as it goes');
  });

  it('begin with half a minute for a run, and never faster than real time', () => {
    expect(firstSpeed(60_000_000)).toBe(1_000_000);
    expect(firstSpeed(3_000_000)).toBe(100_000);
  });
});

it('what is read aloud of a narration has no Markdown in it', () => {
  expect(plainText('A **WebSocket** stays *open*: `ws://x`, [see](https://x.y).\n\n- one\n- two')).toBe(
    'A WebSocket stays open: ws://x, see. one two',
  );
  expect(plainText('2 * 3 * 4 and a_b_c')).toBe('2 * 3 * 4 and a_b_c');
  const mark = { timeUs: 0, kind: 'say', text: '**Bold** words' } as const;
  expect(clusterText({ timeUs: 0, kind: 'say', marks: [mark] })).toEqual(['Bold words']);
  expect([momentWords(0), momentWords(1_500)]).toEqual(['the start', '1.5 ms']);
});

it('the clock shows every microsecond', () => {
  expect(clockText(12_345_678)).toBe('00:12.345 678');
  expect(clockText(3_600_000_000 + 61_000_001)).toBe('01:01:01.000 001');
  expect(clockText(90_000_000_000)).toBe('1 d 01:00:00.000 000');
});

describe('marks', () => {
  it('that stand close are one, drawn as the most serious of them', () => {
    const clusters = clusterMarks(
      [
        { timeUs: 100, kind: 'violation', text: 'broken' },
        { timeUs: 90, kind: 'say', text: 'hello' },
        { timeUs: 500, kind: 'fault', text: 'crash' },
      ],
      50,
    );
    expect(clusters.map(({ timeUs, kind, marks }) => [timeUs, kind, marks.length])).toEqual([
      [90, 'violation', 2],
      [500, 'fault', 1],
    ]);
  });

  it('say how many they leave out', () => {
    const marks = Array.from({ length: 10 }, (_, i) => ({
      timeUs: i,
      kind: 'violation' as const,
      text: `v${i}`,
    }));
    expect(clusterText(clusterMarks(marks, 100)[0]!)).toEqual([
      'v0',
      'v1',
      'v2',
      'v3',
      'v4',
      'v5',
      'and 4 more here',
    ]);
  });
});

it('a line of many points keeps its peaks', () => {
  const times = Float64Array.from({ length: 10_000 }, (_, i) => i);
  const values = new Float64Array(10_000);
  values[5_003] = 77;
  const line = decimate(
    times,
    values,
    0,
    10_000,
    (t) => t / 100,
    (v) => v,
  );
  expect(line.x.length).toBeLessThanOrEqual(202);
  expect(Math.max(...line.y)).toBe(77);
});

it('users are found by name and by number', () => {
  const info = { users: 1_000, userNames: ['alice', 'bob'] } as unknown as OpenedInfo;
  expect(userName(info, 0)).toBe('alice');
  expect(userName(info, 6)).toBe('user-7');
  expect([findUser(info, 'Bob'), findUser(info, 'user-7'), findUser(info, '1,000')]).toEqual([1, 6, 999]);
  expect([findUser(info, 'user-0'), findUser(info, '1001'), findUser(info, 'zoe')]).toEqual([
    null,
    null,
    null,
  ]);
});
