import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Address,
  type HandAction,
  NO_ADDRESS,
  readAddress,
  writeAddress,
} from '../../../src/worker/address.ts';
import type { Action, Selection } from '../../../src/worker/protocol.ts';

const whole = fc.nat({ max: 2 ** 31 });
const time = fc.integer({ min: 0, max: 10 ** 12 });
const share = fc.integer({ min: 0, max: 1000 }).map((n) => n / 1000);
const maybe = fc.option(time, { nil: null });

const action: fc.Arbitrary<Action> = fc
  .oneof(
    fc.record({ do: fc.constant('crash' as const), node: whole, forUs: maybe }),
    fc.record({ do: fc.constant('restart' as const), node: whole }),
    fc.record({
      do: fc.constant('slow' as const),
      node: whole,
      factor: fc.integer({ min: 1, max: 100 }),
      forUs: maybe,
    }),
    fc.record({ do: fc.constant('block' as const), node: whole, forUs: time }),
    fc.record({
      do: fc.constant('link' as const),
      from: fc.array(whole, { minLength: 1, maxLength: 4 }),
      to: fc.array(whole, { minLength: 1, maxLength: 4 }),
      fault: fc.record({ cut: fc.boolean(), loss: share, duplicate: share, reorder: share, delayUs: time }),
      forUs: maybe,
    }),
    fc.record({ do: fc.constant('send' as const), user: whole, channel: whole, bytes: whole }),
    fc.record({ do: fc.constant('disconnect' as const), user: whole, forUs: maybe }),
    fc.record({ do: fc.constant('connect' as const), user: whole }),
    fc.record({ do: fc.constantFrom('join' as const, 'leave' as const), user: whole, channel: whole }),
    fc.record({
      do: fc.constant('choose' as const),
      sender: whole,
      nth: whole,
      from: whole,
      to: whole,
      fate: fc.constantFrom('lost' as const, 'twice' as const, 'takes' as const),
      takesUs: time,
    }),
    fc.record({ do: fc.constant('set' as const), path: fc.string({ minLength: 1 }), value: fc.jsonValue() }),
  )
  .map((drawn) => JSON.parse(JSON.stringify(drawn)) as Action);

const hand: fc.Arbitrary<HandAction> = fc.record({ atUs: time, action });

const selection: fc.Arbitrary<Selection> = fc.oneof(
  fc.record({ kind: fc.constant('station' as const), node: whole }),
  fc.record({ kind: fc.constant('user' as const), user: whole }),
  fc.record({ kind: fc.constant('seat' as const), seat: whole }),
  fc.record({ kind: fc.constant('channel' as const), channel: whole }),
  fc.record({ kind: fc.constant('message' as const), sender: whole, nth: whole }),
);

const orNull = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(of, { nil: null });

const address: fc.Arbitrary<Address> = fc.record({
  version: orNull(fc.constantFrom('0.1.0', '12.3.4-beta')),
  scenario: orNull(fc.constantFrom('million-users', 'one-message', 'a')),
  seed: orNull(fc.nat({ max: 0xffff_ffff })),
  users: orNull(fc.integer({ min: 1, max: 10_000_000 })),
  timeUs: orNull(time),
  picture: orNull(fc.constantFrom('crowd', 'rate-limit')),
  selection: orNull(selection),
  speed: orNull(fc.oneof(fc.integer({ min: 1, max: 1e9 }), fc.constant(Number.POSITIVE_INFINITY))),
  hand: fc.array(hand, { maxLength: 5 }),
  witness: fc.record({ promise: fc.constantFrom('no-loss', 'per-channel-order'), sinceUs: time }),
});

describe('an address', () => {
  it('reads as what was written, whatever it holds', () => {
    fc.assert(
      fc.property(address, (one) => {
        const { address: read, problems } = readAddress(`#${writeAddress(one)}`);
        expect(problems).toEqual([]);
        expect(read).toEqual(one);
      }),
    );
  });

  it('holds the world that is shown beside it, whatever it is called', () => {
    const text = fc.string({ minLength: 1 });
    const world = fc.oneof(
      fc.record({ kind: fc.constant('named' as const), name: text }),
      fc.record({ kind: fc.constant('set' as const), path: text, value: text }),
    );
    fc.assert(
      fc.property(world, (one) => {
        const { address: read, problems } = readAddress(writeAddress({ ...NO_ADDRESS, world: one }));
        expect(problems).toEqual([]);
        expect(read.world).toEqual(one);
      }),
    );
    expect(readAddress('p=crowd&p2=fan-out').address).toMatchObject({ picture: 'crowd', beside: 'fan-out' });
    const named = { ...NO_ADDRESS, world: { kind: 'named', name: 'in order' } } as const;
    expect(writeAddress(named)).toBe('w=name,in%20order');
  });

  it('is text that a person can read', () => {
    const text = writeAddress({
      ...NO_ADDRESS,
      version: '0.1.0',
      scenario: 'million-users',
      seed: 7,
      timeUs: 12_345_678,
      picture: 'crowd',
      hand: [{ atUs: 10_000_000, action: { do: 'crash', node: 3, forUs: null } }],
    });
    expect(text).toBe('s=million-users&seed=7&t=12.345678s&p=crowd&do=10000000,crash,3,-&v=0.1.0');
  });

  it.each([
    ['seed=minus', 'a seed is a whole number'],
    ['seed=4294967296', 'a seed is a whole number'],
    ['s=../../etc', 'small letters and hyphens'],
    ['t=12', 'a time looks like 12.345678s'],
    ['users=1e12', 'users are a count'],
    ['sel=planet,3', 'nothing of the kind "planet"'],
    ['sel=user', 'a user is missing'],
    ['w=other,in%20order', 'a world is a name or a setting'],
    ['w=set,design.ordering', 'its value is missing'],
    ['do=10,crash,3,-,9', 'one field too many'],
    ['broken=no-loss', 'the time of its violation is missing'],
    ['broken=NO LOSS,3', 'a promise is named in small letters'],
    ['do=10,explode,3', 'no action "explode"'],
    ['do=10,slow,3,NaN,-', 'a factor is a number'],
    ['do=10,set,design.delivery,%7B', 'no JSON'],
    ['s=%E0%A4%A', 'not well-formed'],
    ['colour=blue', 'no such part'],
    ['seed=1&seed=2', 'twice'],
  ])('names the part of %s that it cannot read', (text, why) => {
    const { problems } = readAddress(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(why);
  });

  it('never throws, whatever stands behind the hash', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        readAddress(text);
      }),
      { numRuns: 300 },
    );
  });
});
