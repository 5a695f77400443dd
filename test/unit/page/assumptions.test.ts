import { expect, test } from 'vitest';
import { createRun } from '../../../src/run/run.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';
import { isAssumption, PARAMETERS } from '../../../src/system/design/parameters.ts';
import { designSettings, openedInfo } from '../../../src/worker/opened-info.ts';
import type { CrowdInfo } from '../../../src/worker/protocol.ts';

const scenario = parseScenario(
  `scenario: assumed
title: Assumed
duration: 1s
design:
  database: { queue: 77 }
  rateLimit: { limit: 5, window: 10s, placement: service }
workload: { users: 4, channels: { private: 2 } }
`,
  'assumed.yaml',
);

test('the list of all settings says of which the standard is an assumption', () => {
  const settings = new Map(designSettings(scenario).map((setting) => [setting.path, setting]));
  expect(settings.get('design.database.queue')).toMatchObject({
    value: '77',
    changed: true,
    isAssumption: true,
  });
  expect(settings.get('design.gateway.workers')).toMatchObject({ changed: false, isAssumption: true });
  expect(settings.get('design.heartbeat.interval')).toMatchObject({ changed: false, isAssumption: false });
  for (const { path, isAssumption: is } of settings.values()) {
    const parameter = PARAMETERS.find((one) => one.path === path);
    expect([path, is]).toEqual([path, parameter !== undefined && isAssumption(parameter)]);
  }
});

test('the inspector is told which numbers of a station are assumptions: those that the scenario does not give', () => {
  const { stations } = openedInfo(createRun(scenario), {} as CrowdInfo, 0);
  const of = (name: string) => stations.find((station) => station.name === name)?.assumed;
  expect(of('database')).toEqual(['workers']);
  expect(of('chat-service')).toEqual(['workers', 'queue']);
  expect(of('ws-server-1')).toEqual(['queue']);
});

test('at most 55 in a hundred parameters are assumptions', () => {
  expect(PARAMETERS.filter(isAssumption).length / PARAMETERS.length).toBeLessThanOrEqual(0.55);
});
