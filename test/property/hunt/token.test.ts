import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import manifest from '../../../package.json' with { type: 'json' };
import { fromBase64Url, toBase64Url } from '../../../src/base/base64url.ts';
import { readToken, type SharedRun, TokenError, writeToken } from '../../../src/run/token.ts';
import { VERSION } from '../../../src/scenario/version.ts';
import { SMALL_TEXT } from './small-text.ts';

const RUN: SharedRun = {
  version: VERSION,
  text: SMALL_TEXT,
  overrides: [{ kind: 'set', path: 'design.flow', value: ['validate', 'ack'] }],
  seed: 7,
  hand: [{ atUs: 5, action: { do: 'crash', node: 1, forUs: null } }],
  choices: [0, 0, 4_294_967_295, 5],
  timeUs: 1_234_567,
  about: 'no-loss',
};

test('the version that tokens carry is that of the package', () => {
  expect(VERSION).toBe(manifest.version);
});

test('bytes come back from base64url, and what it does not write is not read', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => {
      const text = toBase64Url(bytes);
      expect(text).toBe(Buffer.from(bytes).toString('base64url'));
      expect(fromBase64Url(text)).toEqual(bytes);
    }),
  );
  for (const wrong of ['A', 'AB+', 'AA=', 'é', 'AB', 'ABCDE']) expect(fromBase64Url(wrong)).toBe(null);
});

describe('a token', () => {
  test('holds all of a run, and is one word that a link can carry', () => {
    const token = writeToken(RUN);
    expect(token).toMatch(/^x1[\w-]+$/);
    expect(readToken(token)).toEqual(RUN);
  });

  test('holds any list of choices, but for tame ones at its end', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(0xffff_ffff)), (choices) => {
        const back = readToken(writeToken({ ...RUN, choices })).choices ?? [];
        expect(choices.map((_, i) => back[i] ?? 0)).toEqual(choices);
      }),
    );
  });

  test('that was cut or changed anywhere says so in one sentence', () => {
    const token = writeToken(RUN);
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.constantFrom('A', 'z', '_', ''), (at, other) => {
        const changed = token.slice(0, at) + other + token.slice(at + 1);
        if (changed === token) return;
        expect(() => readToken(changed)).toThrow(TokenError);
      }),
    );
    expect(() => readToken(token.slice(0, 40))).toThrow(/copy it again/);
    expect(() => readToken('million-users')).toThrow(/begins with x1, not with "million-"/);
    expect(() => readToken(`x2${token.slice(2)}`)).toThrow(/another version wrote/);
  });

  test('that holds what no run has is refused by name', () => {
    const hostile = (run: object): string => writeToken({ ...RUN, ...run } as SharedRun);
    expect(() => readToken(hostile({ seed: -1 }))).toThrow(/the seed of the token is -1/);
    expect(() => readToken(hostile({ choices: [0.5] }))).toThrow(/choice 1 is no whole number/);
    expect(() => readToken(hostile({ timeUs: 0.5 }))).toThrow(/the time of the token/);
    expect(() => readToken(hostile({ text: 'x'.repeat(300_000) }))).toThrow(/more than 262144 characters/);
    expect(() => readToken(hostile({ overrides: [{ kind: 'eval', path: 'x', value: 1 }] }))).toThrow(
      /"x" in the token is no setting/,
    );
  });

  test('that unfolds to far more than it is takes no more room than a scenario may', () => {
    expect(() => readToken(hostileBomb())).toThrow(/unfolds to more than a scenario may be/);
  });
});

/** Three megabytes of one letter, which deflate writes in three kilobytes. */
const hostileBomb = (): string => writeToken({ ...RUN, text: 'x'.repeat(3_000_000) });
