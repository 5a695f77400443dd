/** What the outbox's relay and whoever loses a copy of it must agree on. */

/** In place of the step of the flow: the copy is the relay's. */
export const RELAYED = 0xfe;

/** When the relay reads next. */
export const nextPollUs = (nowUs: number, pollUs: number): number =>
  (Math.floor(nowUs / pollUs) + 1) * pollUs;
