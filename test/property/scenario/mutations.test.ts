import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { InputError } from '../../../src/base/errors.ts';
import { parseScenario, worldsOf } from '../../../src/scenario/parse.ts';
import { editDistance, nearest } from '../../../src/scenario/text/nearest.ts';
import { EVERYTHING, TINY } from '../../unit/scenario/texts.ts';

/** `FILE:LINE:COLUMN: what is wrong; what would be right`, on one line of printable characters. */
const LINE = /^(x\.yaml|--set):([1-9]\d*):([1-9]\d*): \S[^\n]*; \S[^\n]*$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: none may be in a message
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

/** Reads a text; what it throws must be an InputError whose every line has the right form and lies in the text. */
function read(text: string): void {
  try {
    worldsOf(parseScenario(text, 'x.yaml'));
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const lines = text.split('\n');
    for (const problem of error.message.split('\n')) {
      expect(problem).toMatch(LINE);
      expect(problem).not.toMatch(CONTROL);
      const [, , line, column] = LINE.exec(problem)!;
      expect(Number(line)).toBeLessThanOrEqual(lines.length);
      expect(Number(column)).toBeLessThanOrEqual((lines[Number(line) - 1]?.length ?? 0) + 1);
    }
  }
}

/** Pieces that mean something to YAML or to a scenario. */
const PIECES = [
  ': ',
  '- ',
  '? ',
  '[',
  ']',
  '{',
  '}',
  ',',
  '#',
  '&a',
  '*a',
  '!x',
  '|\n',
  '>\n',
  '"',
  "'",
  '%',
  '@',
  '`',
  '\n',
  '\n  ',
  '\t',
  '---\n',
  '...\n',
  '<<: ',
  '~',
  'null',
  'true',
  '.inf',
  '.nan',
  '-0',
  '1e999',
  '0x10',
  '1_000',
  '1M',
  '-1',
  '2ms',
  '99%',
  '\u0000',
  '\ud83d',
  '\u2028',
  'é',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'alice',
  'alice/1',
  'ws-servers',
  'clients',
  'design',
  'design.flow',
  'workload.users',
  'none',
];

const mutation = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  removed: fc.integer({ min: 0, max: 40 }),
  added: fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 8 }), fc.constant('')),
});

function mutate(text: string, changes: readonly { at: number; removed: number; added: string }[]): string {
  let mutated = text;
  for (const { at, removed, added } of changes) {
    const start = Math.floor(at * mutated.length);
    mutated = mutated.slice(0, start) + added + mutated.slice(start + removed);
  }
  return mutated;
}

describe('whatever is read', () => {
  test('a scenario with random pieces cut out and put in is a scenario, or is refused line by line', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(TINY, EVERYTHING),
        fc.array(mutation, { minLength: 1, maxLength: 4 }),
        (text, changes) => {
          read(mutate(text, changes));
        },
      ),
      { numRuns: 120 },
    );
  });

  test('a scenario with two of its words exchanged is a scenario, or is refused line by line', () => {
    const words = [...EVERYTHING.matchAll(/[\w.%/-]+/g)];
    const word = fc.nat({ max: words.length - 1 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        const [first, second] = a < b ? [words[a]!, words[b]!] : [words[b]!, words[a]!];
        read(
          EVERYTHING.slice(0, first.index) +
            second[0] +
            EVERYTHING.slice(first.index + first[0].length, second.index) +
            (a === b ? '' : first[0]) +
            EVERYTHING.slice(second.index + second[0].length),
        );
      }),
      { numRuns: 100 },
    );
  });

  test('any data in any place of a scenario is a scenario, or is refused line by line', () => {
    const value = fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom<unknown>(...PIECES, 0, -1, 1.5, 1e12, null, true, [], {}),
      fc.jsonValue({ maxDepth: 3 }),
    );
    const keys = fc.constantFrom(
      'seed',
      'duration',
      'design',
      'workload',
      'script',
      'compare',
      'expect',
      'title',
      'teaches',
    );
    const inner = fc.constantFrom(
      'gateway',
      'servers',
      'pubsub',
      'flow',
      'rateLimit',
      'users',
      'channels',
      'at',
      'when',
      'set',
      'send',
      'metric',
    );
    const whole = fc.dictionary(
      keys,
      fc.oneof(value, fc.dictionary(inner, value), fc.array(fc.dictionary(inner, value), { maxLength: 3 })),
    );
    fc.assert(
      fc.property(whole, (data) => {
        read(stringify({ scenario: 'a', title: 'b', ...data }, { aliasDuplicateObjects: false }));
      }),
      { numRuns: 120 },
    );
  });

  test('any string at all is refused line by line', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(fc.constantFrom(...PIECES)).map((p) => p.join('')),
        ),
        read,
      ),
      { numRuns: 300 },
    );
  });
});

test('the same text gives the same scenario', () => {
  expect(parseScenario(EVERYTHING, 'x.yaml')).toEqual(parseScenario(EVERYTHING, 'x.yaml'));
});

describe('the number of edits between two words', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 });

  /** Shortest way by breadth-first search over single edits: obviously right, and slow. */
  const bySearch = (from: string, to: string): number => {
    const letters = ['a', 'b', 'c'];
    let ring = [from];
    const seen = new Set(ring);
    for (let steps = 0; ; steps++) {
      if (ring.includes(to)) return steps;
      const next: string[] = [];
      for (const w of ring) {
        const around = new Set<string>();
        for (let i = 0; i <= w.length; i++) {
          around.add(w.slice(0, i) + w.slice(i + 1));
          for (const letter of letters) {
            if (w.length < 8) around.add(w.slice(0, i) + letter + w.slice(i));
            around.add(w.slice(0, i) + letter + w.slice(i + 1));
          }
          if (i + 1 < w.length) around.add(w.slice(0, i) + w[i + 1] + w[i] + w.slice(i + 2));
        }
        for (const other of around) if (!seen.has(other) && seen.add(other)) next.push(other);
      }
      ring = next;
    }
  };

  test('is that of a search, or one more where a swapped pair is edited again (the known limit of this distance)', () => {
    const short = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 4 });
    fc.assert(
      fc.property(short, short, (a, b) => {
        const searched = bySearch(a, b);
        expect([searched, searched + 1]).toContain(editDistance(a, b));
      }),
      { numRuns: 40 },
    );
  });

  test('is the same both ways, zero for equal words only, and at most the longer word', () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        const distance = editDistance(a, b);
        expect(editDistance(b, a)).toBe(distance);
        expect(distance === 0).toBe(a === b);
        expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });

  test('leads from a slip back to the name', () => {
    const names = [
      'gateway',
      'servers',
      'pubsub',
      'database',
      'rateLimit',
      'ordering',
      'delivery',
      'reconnect',
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.nat(),
        fc.constantFrom('drop', 'double', 'swap'),
        (name, n, slip) => {
          const i = n % (name.length - 1);
          const slipped =
            slip === 'drop'
              ? name.slice(0, i) + name.slice(i + 1)
              : slip === 'double'
                ? name.slice(0, i) + name[i] + name.slice(i)
                : name.slice(0, i) + name[i + 1] + name[i] + name.slice(i + 2);
          expect(nearest(slipped, names)).toBe(name);
        },
      ),
    );
  });
});
