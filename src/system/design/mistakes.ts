import type { CopyColumns } from '../state/messages.ts';
import type { PairMap } from '../state/pair-map.ts';
import type { Design } from './design.ts';
import { MISTAKE_NUMBERS, type Mistake } from './mistake-names.ts';

/** What the mistakes of mistake-names.ts do. */

export const makes = (design: Design, mistake: Mistake): boolean =>
  design.mistakes.includes(mistake) || design.mistakes.includes(MISTAKE_NUMBERS[mistake]);

/** A copy's sender and id, as deduplication remembers them. */
export interface Ids {
  sender(copy: number): number;
  id(copy: number): number;
}

export function idsOf(design: Design, copies: CopyColumns): Ids {
  const { sender, nth, attempt, channel } = copies;
  const has = (mistake: Mistake): boolean => makes(design, mistake);
  return {
    sender: has('dedup-without-sender') ? () => 0 : (copy) => sender[copy],
    id: has('dedup-by-content')
      ? // Messages have no text here, only a size, and by default all have the same: everybody says "ok".
        (copy) => channel[copy] + 1
      : has('new-id-for-a-retry')
        ? (copy) => nth[copy] * 256 + attempt[copy]
        : (copy) => nth[copy],
  };
}

const SEEN = 0x4000_0000;

/** Whether the chat service has seen this message before, for the mistake of acknowledging it for that; null without the mistake. */
export function createSeen(
  design: Design,
  copies: CopyColumns,
  idempotency: PairMap | null,
): ((copy: number) => boolean) | null {
  if (idempotency === null || !makes(design, 'ack-what-was-seen')) return null;
  const { sender, nth } = copies;
  return (copy) => {
    const id = SEEN + nth[copy];
    if (idempotency.get(sender[copy], id) !== 0) return true;
    idempotency.set(sender[copy], id, 1);
    return false;
  };
}
