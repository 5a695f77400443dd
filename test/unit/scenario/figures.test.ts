import { CompletionContext } from '@codemirror/autocomplete';
import { EditorState } from '@codemirror/state';
import { describe, expect, test } from 'vitest';
import { completeScenario } from '../../../src/app/editor/scenario-language.ts';
import { saidLesson } from '../../../src/app/lesson/said-lesson.ts';
import { reportOf } from '../../../src/run/report.ts';
import { createRun, type Run } from '../../../src/run/run.ts';
import { figure, figureProblems, withFigures } from '../../../src/scenario/figures.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';
import { problemsIn } from '../../../src/scenario/text/problems.ts';
import type { LessonStep } from '../../../src/worker/protocol.ts';

const ON = Number.POSITIVE_INFINITY;

const TEXT = `scenario: figures
title: Figures
seed: 2
duration: 4s
design: { rateLimit: none }
workload:
  users: [alice, bob]
  channels: { named: { general: [alice, bob] } }
  messages: { perUserPerMinute: 0 }
script:
  - { at: 1s, send: { from: alice, to: general, times: 5, every: 1ms } }
  - at: 2s
    say: There were {messages.sent} messages, {messages.sent/s} a second, shown within {delivery.max.ms}.
  - at: 3s
    ask: How many of {messages.sent} came?
    choices: ['{deliveries} of them', none]
    answer: 1
    explain: All {deliveries}, since { braces with a space } are no figure.
  - { at: 3s, say: Nothing is measured here. }
`;

function ended(text = TEXT): Run {
  const run = createRun(parseScenario(text, 'figures.yaml'));
  while (run.advance(ON, ON) !== 'end') run.script.answer();
  return run;
}

describe('a figure in a text', () => {
  test('is the metric at the moment of its step, with its unit and at most three digits', () => {
    const { script } = ended();
    expect(script.saidWithFigures(1)?.text).toMatch(
      /^There were 5 messages, 2\.5 a second, shown within [\d.]{2,4} ms\.$/,
    );
    expect(script.saidWithFigures(2)).toEqual({
      text: 'How many of 5 came?',
      choices: ['5 of them', 'none'],
      explain: 'All 5, since { braces with a space } are no figure.',
    });
    expect(script.saidWithFigures(3)).toBeNull();
  });

  test.each([
    ['delivery.p99.ms', 1234.567, '1.23 s'],
    ['delivery.p99.ms', 0.25, '250 us'],
    ['reconnect.p99.s', 23.84, '23.8 s'],
    ['database.busy.percent', 46.714, '46.7 %'],
    ['cost.perHour.usd', 31.94, '$31.9'],
    ['messages.sent', 16_712, '16,700'],
    ['messages.retries', 0, '0'],
    ['bytes.up', 1_234_567, '1,230,000 bytes'],
    ['dedup.rate', 0.123456, '0.123'],
  ] as const)('%s of %d reads %s', (name, value, words) => {
    expect(figure(name, value)).toBe(words);
    expect(withFigures(`so {${name}}.`, 1, () => ({ value, isAtLeast: false }))).toBe(`so ${words}.`);
  });

  test('that names no metric is refused with the nearest, where it stands', () => {
    const text = TEXT.replace('{delivery.max.ms}', '{delivery.mx.ms}').replace(
      "'{deliveries} of",
      "'{delivries} of",
    );
    expect(
      problemsIn(() => parseScenario(text, 'f.yaml')).map(({ line, message }) => [line, message]),
    ).toEqual([
      [
        13,
        '{delivery.mx.ms} is no metric; did you mean delivery.max.ms? (braces that are no figure: { delivery.mx.ms })',
      ],
      [16, '{delivries} is no metric; did you mean deliveries? (braces that are no figure: { delivries })'],
    ]);
  });

  test('is a mean in a second of counts only', () => {
    expect(figureProblems('{messages.sent/s} {bytes.down/s}')).toEqual([]);
    expect(figureProblems('{delivery.p99.ms/s}')).toEqual([
      '{delivery.p99.ms/s} makes no sense, since delivery.p99.ms is no count that grows; write {delivery.p99.ms}',
    ]);
  });

  test('comes again with a rewind, and is another where the run is another', () => {
    const run = createRun(parseScenario(TEXT, 'figures.yaml'), { snapshotBytes: 1e9 });
    run.advance(1_500_000, ON);
    run.keepSnapshot();
    run.advance(2_500_000, ON);
    const first = run.script.saidWithFigures(1);
    run.rewindTo(1_600_000);
    expect(run.script.saidWithFigures(1)).toBeNull();
    run.advance(1_600_000, ON);
    run.act({ do: 'send', user: 1, channel: 0, bytes: 10 });
    run.advance(2_500_000, ON);
    expect(first?.text).toContain('There were 5 messages');
    expect(run.script.saidWithFigures(1)?.text).toContain('There were 6 messages');
  });

  test('is in the report, and in the lesson of the page', () => {
    const run = ended();
    const { narration } = reportOf(run, 'as written', { version: '', wallSeconds: 0, peakMemoryMB: 0 });
    expect(narration.map(({ seconds, text }) => [seconds, text.slice(0, 20)])).toEqual([
      [2, 'There were 5 message'],
      [3, 'How many of 5 came?'],
      [3, 'Nothing is measured '],
    ]);
    const step = {
      index: 1,
      kind: 'say',
      text: '{messages.sent}',
      choices: [],
      explain: '',
    } as unknown as LessonStep;
    const words = { index: 1, ...run.script.saidWithFigures(1)! };
    expect(saidLesson([step], { reached: 2, asking: null, withFigures: [words] })[0]).toMatchObject({
      kind: 'say',
      text: words.text,
    });
    expect(saidLesson([step], { reached: 0, asking: null })).toEqual([step]);
  });

  test.each(['script:\n  - say: We sent {mess', 'script:\n  - say: |\n      We sent {'])(
    'is completed by the editor in %j',
    (doc) => {
      const found = completeScenario(new CompletionContext(EditorState.create({ doc }), doc.length, false));
      expect(found?.from).toBe(doc.lastIndexOf('{') + 1);
      expect(found?.options.map(({ label }) => label)).toContain('messages.retries');
    },
  );
});
