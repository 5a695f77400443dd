import { describe, expect, test } from 'vitest';
import { MAX_DEPTH, MAX_TEXT_LENGTH, MAX_TOKENS } from '../../../src/scenario/bounds.ts';
import { problemsOf, TINY } from './texts.ts';

/** As often as the limit on the length of a text allows. */
const often = (piece: string): string => piece.repeat(Math.floor(MAX_TEXT_LENGTH / piece.length) - 1);

/** Up to just below the limit on tokens: what the YAML parser itself gets to see. */
const justAllowed = (piece: string, tokens: number): string =>
  piece.repeat(Math.floor((MAX_TOKENS - 20) / tokens));

const explode = (levels: number): string =>
  `a0: &a0 [x, x, x, x, x, x, x, x, x]\n${Array.from(
    { length: levels },
    (_, i) => `a${i + 1}: &a${i + 1} [${Array.from({ length: 9 }, () => `*a${i}`).join(', ')}]`,
  ).join('\n')}`;

const TOO_LONG = /^x\.yaml:1:1: the text has \d+ characters; a scenario has at most 262144$/;
const TOO_DEEP = new RegExp(
  `^x\\.yaml:\\d+:\\d+: lists and maps lie more than ${MAX_DEPTH} deep; flatten them$`,
);
const TOO_MANY = new RegExp(
  `^x\\.yaml:\\d+:\\d+: the text goes on after ${MAX_TOKENS} tokens; make the scenario shorter$`,
);

