import { parse } from 'yaml';
import { parseDurationUs, US_PER_MS, US_PER_SECOND } from '../../../src/base/units.ts';
import type { Scenario } from '../../../src/scenario/types.ts';

/** Numbers in what a lesson says, whether they are written in digits or in words. */

const UNITS =
  'two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty'.split(
    ' ',
  );
/** Words that only tell how often two have to be written beside others: `ten thousand`. */
const FACTORS: readonly string[] = ['hundred', 'thousand', 'million'];
const WORDS: Readonly<Record<string, number>> = {
  ...Object.fromEntries(UNITS.map((word, i) => [word, i + 2])),
  thirty: 30,
  forty: 40,
  fifty: 50,
  sixty: 60,
  seventy: 70,
  eighty: 80,
  ninety: 90,
  hundred: 100,
  thousand: 1_000,
  million: 1_000_000,
  half: 1 / 2,
  twice: 2,
  double: 2,
  doubles: 2,
  third: 1 / 3,
  thirds: 1 / 3,
  quarter: 1 / 4,
  quarters: 1 / 4,
  fifth: 1 / 5,
  tenth: 1 / 10,
  tenths: 1 / 10,
};
/** The third of several is no number, a third of something is one. */
const ANY_WORD = Object.keys(WORDS).join('|').replace('third|', '(?<=\\ba )third|');
/** `2,000`, `59.999999`, `a hundred thousand`; not the 1 of `alice/1` or of `ws-server-1`. */
const NUMBER = new RegExp(
  `(?<![\\w/.,-])\\d(?:[\\d,]*\\d)?(?:\\.\\d+)?|\\b(?:${ANY_WORD})(?: (?:${FACTORS.join('|')}))*\\b`,
  'gi',
);
const FIGURE = /\{[a-zA-Z][\w.-]*(\/s)?\}/g;

export interface Said {
  readonly number: number;
  readonly word: string;
  /** What stands before and after it. */
  readonly around: string;
}

/** What the lesson says to be so: its summary, narration, questions, the right answers and why they are. */
export function statements({ summary, script }: Scenario): readonly string[] {
  const spoken = script.flatMap(({ does }) => {
    if (does.do === 'say') return [does.text];
    if (does.do !== 'ask') return [];
    const right = does.answer === null ? [] : [does.choices[does.answer] ?? ''];
    return [does.text, ...right, does.explain];
  });
  return [summary, ...spoken];
}

/** The numbers of a text that are no figures in braces. */
export function numbersIn(text: string): readonly Said[] {
  const plain = text.replace(FIGURE, '{}').replace(/[*`]/g, '').replace(/\s+/g, ' ');
  return [...plain.matchAll(NUMBER)].map(({ 0: word, index }) => ({
    word,
    number: amountOf(word),
    around: plain.slice(Math.max(0, index - 40), index + word.length + 40),
  }));
}

function amountOf(word: string): number {
  if (/^\d/.test(word)) return Number(word.replaceAll(',', ''));
  return word
    .toLowerCase()
    .split(' ')
    .reduce((product, one) => product * WORDS[one]!, 1);
}

/** The numbers that the author has set: those of the file but for its words, and how many stand in a list. Durations count in their unit, in ms and in s. */
export function settingsOf(scenario: Scenario): ReadonlySet<number> {
  const found = new Set<number>();
  const walk = (value: unknown, key: string): void => {
    if (NO_SETTINGS.includes(key)) return;
    if (typeof value === 'number') found.add(value);
    else if (typeof value === 'string') readWord(value);
    else if (typeof value === 'object' && value !== null) {
      if (Array.isArray(value)) found.add(value.length);
      for (const [name, inner] of Object.entries(value)) walk(inner, name);
    }
  };
  const readWord = (word: string): void => {
    const [, digits = '', unit = ''] = /^([\d_.]+)(us|ms|s|m|h|k|M|%|KiB)?$/.exec(word) ?? [];
    if (digits === '') return;
    found.add(Number(digits) * ({ k: 1e3, M: 1e6 }[unit] ?? 1));
    const us = parseDurationUs(word);
    if (us !== null) for (const unitUs of [US_PER_MS, US_PER_SECOND]) found.add(us / unitUs);
  };
  walk(parse(scenario.source.text), '');
  return found;
}

const NO_SETTINGS: readonly string[] = [
  'say',
  'ask',
  'explain',
  'choices',
  'title',
  'summary',
  'answer',
  'seed',
  'expect',
];
