import { designs, guarantee, scenarios } from 'fanout/testkit';
import { test } from 'vitest';

// All that a test of a project elsewhere needs.
test('nobody is shown a message twice, whatever crashes', () => {
  const mine = designs(
    { delivery: 'effectively-once' },
    { delivery: 'effectively-once', pubsub: { kind: 'kafka' } },
  );
  guarantee('no-duplicates').holdsFor(scenarios({ design: mine, faults: ['crash', 'disconnect'] }), {
    numRuns: 25,
  });
});
