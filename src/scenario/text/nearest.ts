/** The right name nearest to a wrong one. */

/**
 * Edits (insert, delete, replace, swap of neighbours) from a to b: the optimal string alignment distance of Damerau 1964, by
 * the recurrence of Wagner and Fischer 1974. Takes a.length x b.length steps.
 */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min(replaced, last[j]! + 1, row[j - 1]! + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, before[j - 2]! + 1);
      }
      row.push(best);
    }
    before = last;
    last = row;
  }
  return last[b.length]!;
}

/** Spelling that does not matter when names are compared: case, and how words are joined. */
const plain = (name: string): string => name.toLowerCase().replace(/[\s_.-]/g, '');

/** Longer words are no slips of the pen; comparing them would only take time. */
const LONGEST = 32;

/** The candidate that is nearest to `word`, or null when none is near: at most a third of its letters differ. */
export function nearest(word: string, candidates: readonly string[]): string | null {
  if (word.length > LONGEST) return null;
  const wanted = plain(word);
  let best: string | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const offered = plain(candidate);
    const distance = wanted.length >= 3 && offered.startsWith(wanted) ? 0.5 : editDistance(wanted, offered);
    if (distance < least && distance <= Math.ceil(offered.length / 3) && distance < offered.length) {
      best = candidate;
      least = distance;
    }
  }
  return best;
}

/** How many names a message lists before it says how many more there are. */
const LISTED = 12;

/** `a, b or c`; of many the first, and how many more. */
export function listNames(names: readonly string[]): string {
  if (names.length > LISTED) return `${names.slice(0, LISTED).join(', ')} and ${names.length - LISTED} more`;
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} or ${names[names.length - 1]}`;
}

/** What to write instead of `word`: the nearest of the candidates, or all of them. */
export function rightName(word: string, candidates: readonly string[]): string {
  const near = nearest(word, candidates);
  if (near !== null) return `did you mean ${near}?`;
  return candidates.length === 0 ? 'there are none here' : `use ${listNames(candidates)}`;
}
