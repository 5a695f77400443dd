/**
 * The first whole number below `length` for which `holds`, or `length` when there is none. Binary search: when it holds for a number, it
 * holds for all that follow.
 */
export function firstWhere(length: number, holds: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
