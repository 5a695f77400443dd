import { describe, expect, it } from 'vitest';
import { connectionLifecycle } from '../../../src/diagrams/connection.ts';
import { PROTOCOLS } from '../../../src/system/design/design.ts';
import { sequenceModel } from './mermaid-model.ts';

/** Round trips between the beginning and the step that begins with `until`: an answer is one. */
async function roundTrips(text: string, until: string): Promise<number> {
  const { steps } = await sequenceModel(text);
  const end = steps.findIndex((s) => s.text.startsWith(until));
  expect(end).toBeGreaterThan(0);
  return steps.slice(0, end).filter((s) => s.kind === 'arrow' && s.type === 1).length;
}

describe('connection lifecycle', () => {
  it.each([
    ['websocket', 'message (6 B', 3],
    ['sse', 'id: 42', 3],
    ['long-polling', '200, message 42', 2],
  ] as const)('%s: %s comes after the round trips that the standards say', async (protocol, until, trips) => {
    // Long polling's first message is itself the answer of the third round trip.
    expect(await roundTrips(connectionLifecycle(protocol), until)).toBe(trips);
  });

  it.each(PROTOCOLS)(
    '%s: Mermaid holds every line, frames are closed, activations are balanced',
    async (protocol) => {
      const text = connectionLifecycle(protocol);
      const { steps } = await sequenceModel(text);
      const written = text
        .split('\n')
        .filter((line) => /->>|--?x|Note over|activate|loop|opt|^ {4}end/.test(line));
      expect(steps).toHaveLength(written.length);
      const count = (kind: string): number => steps.filter((s) => s.kind === kind).length;
      expect(count('activate')).toBe(count('deactivate'));
      expect(count('activate')).toBeGreaterThan(0);
    },
  );

  it('a design\u2019s heartbeat and backoff stand in its diagram', async () => {
    const text = connectionLifecycle('websocket', {
      heartbeat: { intervalUs: 45_000_000, timeoutUs: 20_000_000 },
      reconnect: { backoff: 'exponential', baseUs: 500_000, capUs: 5_000_000, resume: false },
    });
    const all = (await sequenceModel(text)).steps.map((s) => s.text);
    expect(all).toContain('waits: exponential, 500 ms up to 5 s');
    expect(all).toContain('ping: no pong in 20 s');
    expect(all).toContain('only what comes from now on');
    expect(text).toContain('loop every 45 s');
  });
});
