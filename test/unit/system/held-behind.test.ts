import { expect, test } from 'vitest';
import { createRun } from '../../../src/run/run.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';
import { COUNT } from '../../../src/system/state/counters.ts';
import { readStories } from '../../../src/trace/story.ts';

/** The service gives the numbers and the database is far from even: a client that returns finds rows of later numbers before those of earlier ones. */
const TEXT = `scenario: held-behind
title: The history has a gap
seed: 5
duration: 40s
design:
  servers: { count: 2 }
  ordering: per-channel
  sequence: { source: service }
  database: { workers: 20, write: { median: 30ms, p99: 1500ms } }
  rateLimit: none
workload:
  users: [ann, ben, cat, dan]
  channels: { named: { one: [ann, ben, cat, dan] } }
  messages: { perUserPerMinute: 300 }
  churnPerSecond: 0
script:
${[5, 9, 13, 17, 21, 25, 29].map((s) => `  - { at: ${s}s, disconnect: ann, for: 1500ms }\n`).join('')}`;

test('what the history has told, and waits for the row of an earlier number, is shown as told by the history and not as live', () => {
  const run = createRun(parseScenario(TEXT, 'held-behind.yaml'));
  run.advance(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  const { values, watching } = run.system.context;
  const stories = [...readStories(watching.tracer.rows()).values()];
  // What is shown live was on its way to its user, over the connection, before.
  const shown = stories.flatMap(({ rows, receipts }) =>
    receipts
      .filter(({ what }) => what === 'shown')
      .map(({ node, row }) =>
        rows.some(({ kind, peer, id }) => kind === 'forward' && peer === node && id < row.id),
      ),
  );
  expect(values[COUNT.shownFromHistory]).toBeGreaterThan(20);
  expect(shown.length).toBe(values[COUNT.shown]);
  expect(shown.filter((cameLive) => !cameLive)).toEqual([]);
});
