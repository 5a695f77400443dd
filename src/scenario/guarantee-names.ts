/** The promises that a scenario can wait for and expect. Each has one checker in the guarantees room. */
export const GUARANTEE_NAMES = [
  'per-sender-fifo',
  'per-channel-order',
  'causal-order',
  'global-order',
  'no-loss',
  'no-duplicates',
  'no-phantoms',
  'authorised-only',
  'acked-is-durable',
  'rate-bound',
  'presence-converges',
  'joined-only',
  'answered',
] as const;

/** The name of a guarantee. */
export type GuaranteeName = (typeof GUARANTEE_NAMES)[number];
