/**
 * Hashes of bytes and of small integer keys. Not cryptographic.
 *
 * `mix32` is the finaliser "lowbias32" found by Christopher Wellons' hash prospector
 * (https://nullprogram.com/blog/2018/07/31/): a bijection of 32-bit words with avalanche bias 0.17.
 */

export function mix32(x: number): number {
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

const hex8 = (x: number): string => (x >>> 0).toString(16).padStart(8, '0');

/**
 * A 128-bit hash of 32-bit words, as 32 hex digits. Four independent multiply-xor lanes, so that it runs at memory speed.
 * `state` continues an earlier hash; `finishHash` makes the digits.
 */
export interface HashState {
  a: number;
  b: number;
  c: number;
  d: number;
  length: number;
}

export const startHash = (): HashState => ({
  a: 0x9e3779b9,
  b: 0x243f6a88,
  c: 0xb7e15162,
  d: 0x85a308d3,
  length: 0,
});

export function hashWords(state: HashState, words: Uint32Array): HashState {
  let { a, b, c, d } = state;
  const n = words.length;
  const whole = n - (n % 4);
  for (let i = 0; i < whole; i += 4) {
    a = Math.imul(a ^ words[i], 0x85ebca6b);
    a ^= a >>> 15;
    b = Math.imul(b ^ words[i + 1], 0xc2b2ae35);
    b ^= b >>> 13;
    c = Math.imul(c ^ words[i + 2], 0x27d4eb2f);
    c ^= c >>> 16;
    d = Math.imul(d ^ words[i + 3], 0x165667b1);
    d ^= d >>> 14;
  }
  for (let i = whole; i < n; i++) {
    a = Math.imul(a ^ words[i], 0x85ebca6b);
    a ^= a >>> 15;
  }
  return { a, b, c, d, length: state.length + n };
}

export function finishHash(state: HashState): string {
  let { a, b, c, d } = state;
  a = mix32(a ^ state.length);
  b = mix32(b ^ a);
  c = mix32(c ^ b);
  d = mix32(d ^ c);
  return hex8(a ^ d) + hex8(b) + hex8(c) + hex8(d);
}
