import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { u8 } from '../../../src/base/columns.ts';
import { overridesOf } from '../../../src/cli/read-scenario.ts';
import { createWorld, MAX_WORLD_BYTES, worldBytes } from '../../../src/kernel/world.ts';
import { createRun } from '../../../src/run/run.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';
import { createEngine } from '../../../src/worker/engine.ts';
import type { EngineHost } from '../../../src/worker/host.ts';
import type { Reply } from '../../../src/worker/protocol.ts';
import { fanout } from '../cli/fanout.ts';

const MILLION = readFileSync('scenarios/million-users.yaml', 'utf8');
const DAY = `scenario: day
title: A day
duration: 24h
workload:
  users: 1000
  channels: { private: 500 }
  messages: { perUserPerMinute: 60 }
`;
/** In a tab. */
const mostBytes = 2 ** 31;

describe('a world that is too large', () => {
  test('is refused before its memory is taken, with what fits: a day of a thousand busy users', () => {
    expect(() => createRun(parseScenario(DAY, 'day.yaml'))).toThrow(
      /^the world would take 5\.54 GB, and 4\.29 GB is the most here, since a run keeps all of its messages; 16h of it fit: write duration: 16h \(--for 16h\), or let people send less \(workload\.messages\.perUserPerMinute\)$/,
    );
  });

  test('is refused in a tab: half an hour of a million users', () => {
    const scenario = parseScenario(MILLION, 'm.yaml', overridesOf({ set: [], for: '30m' }));
    expect(() => createRun(scenario, { mostBytes })).toThrow(/write duration: \d+m \(--for \d+m\)/);
  });

  test('is refused for its users where no run is short enough', () => {
    const scenario = parseScenario(MILLION, 'm.yaml', overridesOf({ set: [], for: '2s', users: '200k' }));
    expect(() => createRun(scenario, { mostBytes: 2e7 })).toThrow(
      /however short the run; about [\d.]+ k of its 200 k users fit: write workload\.users \(--users \d+\)$/,
    );
  });

  test('is opened in a tab only when it is confirmed, from a gigabyte on; what would make it smaller is said', () => {
    const open = (users: number, isConfirmed: boolean, duration = '2m') => {
      const posted: Reply[] = [];
      const engine = createEngine({
        post: (reply) => posted.push(reply),
        now: () => 0,
        later: () => {},
      } as EngineHost);
      const base = { type: 'open', fileName: 'm.yaml', seed: null, hand: [], atUs: 0 } as const;
      engine.receive({
        ...base,
        text: MILLION.replace('duration: 60s', `duration: ${duration}`),
        users,
        isConfirmed,
      });
      return posted.find(({ type }) => type !== 'building');
    };
    expect(open(2_000_000, false)).toEqual({
      type: 'failed',
      mayConfirm: true,
      message: expect.stringMatching(
        /^the world takes [12]\.\d+ GB of memory, and what is kept .* comes on top; .*: write (duration: \d+[sm], or let people send less|workload\.users: \d+)/,
      ),
    });
    // What is confirmed is taken, but for what is too large in any case.
    expect(open(20_000, false)).toMatchObject({ type: 'opened' });
    expect(open(2_000_000, true, '60m')).toMatchObject({ type: 'failed', mayConfirm: false });
  });

  test('as long as it fits by its own words, it is none', () => {
    const atMost = 6e7;
    const small = DAY.replace('24h', '10m');
    const refusal = (text: string): string => {
      try {
        createRun(parseScenario(text, 'd.yaml'), { mostBytes: atMost });
        return '';
      } catch (error) {
        return String(error);
      }
    };
    const fits = /--for (\w+)\)/.exec(refusal(small))?.[1];
    expect(fits).toMatch(/^\d+s$/);
    expect(refusal(small.replace('10m', fits!))).toBe('');
    expect(refusal(small.replace('10m', `${Number.parseInt(fits!, 10) + 1}s`))).not.toBe('');
  });

  test('ends the command line with status 2 and one line', async () => {
    const { status, err } = await fanout(
      'run',
      'one-message',
      '--for',
      '300d',
      '--set',
      'workload.messages.perUserPerMinute=600',
      '--json',
    );
    expect(status).toBe(2);
    expect(err.trim().split('\n')).toHaveLength(1);
    expect(err).toContain('write duration: ');
  });

  test('of columns whose places are beyond 2 GiB is measured right, and never made beyond 4', () => {
    const groups = [{ name: 'a', columns: { x: u8(2 ** 31 + 1), y: u8(2 ** 31 + 1) } }];
    expect(worldBytes(groups)).toBe(2 ** 32 + 192);
    expect(worldBytes(groups)).toBeGreaterThan(MAX_WORLD_BYTES);
    expect(() => createWorld(groups)).toThrow(/is larger than/);
  });
});
