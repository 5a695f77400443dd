import { describe, expect, test } from 'vitest';
import { createRun } from '../../src/run/run.ts';
import { parseScenario } from '../../src/scenario/parse.ts';
import { COUNT } from '../../src/system/state/counters.ts';
import { readStories, type Story } from '../../src/trace/story.ts';

/** A chat over bad links that is watched whole, so that its stories must come to the exact counters. */
function ran(ordering: string) {
  const run = createRun(
    parseScenario(
      `scenario: stories
title: Stories and counters
seed: 5
duration: 40s
design: { servers: { count: 3 }, ordering: ${ordering}, rateLimit: none }
workload:
  users: [ann, ben, cat, dan]
  channels: { named: { one: [ann, ben, cat, dan], two: [ann, ben, cat] } }
  messages: { perUserPerMinute: 60 }
  churnPerSecond: 0
script:
  - { at: 100ms, link: { from: pubsub, to: ws-servers, reorder: 40%, delay: 400ms, loss: 5% }, for: 20s }
  - { at: 100ms, link: { from: clients, to: gateway, loss: 5%, duplicate: 5% }, for: 20s }
  - { at: 5s, disconnect: ann, for: 3s }
`,
      'stories.yaml',
    ),
  );
  run.advance(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  const stories = [...readStories(run.system.context.watching.tracer.rows()).values()];
  const { values } = run.system.context;
  const sum = (of: (story: Story) => number): number => stories.reduce((all, story) => all + of(story), 0);
  const receipts = (what: Story['receipts'][number]['what']): number =>
    sum((story) => story.receipts.filter((receipt) => receipt.what === what).length);
  return { values, sum, receipts };
}

describe.each(['best-effort', 'per-channel', 'causal', 'global'])('under the order %s', (ordering) => {
  test('the stories of all messages come to what was counted', () => {
    const { values, sum, receipts } = ran(ordering);
    expect({
      sent: sum(({ sent }) => (sent === null ? 0 : 1)),
      retries: sum(({ retries }) => retries),
      acked: sum(({ acked }) => (acked === null ? 0 : 1)),
      published: sum(({ published }) => published),
      shown: receipts('shown'),
      fromHistory: receipts('from-history'),
      waits: receipts('waits'),
    }).toEqual({
      sent: values[COUNT.sent],
      retries: values[COUNT.transmissions]! - values[COUNT.sent]!,
      acked: values[COUNT.acked],
      published: values[COUNT.published],
      shown: values[COUNT.shown],
      fromHistory: values[COUNT.shownFromHistory],
      waits: values[COUNT.buffered],
    });
    expect(receipts('from-history')).toBeGreaterThan(0);
  });
});
