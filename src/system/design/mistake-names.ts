/**
 * Mistakes on purpose, for exercises: each is one that has been made in real systems and that no setting stands for. A design names those
 * that it makes under `mistakes`; one that makes none pays nothing.
 */
export const MISTAKES = [
  'dedup-by-content', // what was said before is taken for sent again
  'dedup-without-sender', // ids are remembered without whose they are
  'new-id-for-a-retry', // each attempt has an id of its own
  'ack-what-was-seen', // a retry is acknowledged although the first attempt may not be stored
  'fan-out-skips-the-last', // the last member of a channel is never told
  'fan-out-to-leavers', // the list of members is an old one
] as const;
export type Mistake = (typeof MISTAKES)[number];
