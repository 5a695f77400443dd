import { describe, expect, test } from 'vitest';
import { metricsOf } from '../../../src/run/metrics-of.ts';
import { createRun, type Run } from '../../../src/run/run.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';
import { COUNT } from '../../../src/system/state/counters.ts';

/**
 * What Redis keeps for a subscriber that reads nothing: first the kernel's socket buffers take it, then the output buffer does, and over a
 * limit of that the subscriber is cut off. The second of two servers is blocked from 1 s on; alice, at the first, writes to bob, at the second.
 */

interface Flood {
  readonly shards?: number;
  readonly pubsub?: string;
  readonly bytes: number;
  readonly times: number;
  readonly everyUs: number;
  readonly blockedS: number;
  /** Further lines of the script. */
  readonly more?: string;
}

function started({ shards = 1, pubsub = '', bytes, times, everyUs, blockedS, more = '' }: Flood): Run {
  const text = `scenario: unread
title: A subscriber that reads nothing
seed: 1
duration: ${blockedS + 10}s
design:
  gateway: { count: 1, balancing: round-robin }
  servers: { count: 2 }
  pubsub: { kind: redis, shards: ${shards}${pubsub} }
  rateLimit: none
  ordering: best-effort
  network: { clients: [{ name: wire, share: 1, latency: 10ms }] }
workload:
  users: [alice, bob]
  channels: { named: { general: [alice, bob], other: [alice, bob] } }
  messages: { perUserPerMinute: 0 }
  churnPerSecond: 0
script:
  - { at: 1s, block: ws-server-2, for: ${blockedS}s }
  - { at: 1s, send: { from: alice, to: general, bytes: ${bytes}, times: ${times / 2}, every: ${2 * everyUs}us } }
  - { at: ${1_000_000 + everyUs}us, send: { from: alice, to: general, bytes: ${bytes}, times: ${times / 2}, every: ${2 * everyUs}us } }
${more}`;
  return createRun(parseScenario(text, 'unread.yaml'), { isLean: true });
}

const ended = (flood: Flood): Run => {
  const run = started(flood);
  run.advance(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  return run;
};
const cuts = (run: Run): number => run.system.context.values[COUNT.brokerCuts]!;

/** Seconds from the first message until the server is cut off, to a tenth. */
function cutAfterS(flood: Flood): number {
  const run = started(flood);
  for (let tenths = 10; tenths < 10 * (flood.blockedS + 1); tenths++) {
    run.advance(tenths * 100_000, Number.POSITIVE_INFINITY);
    if (cuts(run) > 0) return (tenths - 10) / 10;
  }
  return Number.POSITIVE_INFINITY;
}

const MIB = 1024 ** 2;

describe('a server that reads nothing, with the limits of Redis (32 MiB at once, 8 MiB for 60 s)', () => {
  test('is cut off by the hard limit: 10,000 messages a second of 256 B, nothing in the sockets', () => {
    const calculatedS = (32 * MIB) / (10_000 * 256);
    expect(Math.round(calculatedS)).toBe(13);
    const foundS = cutAfterS({
      pubsub: ', socketBufferBytes: 0',
      bytes: 256,
      times: 140_000,
      everyUs: 100,
      blockedS: 15,
    });
    expect(Math.abs(foundS - calculatedS)).toBeLessThan(0.2);
  });

  test('is cut off later by as long as the sockets take to fill', () => {
    const calculatedS = (32 * MIB + 4 * MIB) / (100 * 30_720);
    const foundS = cutAfterS({ bytes: 30_720, times: 1_500, everyUs: 10_000, blockedS: 15 });
    expect(Math.abs(foundS - calculatedS)).toBeLessThan(0.2);
  });

  test('is cut off by the soft limit: 500 messages a second of 300 B, nothing in the sockets', () => {
    const calculatedS = (8 * MIB) / (500 * 300) + 60;
    expect(Math.round(calculatedS)).toBe(116);
    const foundS = cutAfterS({
      pubsub: ', socketBufferBytes: 0',
      bytes: 300,
      times: 60_000,
      everyUs: 2_000,
      blockedS: 120,
    });
    expect(Math.abs(foundS - calculatedS)).toBeLessThan(0.2);
  });
});

describe('500 messages for a server that reads nothing for six seconds', () => {
  const flood = { bytes: 204, times: 500, everyUs: 10_000, blockedS: 6 };
  const limits = (sockets: string): string =>
    `${sockets}, outputBuffer: { hardBytes: 16KiB, softBytes: 8KiB, soft: 2s }`;

  test('all arrive, whatever the limits of the output buffer: the sockets take them', () => {
    const run = ended({ ...flood, pubsub: limits('') });
    expect([cuts(run), metricsOf(run.system.context).deliveries]).toEqual([0, 500]);
  });

  test('are lost but for what the sockets hold, when these are small', () => {
    // Ten messages with their frames in the sockets, ten in the output buffer: the one after them is too much, and these ten go with it.
    const pubsub = ', socketBufferBytes: 2040, outputBuffer: { hardBytes: 2040, softBytes: 2040 }';
    const run = ended({ ...flood, pubsub });
    expect([cuts(run), metricsOf(run.system.context).deliveries]).toEqual([1, 10]);
  });

  test('are lost from the first that the sockets do not hold, though a smaller one after it would fit', () => {
    const pubsub = ', socketBufferBytes: 2040, outputBuffer: { hardBytes: 2040, softBytes: 2040 }';
    // One of 1,504 B between messages of 204 B: three fit before it, and 800 B stay free.
    const more = '  - { at: 1025ms, send: { from: alice, to: general, bytes: 1504 } }\n';
    const run = ended({ ...flood, pubsub, more });
    expect([cuts(run), metricsOf(run.system.context).deliveries]).toEqual([1, 3]);
  });

  test('arrive again from a second after the server has read what the sockets held', () => {
    const pubsub = ', socketBufferBytes: 2040, outputBuffer: { hardBytes: 2040, softBytes: 2040 }';
    // Sent from 1 s to 10 s; the server reads again from 7 s on, and is back at about 8 s.
    const run = ended({ ...flood, times: 900, pubsub });
    expect(cuts(run)).toBe(1);
    const { deliveries } = metricsOf(run.system.context);
    expect(deliveries).toBeGreaterThan(10 + 195);
    expect(deliveries).toBeLessThan(10 + 205);
  });
});

describe('two shards, each with a channel, and a server that reads nothing for six seconds', () => {
  // Ten messages in the sockets of a connection, ten in its output buffer.
  const pubsub = ', socketBufferBytes: 2040, outputBuffer: { hardBytes: 2040, softBytes: 2040 }';
  const toOther = (times: number): string =>
    `  - { at: 1005ms, send: { from: alice, to: other, bytes: 204, times: ${times}, every: 10ms } }\n`;
  const flood = { shards: 2, bytes: 204, everyUs: 10_000, blockedS: 6, pubsub };

  test('twenty of each: a connection and a buffer for each shard take them all, where one shard loses half', () => {
    const both = { ...flood, times: 20, more: toOther(20) };
    const run = ended(both);
    expect([cuts(run), metricsOf(run.system.context).deliveries]).toEqual([0, 40]);
    const one = ended({ ...both, shards: 1 });
    expect([cuts(one), metricsOf(one.system.context).deliveries]).toEqual([1, 10]);
  });

  test('one shard that cuts the server off takes nothing of what the other has sent', () => {
    const run = ended({ ...flood, times: 500, more: toOther(20) });
    expect([cuts(run), metricsOf(run.system.context).deliveries]).toEqual([1, 10 + 20]);
  });
});
