/**
 * Vector clocks for causal order (Birman, Schiper, Stephenson, "Lightweight causal and atomic group multicast", ACM TOCS 9(3) 1991,
 * section 5.1). Process i keeps V_i, where V_i[k] counts the messages of process k that it has been shown (its own: sent). A message
 * carries its sender's vector, the message itself counted. Process i may show m of sender j when
 *
 *     V_m[j] = V_i[j] + 1   and   V_m[k] <= V_i[k] for every other k:
 *
 * it is the next of its sender, and everything that its sender had been shown before has been shown here as well.
 *
 * A vector is a range of a Uint32Array: `v` with its first place `at`. Nothing is allocated.
 */

export const READY = 0;
/** Something that comes before is missing here. */
export const EARLY = 1;
/** Shown before. */
export const SEEN = 2;
export type Standing = typeof READY | typeof EARLY | typeof SEEN;

/** Process `j` sends: its own entry counts up. The vector afterwards is what the message carries. */
export function tick(v: Uint32Array, at: number, j: number): void {
  v[at + j]++;
}

/** Where message m of process j, with its vector of n entries, stands at a process. O(n). */
export function standingOf(
  v: Uint32Array,
  at: number,
  m: Uint32Array,
  mAt: number,
  n: number,
  j: number,
): Standing {
  const mine = v[at + j];
  const its = m[mAt + j];
  if (its <= mine) return SEEN;
  if (its !== mine + 1) return EARLY;
  return coversOthers(v, at, m, mAt, 0, n, j) ? READY : EARLY;
}

/** Whether V_m[k] <= V_i[k] for every k from `from` to `end` but j. */
export function coversOthers(
  v: Uint32Array,
  at: number,
  m: Uint32Array,
  mAt: number,
  from: number,
  end: number,
  j: number,
): boolean {
  for (let k = from; k < end; k++) if (k !== j && m[mAt + k] > v[at + k]) return false;
  return true;
}

/** Takes over what the message knew: the greater of each two entries. For a message that is READY, only its sender's entry grows. */
export function merge(v: Uint32Array, at: number, m: Uint32Array, mAt: number, n: number): void {
  for (let k = 0; k < n; k++) if (m[mAt + k] > v[at + k]) v[at + k] = m[mAt + k];
}

/** Entries that are not 0: what a sparse encoding sends. */
export function known(v: Uint32Array, at: number, n: number): number {
  let count = 0;
  for (let k = 0; k < n; k++) if (v[at + k] !== 0) count++;
  return count;
}

/** A count of 4 bytes for each member, in the order of the members. */
export const DENSE_ENTRY_BYTES = 4;
/** A sparse entry names its membership as well: 4 bytes and 4 bytes. */
export const SPARSE_ENTRY_BYTES = 8;
