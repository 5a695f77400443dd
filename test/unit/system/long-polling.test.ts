import { describe, expect, test } from 'vitest';
import { metricsOf } from '../../../src/run/metrics-of.ts';
import { reportOf } from '../../../src/run/report.ts';
import { createRun, type Run } from '../../../src/run/run.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';
import { wireBytes } from '../../../src/system/design/protocol-bytes.ts';

const USERS = 400;
const SECONDS = 1_200;
const ONE_WAY_S = 0.05;

const TEXT = (protocol: string, workload = ''): string => `scenario: idle
title: Nobody says anything
duration: ${SECONDS}s
design:
  protocol: ${protocol}
  servers: { count: 4, receive: 20us, send: 10us }
  gateway: { service: 15us }
  rateLimit: none
  network: { clients: [{ name: wire, share: 1, latency: ${ONE_WAY_S * 1000}ms }], internal: 1ms }
workload:
  users: { count: ${USERS}, names: [alice, bob] }
  channels: { named: { general: [alice, bob] } }
  messages: { perUserPerMinute: 0 }
  churnPerSecond: 0
${workload}`;

function ran(text: string): Run {
  const run = createRun(parseScenario(text, 'idle.yaml'));
  run.advance(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  return run;
}

/** Microseconds of work at the servers and at the gateways. */
function workUs(run: Run): { servers: number; gateways: number } {
  const { stations, nodes } = run.system.context;
  const sum = (first: number, count: number): number =>
    stations.columns.busyUs.slice(first, first + count).reduce((a, b) => a + b, 0);
  return { servers: sum(nodes.firstServer, nodes.servers), gateways: sum(0, nodes.gateways) };
}

const egressUsd = (run: Run): number =>
  reportOf(run, 'idle', { version: '0', wallSeconds: 1, peakMemoryMB: 1 }).cost.egress;

describe('an idle client', () => {
  const polled = ran(TEXT('long-polling'));
  const pushed = ran(TEXT('websocket'));
  const polls = metricsOf(polled.system.context);
  const pings = metricsOf(pushed.system.context);

  test('by long polling asks again each time that its request was held for 30 s, a round trip later', () => {
    const cycles = (USERS * SECONDS) / (30 + 2 * ONE_WAY_S);
    expect(Math.abs(polls['polls.empty'] / cycles - 1)).toBeLessThan(0.01);
    expect(polls.polls).toBe(polls['polls.empty']);
    expect(polls['bytes.down']).toBe(polls['polls.empty'] * wireBytes(650));
    expect(polls['bytes.up']).toBe(polls.polls * wireBytes(650));
  });

  test('by long polling is work for its server and gateway: a request and an empty answer each time', () => {
    expect(workUs(polled)).toEqual({
      servers: polls.polls * (20 + 10),
      gateways: polls.polls * 15,
    });
  });

  test('by WebSocket pings every 25 s: 80 bytes up, 76 down', () => {
    const beats = (USERS * SECONDS) / 25;
    expect(Math.abs(pings['bytes.up'] / (80 * beats) - 1)).toBeLessThan(0.01);
    expect(Math.abs(pings['bytes.down'] / (76 * beats) - 1)).toBeLessThan(0.01);
    expect([pings.polls, pings['polls.empty']]).toEqual([0, 0]);
  });

  test('costs 7.9 times as much egress by long polling as by WebSocket, as the arithmetic says', () => {
    const byHand = wireBytes(650) / (30 + 2 * ONE_WAY_S) / (wireBytes(2) / 25);
    expect(byHand).toBeCloseTo(7.91, 1);
    expect(Math.abs(egressUsd(polled) / egressUsd(pushed) / byHand - 1)).toBeLessThan(0.01);
  });
});

test('a request that a message answers is not answered empty: the hold begins again with the next', () => {
  const talk = TEXT(
    'long-polling',
    'script:\n  - { at: 0s, send: { from: alice, to: general, times: 59, every: 20s } }\n',
  );
  const run = ran(talk);
  const metrics = metricsOf(run.system.context);
  const { deliveries } = metrics;
  expect(deliveries).toBe(59);
  const silent = metricsOf(ran(TEXT('long-polling')).system.context);
  expect(metrics.polls - metrics['polls.empty']).toBe(59);
  // The receiver of the 59 has no empty answer any more but one at each end at most; everybody else has as many as before.
  const fewer = silent['polls.empty'] - metrics['polls.empty'];
  expect(fewer).toBeGreaterThanOrEqual(38);
  expect(fewer).toBeLessThanOrEqual(40);
});

test('a client whose server is gone notices when its request is not answered in time', () => {
  const run = createRun(
    parseScenario(
      TEXT('long-polling', 'script:\n  - { at: 60s, cut: { from: bob, to: gateways } }\n'),
      'x.yaml',
    ),
  );
  const { context } = run.system;
  const connections = (): number => metricsOf(context).connections;
  run.advance(60e6, Number.POSITIVE_INFINITY);
  expect(connections()).toBe(USERS);
  // Its request is held for 30 s at most, and it waits 8 s for an answer that is late.
  run.advance((60 + 30 + 1 + 8) * 1e6, Number.POSITIVE_INFINITY);
  expect(connections()).toBe(USERS - 1);
});
