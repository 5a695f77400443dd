/**
 * Which of the last 32 numbers were seen, as a 32-bit mask below the highest one: bit i stands for highest - i. The anti-replay
 * window of IPsec (RFC 4303, section 3.4.3). What is older than the window counts as seen.
 */

export const WINDOW = 32;

export function wasSeen(highest: number, mask: number, number: number): boolean {
  if (number > highest) return false;
  const back = highest - number;
  return back >= WINDOW || ((mask >>> back) & 1) === 1;
}

/** The mask after `number` was seen; the highest is then the greater of the two. */
export function maskAfter(highest: number, mask: number, number: number): number {
  if (number > highest) {
    const shift = number - highest;
    return shift >= WINDOW ? 1 : ((mask << shift) | 1) >>> 0;
  }
  const back = highest - number;
  return back >= WINDOW ? mask : (mask | (1 << back)) >>> 0;
}