const HOSTILE: readonly (readonly [what: string, text: string, line: RegExp])[] = [
  ['ten megabytes', 'a: b\n'.repeat(2_000_000), TOO_LONG],
  [
    'a trillion users',
    `${TINY.replace('[alice, bob]', '1e12')}`,
    /:5:10: 1000000000000 is too large; at most 5,000,000$/,
  ],
  ['NaN users', TINY.replace('[alice, bob]', '.nan'), /:5:10: NaN is not a finite number; write one$/],
  ['an infinite duration', TINY.replace('10s', '.inf'), /:3:11: Infinity is not a finite number; write one$/],
  [
    'a number beyond all numbers',
    TINY.replace('10s', '1e999'),
    /:3:11: Infinity is not a finite number; write one$/,
  ],
  [
    'a negative duration',
    TINY.replace('10s', '-10s'),
    /:3:11: "-10s" is no duration; a duration is never negative$/,
  ],
  [
    'a duration of ages',
    TINY.replace('10s', '99999999999999999999s'),
    /:3:11: "99999999999999999999s" is no duration; /,
  ],
  [
    'the key __proto__',
    `${TINY}__proto__: { polluted: true }`,
    /:6:1: the key __proto__ is not allowed; take another name$/,
  ],
  [
    'the key __proto__ deep down',
    `${TINY}design: { gateway: { __proto__: { polluted: 1 } } }`,
    /:6:22: the key __proto__ is not allowed/,
  ],
  [
    'a channel called constructor',
    `${TINY}  channels: { named: { constructor: [alice] } }`,
    /:6:24: the key constructor is not allowed/,
  ],
  [
    'a setting through __proto__',
    `${TINY}compare: [{ name: a, set: { design.__proto__.polluted: 1 } }]`,
    /:6:29: "design.__proto__.polluted" is no name; write a path such as design\.retry\.timeout$/,
  ],
  ['aliases that explode', explode(9), /:1:5: anchors are not read here; write the value out/],
  ['an alias', `${TINY}summary: *a`, /:6:10: aliases are not read here; /],
  ['a tag', `${TINY}summary: !!binary AAAA`, /:6:10: tags are not read here; /],
  ['code in a tag', `${TINY}summary: !!js/function 'function () {}'`, /:6:10: tags are not read here; /],
  ['a directive', `%YAML 1.1\n---\n${TINY}`, /:1:1: directives are not read here; /],
  ['two documents', `${TINY}---\n${TINY}`, /:6:1: a second document begins here; a file holds one scenario$/],
  ['text after the end', `${TINY}...\nmore`, /:7:1: a second document begins here/],
  ['a merge key', `${TINY}<<: { seed: 3 }`, /:6:1: the key "<<" is unknown; /],
  ['a key twice', `${TINY}title: Again`, /:6:1: the key "title" is there twice; keep one of them$/],
  ['a number as a key', `${TINY}7: seed`, /:6:1: a key is no word; /],
  ['a list as a key', `${TINY}? [a, b]\n: c`, /:6:3: a key is no word; /],
  ['tabs', TINY.replace('  users', '\tusers'), /:5:1: a tab indents this line; use spaces$/],
  ['a zero byte', `${TINY}\u0000`, /:6:1: the character U\+0000 has no place in a text file; /],
  [
    'half a character',
    `${TINY}summary: \ud800`,
    /:6:10: the character U\+D800 has no place in a text file; /,
  ],
  ['brackets without end', often('['), TOO_DEEP],
  ['braces without end', often('{a: '), TOO_DEEP],
  ['dashes without end', often('- '), TOO_DEEP],
  ['question marks without end', often('? '), TOO_DEEP],
  ['colons without end', often(': '), TOO_DEEP],
  [
    'ever deeper indentation',
    Array.from({ length: 400 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
    TOO_DEEP,
  ],
  ['keys without end', often('k: 1\n'), TOO_MANY],
  ['comments without end', often('#\n'), TOO_MANY],
  ['commas without end', `[${often(',')}`, TOO_MANY],
  [
    'as many keys as are read',
    Array.from({ length: MAX_TOKENS / 6 }, (_, i) => `k${i}: 1`).join('\n'),
    /the key "k\d+" is unknown/,
  ],
  [
    'as many brackets closed as are read',
    justAllowed(']', 1),
    /:1:1: a bracket is closed here that was not opened; leave it away$/,
  ],
  ['as many pairs of brackets as are read', justAllowed('[]', 2), /this does not belong here/],
  ['as many commas as are read', `[${justAllowed(',', 1)}]`, /this does not belong here/],
  ['as many quotes as are read', justAllowed('""', 1), /this does not belong here/],
  [
    'as many steps as are read',
    `${TINY}script:\n${justAllowed('- x: 1\n', 9)}`,
    /:7:1: the list is too long; at most 500 items$/,
  ],
  [
    'as many wrong metrics as are read',
    `${TINY}expect:\n${justAllowed('- {metric: abcdefghijklmnopqrstuvwxyzabcdef}\n', 12)}`,
    /:7:1: the list is too long; at most 200 items$/,
  ],
  [
    'as many unknown users as are read',
    `${TINY}script:\n- connect: [${justAllowed('abcdefghijklmnopqrstuv,', 3)}]`,
    /the list is too long; at most 1000 items$/,
  ],
  [
    'a name of 200,000 letters',
    TINY.replace('alice', 'a'.repeat(200_000)),
    /:5:11: "a{44}\.\.\." is no name; /,
  ],
  [
    'a title of 200,000 letters',
    TINY.replace('Two friends', 'a'.repeat(200_000)),
    /:2:8: the text has 200000 characters; at most 120$/,
  ],
  [
    '100,000 line breaks in quotes',
    `${TINY}summary: "${'\n '.repeat(100_000)}"`,
    /:6:10: the text is empty; /,
  ],
];

describe('a hostile text', () => {
  test.each(HOSTILE)('with %s is refused with a clear line', (_, text, line) => {
    expect(problemsOf(text)).toContainEqual(expect.stringMatching(line));
  });

  test('changes no prototype', () => {
    for (const [, text] of HOSTILE.slice(7, 11)) problemsOf(text);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test('with control and direction characters in a value is named without them', () => {
    const [line] = problemsOf(TINY.replace('10s', '"\\e[31m\\u202Ered\\n"'));
    expect(line).toBe(
      'x.yaml:3:11: "\\u001b[31m?red\\n" is no duration; write one such as 250us, 10ms, 60s, 5m or 2h',
    );
  });
});
