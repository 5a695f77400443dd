import { describe, expect, test } from 'vitest';
import { combineReports, fallsShort, reportOf } from '../../../src/run/report.ts';
import { createRun, type Run } from '../../../src/run/run.ts';
import { applySettings, parseScenario, worldsOf } from '../../../src/scenario/parse.ts';
import { problemsIn } from '../../../src/scenario/text/problems.ts';
import { openedInfo } from '../../../src/worker/opened-info.ts';
import type { CrowdInfo } from '../../../src/worker/protocol.ts';

const ON = Number.POSITIVE_INFINITY;

/** A slow database, and more workers for it in one of the two worlds. */
const TEXT = `scenario: remedy
title: A remedy
duration: 20s
design: { rateLimit: none, database: { write: 30ms, workers: 1 } }
workload: { users: 40, channels: { groups: { count: 8, size: 5 } }, messages: { perUserPerMinute: 300 } }
script:
  - { at: 4s, say: It begins. }
  - { after: 2s, world: twenty workers, set: { design.retry.timeout: 9s } }
  - { after: 1s, set: { design.database.write: 20ms } }
  - { world: twenty workers, when: { metric: queue.database.now, above: 1000000 }, after: 5s, say: It never comes to that. }
  - { world: as written, ask: Does it help?, choices: [yes, no], answer: 2 }
  - { at: 10s, world: twenty workers, set: { design.database.write: 1ms } }
  - { after: 1s, say: So much of it. }
  - { at: 19s, world: twenty workers, expect: { metric: queue.database.now, below: 50 } }
  - { at: 19s, world: as written, expect: { metric: queue.database.now, above: 50 } }
compare:
  - { name: twenty workers, set: { design.servers.count: 3 } }
`;

function ranAll(text = TEXT): readonly Run[] {
  return worldsOf(parseScenario(text, 'remedy.yaml')).map(({ scenario }) => {
    const run = createRun(scenario);
    while (run.advance(ON, ON) !== 'end') run.script.answer();
    return run;
  });
}
const secondsOf = ({ script, scenario }: Run): readonly (number | null)[] =>
  scenario.script.map(({ index }) => {
    const us = script.happenedAtUs(index);
    return us === null ? null : us / 1e6;
  });

describe('a step for one world', () => {
  test('is done there and nowhere else, and what follows comes when it would come anyway', () => {
    const [own, other] = ranAll();
    expect(secondsOf(own!)).toEqual([4, 6, 7, 7, 7, 10, 11, 19, 19]);
    // There the condition is waited for, and never comes.
    expect(secondsOf(other!)).toEqual([4, 6, 7, null, null, 10, 11, 19, 19]);
    expect(own!.scenario.script.map(({ does }) => does.do)).toEqual([
      'say',
      'nothing',
      'act',
      'nothing',
      'ask',
      'nothing',
      'say',
      'nothing',
      'expect',
    ]);
    expect(own!.system.context.design.database.write).not.toEqual(
      other!.system.context.design.database.write,
    );
  });

  test('is expected, said and reported only there', () => {
    const runs = ranAll();
    const reports = runs.map((run, i) =>
      reportOf(run, i === 0 ? 'as written' : 'twenty workers', {
        version: '0',
        wallSeconds: 0,
        peakMemoryMB: 0,
      }),
    );
    expect(reports.map((report) => report.expectations.map(({ holds, world }) => [holds, world]))).toEqual([
      [[true, 'as written']],
      [[true, 'twenty workers']],
    ]);
    expect(reports.map(({ script }) => script.neverCame.length)).toEqual([0, 1]);
    expect(reports.map(({ narration }) => narration.length)).toEqual([3, 2]);
    const { scenario } = runs[0]!;
    expect(fallsShort(scenario, combineReports(scenario, reports))).toBe(false);
  });

  test('names stations and people that only its world has', () => {
    const text = TEXT.replace(
      '{ at: 4s, say: It begins. }',
      '{ at: 4s, world: twenty workers, crash: ws-server-3, for: 1s }',
    ).replace('design: {', 'design: { servers: { count: 2 },');
    expect(problemsIn(() => parseScenario(text, 'r.yaml'))).toEqual([]);
    const wrong = problemsIn(() => parseScenario(text.replace('ws-server-3', 'ws-server-4'), 'r.yaml'));
    expect(wrong.map(({ line, message }) => [line, message])).toEqual([
      [7, expect.stringMatching(/^in the world "twenty workers": .*ws-server-4/)],
    ]);
  });

  test('in a world that is not there is refused with the nearest name', () => {
    const told = (text: string) =>
      problemsIn(() => parseScenario(text, 'r.yaml')).map(({ line, column, message }) => [
        line,
        column,
        message,
      ]);
    expect(told(TEXT.replace('after: 2s, world: twenty', 'after: 2s, world: twenti'))).toEqual([
      [8, 25, 'there is no world "twenti workers"; did you mean twenty workers?'],
    ]);
    const alone = TEXT.slice(0, TEXT.indexOf('compare:')).replace(/^.*world: as written.*\n/gm, '');
    expect(told(alone)[0]![2]).toMatch(/^there is no world "twenty workers"; the scenario compares nothing/);
  });

  test('stays that of its world when a setting is changed by hand', () => {
    const other = worldsOf(parseScenario(TEXT, 'r.yaml'))[1]!.scenario;
    expect(applySettings(other, [['design.retry.timeout', '3s']]).script[1]!.does.do).toBe('act');
  });

  test('is listed on the page with whom it is for', () => {
    const run = createRun(parseScenario(TEXT, 'r.yaml'));
    const lesson = openedInfo(run, {} as CrowdInfo, 0).lesson;
    expect(lesson.map(({ world, kind }) => [world, kind]).slice(0, 5)).toEqual([
      [null, 'say'],
      ['twenty workers', 'elsewhere'],
      [null, 'other'],
      ['twenty workers', 'elsewhere'],
      ['as written', 'ask'],
    ]);
  });
});
