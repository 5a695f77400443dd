/**
 * A whole number in [0, n) for a 32-bit choice, n at most 2^37: exactly floor(u32 * n / 2^32), so each result has at most one of
 * the 2^32 choices more than another (D. Lemire, "Fast random integer generation in an interval", 2019, without the rejection
 * step: one choice, one result). Past n = 2^32 there are more results than choices, and some are never given.
 */
export function below(u32: number, n: number): number {
  if (n <= 0x20_0000) return Math.floor(u32 * n * 2 ** -32); // the product has at most 53 bits
  const high = (u32 >>> 16) * n;
  const low = Math.floor(((u32 & 0xffff) * n) / 0x1_0000);
  return Math.floor((high + low) / 0x1_0000);
}
