import { INBOX_BYTES } from '../../algorithms/ordering/inbox.ts';
import type { Context } from '../context.ts';

/** Bytes that the order adds to a message, on average so far: nothing where messages are shown as they come. */
export function stampBytesOf({ design, mechanisms }: Pick<Context, 'design' | 'mechanisms'>): number {
  if (design.ordering === 'global') return INBOX_BYTES;
  const { stampBytes } = mechanisms;
  return stampBytes === null || stampBytes[1] === 0 ? 0 : Math.round(stampBytes[0] / stampBytes[1]);
}
