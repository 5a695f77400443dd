import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { NeverCame } from '../../../src/app/lesson/never-came.tsx';
import type { LessonStep } from '../../../src/worker/protocol.ts';

const step = (index: number, line: number, source: string): LessonStep => ({
  index,
  kind: 'other',
  text: source,
  choices: [],
  answer: null,
  explain: '',
  atUs: null,
  world: null,
  source,
  line,
});
const shown = (...steps: LessonStep[]): string => renderToStaticMarkup(<NeverCame steps={steps} />);

it('says nothing when all steps came', () => {
  expect(shown()).toBe('');
});

it('names each step that never came by its line and as it is written, on one line', () => {
  const two = shown(
    step(1, 18, 'when: { station: server-1, is: down }\n    say: Gone'),
    step(2, 20, 'pause: true'),
  );
  expect(two).toContain('2 steps never came:');
  expect(two).toContain('Line 18: <code>when: { station: server-1, is: down } say: Gone</code>');
  expect(two).toContain('Line 20: <code>pause: true</code>');
  expect(shown(step(1, 18, 'pause: true'))).toContain('1 step never came:');
});
