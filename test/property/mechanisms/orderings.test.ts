import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CHANNELS, type Chat, runChat, type Send, verdictsOf } from './chat.ts';

/** Each order keeps its promise over bad links, and the same choices without it break it. */

const MEMBERS: Readonly<Record<string, readonly number[]>> = {
  general: [0, 1, 2, 3],
  random: [0, 1, 2],
  private: [1, 2, 3],
};

const sends: fc.Arbitrary<readonly Send[]> = fc
  .array(fc.record({ from: fc.nat(3), to: fc.nat(2), atMs: fc.nat(4_000) }), { minLength: 4, maxLength: 12 })
  .map((all) =>
    // The first two put every order at stake.
    [{ from: 0, to: 0, atMs: 0 }, { from: 0, to: 0, atMs: 100 }, ...all]
      .filter(({ from, to }) => MEMBERS[CHANNELS[to]!]!.includes(from))
      .sort((a, b) => a.atMs - b.atMs),
  );

/** Links between clients and gateway, and between pub/sub and servers, lose, double and delay; then everybody comes back once. */
const BAD_LINKS = [
  '- { at: 0s, link: { from: clients, to: gateway-1, loss: 0.1, duplicate: 0.1, reorder: 0.3, delay: 300ms } }',
  '- { at: 0s, link: { from: pubsub, to: ws-servers, duplicate: 0.1, reorder: 0.4, delay: 400ms } }',
  '- { at: 5s, heal: { from: clients, to: gateway-1 } }',
  '- { at: 5s, heal: { from: pubsub, to: ws-servers } }',
  '- { at: 12s, disconnect: [alice, bob, carol, dan], for: 1s }',
] as const;

const EXACT = [
  'delivery: effectively-once',
  'retry: { maxInFlight: 1, timeout: 1s }',
  'redelivery: { timeout: 1s }',
] as const;

const chatOf = (seed: number, of: readonly Send[], design: readonly string[]): Chat => ({
  seed,
  sends: of,
  design: [...EXACT, ...design],
  script: BAD_LINKS,
});

const CASES: readonly {
  readonly promise: string;
  readonly kept: readonly string[];
  readonly broken: readonly string[];
}[] = [
  {
    promise: 'per-channel-order',
    kept: ['ordering: per-channel'],
    broken: ['ordering: best-effort'],
  },
  {
    promise: 'causal-order',
    kept: ['ordering: causal', 'causal: { scope: all }'],
    broken: ['ordering: causal', 'causal: { scope: channel }'],
  },
  { promise: 'causal-order', kept: ['ordering: global'], broken: ['ordering: per-channel'] },
  { promise: 'global-order', kept: ['ordering: global'], broken: ['ordering: per-channel'] },
  {
    promise: 'global-order',
    kept: ['ordering: global', 'sequencer: { replicas: 3 }'],
    broken: ['ordering: causal'],
  },
];

describe.each(CASES)('$promise with $kept', ({ promise, kept, broken }) => {
  test('is kept over links that lose, double and delay, and nothing is lost or doubled', () => {
    fc.assert(
      fc.property(fc.nat(), sends, (seed, of) => {
        const verdicts = verdictsOf(chatOf(seed, of, kept));
        expect(verdicts[promise]).toBe('holds');
        for (const also of ['no-loss', 'no-duplicates', 'no-phantoms', 'acked-is-durable'])
          expect([also, verdicts[also]]).toEqual([also, 'holds']);
      }),
      { numRuns: 8 },
    );
  });

  test(`is broken with ${broken.join(', ')} by some of the same choices`, () => {
    const result = fc.check(
      fc.property(
        fc.nat(),
        sends,
        (seed, of) => verdictsOf(chatOf(seed, of, broken))[promise] !== 'violated',
      ),
      { numRuns: 200, seed: 1, endOnFailure: true },
    );
    expect(result.failed).toBe(true);
  });
});

describe('order by a clock', () => {
  /** Links that reorder, and are never slower than a client waits; nobody loses a connection. */
  const reordering = ['- { at: 0s, link: { from: pubsub, to: ws-servers, reorder: 0.5, delay: 300ms } }'];
  const chat = (seed: number, of: readonly Send[], ordering: string): Chat => ({
    seed,
    sends: of,
    // The skew is a standard deviation: a client has to wait for more than two clocks are ever apart.
    design: [
      `ordering: ${ordering}`,
      `clocks: { ${ordering === 'lamport' ? '' : 'skew: 500ms, '}holdBack: 6s }`,
      'retry: { maxInFlight: 1 }',
    ],
    script: reordering,
  });

  test.each(['lamport', 'hybrid-logical'])(
    'keeps causes and one order for all with %s clocks',
    (ordering) => {
      fc.assert(
        fc.property(fc.nat(), sends, (seed, of) => {
          const verdicts = verdictsOf(chat(seed, of, ordering));
          expect(verdicts['causal-order']).toBe('holds');
          expect(verdicts['global-order']).toBe('holds');
        }),
        { numRuns: 6 },
      );
    },
  );

  test('a message of Lamport clocks, too, comes too late for a client that waits too briefly', () => {
    const result = fc.check(
      fc.property(fc.nat(), sends, (seed, of) => {
        const brief = chat(seed, of, 'lamport');
        const design = [
          ...brief.design.filter((line) => !line.startsWith('clocks')),
          'clocks: { holdBack: 1ms }',
        ];
        return verdictsOf({ ...brief, design })['global-order'] !== 'violated';
      }),
      { numRuns: 200, seed: 1, endOnFailure: true },
    );
    expect(result.failed).toBe(true);
  });

  test('costs what it waits, and bytes: each mechanism is in the metrics', () => {
    const of = [
      { from: 0, to: 0, atMs: 100 },
      { from: 1, to: 0, atMs: 900 },
    ];
    const down = (design: readonly string[]): number => {
      const { context } = runChat({ seed: 1, sends: of, design }).system;
      return context.mechanisms.stampBytes?.[0] ?? 0;
    };
    expect(down(['ordering: best-effort'])).toBe(0);
    expect(down(['ordering: timestamp'])).toBe(2 * 8);
    expect(down(['ordering: lamport'])).toBe(2 * 8);
    // Four members and four bytes each.
    expect(down(['ordering: causal', 'causal: { scope: channel }'])).toBe(2 * 4 * 4);
    // The first knows of itself; the second of both.
    expect(down(['ordering: causal', 'causal: { scope: all }'])).toBe(8 + 16);
  });
});
