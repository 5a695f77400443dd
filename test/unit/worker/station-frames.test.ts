import { describe, expect, test } from 'vitest';
import { createRun } from '../../../src/run/run.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';
import { createStationFrames } from '../../../src/worker/station-frames.ts';

/** Ten messages at once, and a database with one worker that takes 200 ms for each. */
const BURST = `scenario: burst
title: Ten at once
duration: 5s
design:
  gateway: { count: 1 }
  servers: { count: 1 }
  pubsub: { shards: 1 }
  database: { workers: 1, write: 200ms }
  rateLimit: none
workload:
  users: [alice, bob]
  channels: { named: { pair: [alice, bob] } }
  messages: { perUserPerMinute: 0 }
script:
  - { at: 1s, send: { from: alice, to: pair, times: 10 } }
  - { at: 4s, block: ws-server-1, for: 300ms }
`;
const [SERVER, DATABASE] = [1, 4];
const WINDOW_US = 100_000;

describe('what a frame says of the stations', () => {
  test('work is done when its time has come, not when it is taken on', () => {
    const run = createRun(parseScenario(BURST, 'burst.yaml'));
    const frames = createStationFrames(run);
    const at = (timeUs: number) => {
      run.advance(timeUs, Number.POSITIVE_INFINITY);
      return frames.take(WINDOW_US);
    };
    expect(at(900_000)[DATABASE]).toMatchObject({ utilisation: 0, queue: 0, ratePerSecond: 0 });
    at(1_500_000);
    expect(at(1_600_000)[DATABASE]).toMatchObject({ utilisation: 1, queue: 7, ratePerSecond: 0 });
    expect(at(2_500_000)[DATABASE]?.utilisation).toBe(1);
    at(3_100_000);
    expect(at(3_300_000)[DATABASE]).toMatchObject({ utilisation: 0, queue: 0 });
  });

  test('an event loop that runs one long task is busy for as long', () => {
    const run = createRun(parseScenario(BURST, 'burst.yaml'));
    const frames = createStationFrames(run);
    run.advance(4_100_000, Number.POSITIVE_INFINITY);
    expect(frames.take(WINDOW_US)[SERVER]).toMatchObject({ blocked: true, utilisation: 1 });
    run.advance(4_500_000, Number.POSITIVE_INFINITY);
    expect(frames.take(WINDOW_US)[SERVER]?.blocked).toBeUndefined();
  });

  test('after a rewind it begins anew', () => {
    const run = createRun(parseScenario(BURST, 'burst.yaml'), { snapshotBytes: 1e9 });
    const frames = createStationFrames(run);
    for (const timeUs of [1_100_000, 1_500_000]) {
      run.advance(timeUs, Number.POSITIVE_INFINITY);
      frames.take(WINDOW_US);
    }
    run.rewindTo(0);
    expect(frames.take(WINDOW_US)[DATABASE]).toMatchObject({ utilisation: 0, ratePerSecond: 0 });
  });
});
