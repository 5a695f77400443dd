import { describe, expect, test } from 'vitest';
import { type BackoffKind, backoffDelayUs } from '../../src/algorithms/backoff/backoff.ts';
import { mix32 } from '../../src/base/hash.ts';

/**
 * The reconnect storm, simulated directly: all clients lose their connection at time 0 and try again after their backoff (base 1 s,
 * cap 30 s). The gateway is a token bucket that refills in 100 s for all clients and holds what it refills in one second; a client
 * that it refuses backs off again. Times to the millisecond.
 */
function storm(kind: BackoffKind, clients: number, seed: number) {
  const acceptsPerSecond = clients / 100;
  const attempts = new Uint16Array(clients);
  const waitUs = new Float64Array(clients);
  const due = new Map<number, number[]>();
  const backMs: number[] = [];

  function wait(client: number, nowMs: number): void {
    const attempt = attempts[client]!;
    const choice = mix32(mix32(client * 1024 + attempt) ^ seed);
    waitUs[client] = backoffDelayUs(kind, attempt, 1_000_000, 30_000_000, choice, waitUs[client]!);
    attempts[client] = attempt + 1;
    const atMs = nowMs + Math.floor(waitUs[client] / 1000);
    const others = due.get(atMs);
    if (others === undefined) due.set(atMs, [client]);
    else others.push(client);
  }

  for (let client = 0; client < clients; client++) wait(client, 0);
  let tokens = acceptsPerSecond;
  for (let ms = 0; backMs.length < clients; ms++) {
    // A client whose next wait is 0 comes again in the same millisecond: the list grows while it is read.
    for (const client of due.get(ms) ?? []) {
      if (tokens >= 1) {
        tokens--;
        backMs.push(ms);
      } else {
        wait(client, ms);
      }
    }
    due.delete(ms);
    tokens = Math.min(acceptsPerSecond, tokens + acceptsPerSecond / 1000);
  }
  return {
    p99Seconds: backMs[0.99 * clients - 1]! / 1000,
    attemptsPerClient: attempts.reduce((sum, n) => sum + n, 0) / clients,
  };
}

describe('200,000 clients, 2,000 accepts a second, base 1 s, cap 30 s', () => {
  test('without jitter come in waves of which 2,000 get in: 2,851 s and 50.5 attempts a client', () => {
    // 100 waves, at 1, 3, 7, 15, 31 s and then every 30 s: the 99th at 31 + 94 x 30 s, and the mean of 1 .. 100 attempts.
    expect(storm('exponential', 200_000, 1)).toEqual({ p99Seconds: 2851, attemptsPerClient: 50.5 });
  });

  test('with full jitter are back after 105 s and 7.1 attempts a client', () => {
    // Calculated beforehand: 105 s and 7.4. Here 104.8 s and 7.10; with the clock cut into whole seconds 106 s and 7.35.
    const { p99Seconds, attemptsPerClient } = storm('full-jitter', 200_000, 1);
    expect(Math.abs(p99Seconds - 105)).toBeLessThan(1);
    expect(Math.abs(attemptsPerClient - 7.1)).toBeLessThan(0.05);
  });
});

test.each(['full-jitter', 'equal-jitter', 'decorrelated-jitter'] as const)(
  'a tenth of them with %s and a tenth of the accepts are back between 98 s, which the gateway needs, and 125 s',
  (kind) => {
    for (const seed of [1, 2, 3]) {
      const { p99Seconds, attemptsPerClient } = storm(kind, 20_000, seed);
      expect(p99Seconds).toBeGreaterThanOrEqual(98);
      expect(p99Seconds).toBeLessThan(125);
      expect(attemptsPerClient).toBeLessThan(7.3);
    }
  },
);
