/**
 * A continuous distribution as a table of its quantile function, read with one 32-bit number.
 *
 * Choice u stands for the probability (u + 1/2) / 2^32. Let r be the distance of u to the nearer end of its range. The first 128
 * distances have nodes of their own; each doubling beyond has 64 nodes, and between nodes the table is linear. So the
 * probabilities of both tails are resolved to the last choice, and a value is off by at most a few 1e-5 of itself where its
 * logarithm is as smooth in that of the probability as with the exponential and log-normal distributions.
 */

const NODE_BITS = 6;
/** Nodes of one half: 128 of their own and 64 for each of the doublings 7 to 30. */
const HALF = (31 - NODE_BITS + 1) << NODE_BITS;

/** What lies below the node, and how often it doubles: `distance >>> shift` has at most 7 bits. */
const shiftOf = (distance: number): number => {
  const shift = 31 - NODE_BITS - Math.clz32(distance);
  return shift > 0 ? shift : 0;
};

/**
 * Tabulates `quantile(p, q)`, the value below which the probability is p; q is 1 - p, exact in the upper tail. Returns the function
 * from a u32 to the interpolated value.
 */
export function tabulateQuantiles(quantile: (p: number, q: number) => number): (u32: number) => number {
  // Value and slope of node i at 2i and 2i + 1; the lower half first.
  const table = new Float64Array(4 * HALF);
  const at = (distance: number, upper: boolean): number => {
    const small = (distance + 0.5) * 2 ** -32;
    return upper ? quantile(1 - small, small) : quantile(small, 1 - small);
  };
  for (const upper of [false, true]) {
    let i = upper ? HALF : 0;
    for (let distance = 0; distance < 2 ** 31; i++) {
      const width = 1 << shiftOf(distance);
      const value = at(distance, upper);
      table[2 * i] = value;
      table[2 * i + 1] = (at(distance + width, upper) - value) / width;
      distance += width;
    }
  }

  return (u32) => {
    const sign = (u32 | 0) >> 31; // -1 in the upper half
    const distance = (u32 ^ sign) & 0x7fff_ffff;
    const shift = shiftOf(distance);
    const node = 2 * ((HALF & sign) + (shift << NODE_BITS) + (distance >>> shift));
    return table[node] + table[node + 1] * (distance & ((1 << shift) - 1));
  };
}
