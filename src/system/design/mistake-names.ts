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
  'goes-on-from-the-old-place', // who joins again begins where it stood when it left
  'cancels-anothers-timer', // the acknowledgement of one message stops the retries of the sender's next
  'starts-at-newest', // a consumer that is back begins with what comes next, not at its committed offset
  'leader-one-back', // a new leader of the sequencers begins with the number given last
  'gap-timer-once', // a gap is looked at once, and never again
  'old-answer-is-final', // an answer of the history that is older than a gap says that it will stay
  'resume-asks-once', // a client that is back, and gets no answer from the history, does not ask again
  'fills-one-channel', // what causal order waits for is looked for in one channel only
] as const;
export type Mistake = (typeof MISTAKES)[number];

/** What an exercise calls each of them: a name in its text would give the answer away. */
export const MISTAKE_NUMBERS = {
  'dedup-by-content': 'planted-1',
  'dedup-without-sender': 'planted-2',
  'new-id-for-a-retry': 'planted-3',
  'ack-what-was-seen': 'planted-4',
  'fan-out-skips-the-last': 'planted-5',
  'fan-out-to-leavers': 'planted-6',
  'goes-on-from-the-old-place': 'planted-7',
  'cancels-anothers-timer': 'planted-8',
  'starts-at-newest': 'planted-9',
  'leader-one-back': 'planted-10',
  'gap-timer-once': 'planted-11',
  'old-answer-is-final': 'planted-12',
  'resume-asks-once': 'planted-13',
  'fills-one-channel': 'planted-14',
} as const satisfies Readonly<Record<Mistake, string>>;
export type WrittenMistake = Mistake | (typeof MISTAKE_NUMBERS)[Mistake];
