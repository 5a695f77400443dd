import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { ReplayReport } from '../../../src/cli/replay.ts';
import { createRun } from '../../../src/run/run.ts';
import { tokenOf } from '../../../src/run/share.ts';
import { readToken, writeToken } from '../../../src/run/token.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';
import { SMALL_TEXT } from '../../property/hunt/small-text.ts';
import { fanout } from './fanout.ts';

async function replayed(...args: string[]) {
  const ended = await fanout(...args);
  return {
    ...ended,
    report: ended.out.startsWith('{') ? (JSON.parse(ended.out) as ReplayReport) : null,
  };
}

const scenario = parseScenario(SMALL_TEXT, 'small.yaml');

test('a token runs the scenario that it holds, with what was done by hand', async () => {
  const hand = [{ atUs: 15_000, action: { do: 'send', user: 1, channel: 0, bytes: 100 } as const }];
  const { report, status } = await replayed('replay', tokenOf(scenario, { hand }), '--json');
  const run = createRun(scenario, { hand });
  run.advance(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  expect([report?.traceHash, report?.worldHash]).toEqual([run.traceHash(), run.worldHash()]);
  expect([status, report?.metrics['messages.sent'], report?.fatal]).toEqual([0, 5, null]);
});

test('a failure that was hunted falls short also where its design does not promise what was hunted', async () => {
  const file = 'scenarios/duplicate-after-lost-ack.yaml';
  // At least once: a message that is shown twice breaks no promise of this design, and the scenario expects it.
  const duplicate = parseScenario(readFileSync(file, 'utf8'), file);
  expect((await replayed('replay', tokenOf(duplicate), '--json')).status).toBe(0);
  const hunted = await replayed('replay', tokenOf(duplicate, { about: 'no-duplicates' }), '--json');
  expect([hunted.status, hunted.report?.fatal?.guarantee]).toEqual([1, 'no-duplicates']);
  expect(hunted.report?.link).toContain('broken=no-duplicates,');
  expect(readToken(hunted.report?.token ?? '').about).toBe('no-duplicates');
});

test('what breaks a promise is named, with a link to the moment', async () => {
  const text = SMALL_TEXT.replace(
    'rateLimit: none',
    'rateLimit: none\n  flow: [validate, ack, persist, publish]',
  );
  const { out, status, report } = await replayed('replay', tokenOf(parseScenario(text, 'x')), '--json');
  expect(status).toBe(1);
  expect(report?.fatal?.guarantee).toBe('acked-is-durable');
  expect(readToken(report?.token ?? '').timeUs).toBe(Math.round((report?.fatal?.atSeconds ?? 0) * 1e6));
  const sinceUs = readToken(report?.token ?? '').timeUs;
  expect(report?.link).toBe(
    `http://localhost:4173/#x=${report?.token}&p=sequence&broken=acked-is-durable,${sinceUs}`,
  );
  expect(out.trim().split('\n')).toHaveLength(1);
  const asText = await replayed('replay', report?.link ?? '');
  expect(asText.out).toContain('acked-is-durable is broken at');
});

test('a link of the page runs the scenario of the library that it names', async () => {
  const { report } = await replayed('replay', 'https://example.org/lab/#s=one-message&seed=9', '--json');
  expect([report?.scenario, report?.seed]).toEqual(['one-message', 9]);
});

test('a list of choices decides a scenario in place of its seed', async () => {
  const slow = await replayed('replay', 'one-message', '--choices', '4294967295,0', '--json');
  const fast = await replayed('replay', 'one-message', '--choices', '', '--json');
  expect(slow.report?.traceHash).not.toBe(fast.report?.traceHash);
});

test.each([
  ['what is no token', ['x1???'], 'token:1:1: the token is damaged or not whole'],
  ['an empty link', ['http://x/#p=crowd'], 'token:1:1: the link names no scenario'],
  ['a part of a link that is none', ['#s=one-message&q=1'], 'token:1:1: "q=1" cannot be read'],
  ['a list with a word in it', ['one-message', '--choices', '1,two'], '--choices:1:1: choice 2 is no whole'],
])('%s is one clear line and status 2', async (_, args, line) => {
  const { out, err, status } = await replayed('replay', ...args);
  expect([out, status, err.split('\n')]).toEqual(['', 2, [expect.stringContaining(line)]]);
});

test('a token of another version, and one whose scenario is none, are refused before anything runs', async () => {
  const own = readToken(tokenOf(scenario));
  const older = await replayed('replay', writeToken({ ...own, version: '0.0.1' }));
  expect([older.status, older.err]).toEqual([2, expect.stringContaining('was made by version 0.0.1')]);
  const wrong = await replayed('replay', writeToken({ ...own, text: own.text.replace('crash:', 'crush:') }));
  expect([wrong.status, wrong.err]).toEqual([2, expect.stringMatching(/^token:\d+:\d+: .*crush/)]);
});
