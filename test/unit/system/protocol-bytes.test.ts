import { describe, expect, test } from 'vitest';
import { metricsOf } from '../../../src/run/metrics-of.ts';
import { createRun } from '../../../src/run/run.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';
import { frameHeaderBytes, protocolBytes, wireBytes } from '../../../src/system/design/protocol-bytes.ts';

describe('the header of a WebSocket frame (RFC 6455, 5.2)', () => {
  test.each([
    [0, 2],
    [125, 2],
    [126, 4],
    [65_535, 4],
    [65_536, 10],
  ])('of %d bytes has %d, and four of a mask on the way up', (payload, header) => {
    expect(frameHeaderBytes(payload, false)).toBe(header);
    expect(frameHeaderBytes(payload, true)).toBe(header + 4);
  });
});

describe('what an application writes at once', () => {
  test('goes in TLS records of at most 16 KiB, each with 5 + 1 + 16 bytes more (RFC 8446), and in segments of 1,448 with headers of 52', () => {
    expect(wireBytes(0)).toBe(0);
    expect(wireBytes(1)).toBe(1 + 22 + 52);
    // 1,426 and its record fill a segment.
    expect(wireBytes(1_426)).toBe(1_448 + 52);
    expect(wireBytes(1_427)).toBe(1_449 + 2 * 52);
    // One record, twelve segments: 16,406 / 1,448 = 11.3.
    expect(wireBytes(16_384)).toBe(16_384 + 22 + 12 * 52);
    expect(wireBytes(16_385)).toBe(16_385 + 2 * 22 + 12 * 52);
  });

  test('is a WebSocket frame, an event, or an HTTP answer', () => {
    expect(protocolBytes('websocket').down(125)).toBe(wireBytes(127));
    expect(protocolBytes('websocket').down(126)).toBe(wireBytes(130));
    expect(protocolBytes('sse').down(126)).toBe(wireBytes(134));
    expect(protocolBytes('long-polling').down(126)).toBe(wireBytes(776));
  });
});

const TEXT = (protocol: string, bytes: number, everyMs: number): string => `scenario: bytes
title: Bytes
duration: 10s
design:
  protocol: ${protocol}
  servers: { count: 1 }
  rateLimit: none
  ${protocol === 'long-polling' ? 'longPolling: { hold: 10m }' : 'heartbeat: { interval: 1h }'}
  network: { clients: [{ name: wire, share: 1, latency: 10ms }], internal: 1ms }
workload:
  users: [alice, bob]
  channels: { named: { general: [alice, bob] } }
  messages: { perUserPerMinute: 0 }
  churnPerSecond: 0
script:
  - { at: 1s, send: { from: alice, to: general, bytes: ${bytes}, times: 5, every: ${everyMs}ms } }
`;

function sent(protocol: string, bytes: number, everyMs = 1_000): { up: number; down: number } {
  const run = createRun(parseScenario(TEXT(protocol, bytes, everyMs), 'bytes.yaml'), { isLean: true });
  run.advance(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  const metrics = metricsOf(run.system.context);
  expect(metrics.deliveries).toBe(5);
  return { up: metrics['bytes.up'], down: metrics['bytes.down'] };
}

describe('five messages from one user to another, each acknowledged with 40 bytes', () => {
  test.each([125, 126, 60_000])('of %d bytes have the frames of RFC 6455', (bytes) => {
    const header = bytes < 126 ? 2 : 4;
    expect(sent('websocket', bytes)).toEqual({
      up: 5 * wireBytes(bytes + header + 4),
      down: 5 * (wireBytes(bytes + header) + wireBytes(42)),
    });
  });

  test('by long polling are answers, each with 650 bytes down, and a next request of 650 bytes up, which is no egress', () => {
    expect(sent('long-polling', 200)).toEqual({
      up: 5 * wireBytes(850) + 5 * wireBytes(650),
      down: 5 * (wireBytes(850) + wireBytes(690)),
    });
  });

  test('by long polling share an answer when they wait for one request', () => {
    // The first is answered at once; the four after it come within the round trip until the next request, and go together.
    expect(sent('long-polling', 200, 2)).toEqual({
      up: 5 * wireBytes(850) + 2 * wireBytes(650),
      down: 2 * wireBytes(850) + 3 * 200 + 5 * wireBytes(690),
    });
  });
});
