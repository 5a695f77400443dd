import { describe, expect, test } from 'vitest';
import { formatReport } from '../../../src/cli/report-text.ts';
import { reportOf } from '../../../src/run/report.ts';
import { createRun } from '../../../src/run/run.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';
import { costOf, PRICES, sumOf, type Usage } from '../../../src/system/design/cost.ts';
import { openedInfo } from '../../../src/worker/opened-info.ts';

const USAGE: Usage = {
  gatewayWorkers: 16,
  servers: 10,
  shards: 4,
  serviceWorkers: 64,
  limiterWorkers: 1,
  sequencers: 3,
  tls: 'gateway',
  connections: 250_000,
  newConnections: 1_440_000,
  bytesUp: 1e9,
  bytesDown: 9e9,
  writes: 1e6,
  reads: 2e6,
  messageBytes: 200,
};

describe('what a design costs in an hour', () => {
  test('is what one reckons by hand', () => {
    const cost = costOf(USAGE);
    // 16 + 10 x 8 + 4 x 4 + 64 + 1 + 3 = 180 vCPU, at $2.32 for 64.
    expect(cost.compute).toBeCloseTo(6.525, 9);
    // 2.5 units by connections, 0.5 by 400 new a second, 10 by 10 GB: $0.0225 + 10 x $0.006.
    expect(cost.loadBalancer).toBeCloseTo(0.0825, 9);
    // A million writes and two million reads.
    expect(cost.database).toBeCloseTo(0.625 + 0.25, 9);
    // 9 GB an hour are 6,570 GB a month, all in the first tier.
    expect(cost.egress).toBeCloseTo(0.81, 9);
    expect(sumOf(cost)).toBeCloseTo(8.2925, 9);
  });

  test('has egress in tiers: 177 TB a month are $12,650, where the first tier alone would be $15,930', () => {
    const { egress } = costOf({ ...USAGE, bytesDown: 177e12 / 730 });
    // 10 TB at 0.09, 40 at 0.085, 100 at 0.07, 27 at 0.05.
    expect(egress * 730).toBeCloseTo(900 + 3_400 + 7_000 + 1_350, 6);
  });

  test('has load balancer units by what is most, and database units by size', () => {
    const units = (more: Partial<Usage>): number =>
      (costOf({ ...USAGE, bytesUp: 0, bytesDown: 0, ...more }).loadBalancer - 0.0225) / 0.006;
    expect(units({ connections: 1e6 })).toBeCloseTo(10, 9);
    expect(units({ newConnections: 8_000 * 3_600 })).toBeCloseTo(10, 9);
    expect(units({ connections: 1e6, newConnections: 0, tls: 'balancer' })).toBeCloseTo(1e6 / 3_000, 9);
    expect(units({ connections: 0, newConnections: 500 * 3_600, tls: 'balancer' })).toBeCloseTo(10, 9);
    expect(costOf({ ...USAGE, messageBytes: 5_000 }).database).toBeCloseTo(5 * 0.625 + 2 * 0.25, 9);
  });

  test('grows with each part of the system by itself', () => {
    const before = sumOf(costOf(USAGE));
    for (const part of Object.keys(USAGE) as (keyof Usage)[]) {
      if (['connections', 'newConnections', 'messageBytes', 'tls'].includes(part)) continue;
      expect(sumOf(costOf({ ...USAGE, [part]: Number(USAGE[part]) * 2 })), part).toBeGreaterThan(before);
    }
  });
});

const TEXT = `scenario: alone
title: Somebody is in no channel
duration: 10s
workload:
  users: 1000
  channels: { private: 100 }
  messages: { perUserPerMinute: 60 }
`;

describe('who reads a report', () => {
  const run = createRun(parseScenario(TEXT, 'alone.yaml'));
  run.advance(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  const report = reportOf(run, 'as written', { version: '0', wallSeconds: 1, peakMemoryMB: 1 });
  const { topology } = run.system.context;
  const silent = Array.from(
    { length: 1000 },
    (_, user) => topology.userStart[user + 1]! - topology.userStart[user]!,
  ).filter((memberships) => memberships === 0).length;

  test('sees the cost item by item, and the prices with their source and date', () => {
    const { compute, loadBalancer, database, egress } = report.cost;
    expect(compute + loadBalancer + database + egress).toBeCloseTo(report.metrics['cost.perHour.usd'], 2);
    const text = formatReport(report);
    for (const price of PRICES) expect(text).toContain(price);
    expect(text).toMatch(/compute \$[\d.]+, load balancer \$[\d.]+, database \$[\d.]+, egress \$[\d.]+/);
    for (const price of PRICES.slice(0, -1)) expect(price).toMatch(/20\d\d|c7g/);
  });

  test('is told how many users are in no channel and never send', () => {
    expect(silent).toBeGreaterThan(700);
    expect(report.usersInNoChannel).toBe(silent);
    expect(formatReport(report)).toContain(`${silent} of 1,000 users are in no channel: they never send`);
    expect(openedInfo(run, null as never, 0)).toMatchObject({ usersInNoChannel: silent, prices: PRICES });
  });
});
