import { describe, expect, test } from 'vitest';
import { createRun } from '../../../src/run/run.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';
import { stationList } from '../../../src/system/design/stations.ts';

/** Three sequencers; the election takes a second. */
const text = (script: string): string => `scenario: election
title: Who leads
duration: 12s
design:
  servers: { count: 2 }
  rateLimit: none
  ordering: global
  sequencer: { replicas: 3, election: 1s }
workload:
  users: [alice, bob]
  channels: { named: { general: [alice, bob] } }
  messages: { perUserPerMinute: 0 }
  churnPerSecond: 0
script:
  - { at: 100ms, send: { from: alice, to: general, times: 110, every: 100ms } }
${script}`;

/** The sequencers that have given numbers within some seconds of the run. */
function leaders(script: string, fromS: number, toS: number): string[] {
  const run = createRun(parseScenario(text(script), 'election.yaml'));
  run.advance(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  const names = stationList(run.system.context.design).map(({ name }) => name);
  const found = [...run.system.context.watching.tracer.rows()]
    .filter(({ kind, timeUs }) => kind === 'arrive' && timeUs >= fromS * 1e6 && timeUs < toS * 1e6)
    .map(({ node }) => names[node] ?? '')
    .filter((name) => name.startsWith('sequencer'));
  return [...new Set(found)];
}

describe('of three sequencers', () => {
  test('the one with the highest number leads (Garcia-Molina 1982)', () => {
    expect(leaders('', 0, 12)).toEqual(['sequencer-3']);
  });

  test('the next lower one leads when it has died, after the time of an election', () => {
    const script = '  - { at: 3s, crash: sequencer-3, for: 4s }\n';
    expect(leaders(script, 0, 3)).toEqual(['sequencer-3']);
    expect(leaders(script, 3.1, 4)).toEqual([]);
    expect(leaders(script, 4.1, 7)).toEqual(['sequencer-2']);
  });

  test('the highest takes the lead again when it is back', () => {
    expect(leaders('  - { at: 3s, crash: sequencer-3, for: 4s }\n', 7.1, 12)).toEqual(['sequencer-3']);
  });

  test('the death of a lower one changes nothing', () => {
    expect(leaders('  - { at: 3s, crash: sequencer-1, for: 4s }\n', 3, 7)).toEqual(['sequencer-3']);
  });
});
