import { beforeAll, describe, expect, it } from 'vitest';
import { messageFlow } from '../../../src/diagrams/message-flow.ts';
import { toHistory } from '../../../src/export/history.ts';
import { toJsonLines } from '../../../src/export/json-lines.ts';
import { toPerfetto } from '../../../src/export/perfetto.ts';
import { toShiViz } from '../../../src/export/shiviz.ts';
import { parseHistory } from '../../../src/guarantees/history-reader.ts';
import { checkHistory } from '../../../src/guarantees/judge.ts';
import { createRun, type Run } from '../../../src/run/run.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';
import { namesOf } from '../../../src/system/design/names.ts';
import { type Station, stationList } from '../../../src/system/design/stations.ts';
import { readHops } from '../../../src/trace/hops.ts';
import type { Names, TraceRow } from '../../../src/trace/trace.ts';
import { sequenceModel } from '../diagrams/mermaid-model.ts';
import { readBack } from './read-back.ts';
import { processTrace } from './trace-processor.ts';

/** What a run of the simulation leaves, with a crash, a lossy link, refusals and a member who comes back, is written and read back. */
const SCENARIO = `
scenario: everything-at-once
title: Everything at once
summary: A crash, a lossy link, refusals, a member who comes back.
teaches: [delivery-guarantees]
seed: 11
duration: 20s
design:
  gateway: { count: 2 }
  servers: { count: 3 }
  pubsub: { kind: redis, shards: 2 }
  rateLimit: { algorithm: sliding-window-log, limit: 3, window: 10s }
workload:
  users: [alice, bob, carol, dan, erin, frank, grace, heidi]
  channels: { named: { general: [alice, bob, carol, dan, erin, frank, grace, heidi], pair: [alice, bob] } }
  messages: { perUserPerMinute: 40 }
  churnPerSecond: 0
script:
  - { at: 2s, disconnect: dan, for: 3s }
  - { at: 5s, crash: ws-server-2, for: 2s }
  - { at: 8s, link: { from: ws-servers, to: [bob, carol, alice], loss: 20%, duplicate: 0.1 }, for: 6s }
`;

let run: Run;
let rows: readonly TraceRow[];
let names: Names;
let stations: readonly Station[];

beforeAll(() => {
  const scenario = parseScenario(SCENARIO, 'everything.yaml');
  run = createRun(scenario);
  run.advance(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  rows = run.system.context.watching.tracer.rows();
  names = namesOf(scenario.design, scenario.workload);
  stations = stationList(scenario.design);
});

describe('the trace of a run', () => {
  it('has what the tests below are about', () => {
    const kinds = new Set(rows.map((row) => row.kind));
    for (const kind of ['ack', 'nack', 'deliver', 'drop', 'crash', 'retry', 'resume'] as const)
      expect(kinds).toContain(kind);
  });

  it('as JSON Lines is read back row by row', () => {
    expect(readBack([...toJsonLines(rows, names)])).toEqual(rows);
  });

  it('as a history gets the verdicts that the run has got', () => {
    const extras = run.judge.forHistory();
    const text = [...toHistory(rows, names, { ...extras, endUs: run.nowUs })].join('');
    const events = parseHistory(text, 'history.jsonl');
    expect(events.filter((e) => e.type === 'send').length).toBe(
      rows.filter((row) => row.kind === 'send').length,
    );
    const own = run.judge.final(run.nowUs);
    const { limit, windowUs, boundary } = run.scenario.design.rateLimit!;
    const judged = checkHistory(events, undefined, { limit, windowUs, boundary });
    expect(judged.map((v) => [v.name, v.verdict, v.violations])).toEqual(
      own.map((v) => [v.name, v.verdict, v.violations]),
    );
  });

  it('for Perfetto is a file without errors, with an arrow for every hop that arrived', () => {
    const { errors, arrows } = processTrace([...toPerfetto(rows, names, stations)].join(''));
    expect(errors).toEqual([]);
    expect(arrows.length).toBe(readHops(rows).hops.filter((hop) => hop.outcome === 'arrived').length);
  });

  it('for ShiViz has clocks that know each cause', () => {
    const [, , ...lines] = [...toShiViz(rows, names)].join('').split('\n');
    const clocks = rows.map((_, i) => {
      const at = lines[2 * i]!;
      return {
        host: at.slice(0, at.indexOf(' ')),
        clock: JSON.parse(at.slice(at.indexOf(' ') + 1)) as Record<string, number>,
      };
    });
    const byId = new Map(rows.map((row, i) => [row.id, i]));
    rows.forEach((row, i) => {
      const cause = byId.get(row.cause);
      if (cause === undefined) return;
      const [earlier, later] = [clocks[cause]!, clocks[i]!];
      for (const [host, time] of Object.entries(earlier.clock))
        expect(later.clock[host]).toBeGreaterThanOrEqual(time);
      expect(earlier.clock[later.host] ?? 0).toBeLessThan(later.clock[later.host]!);
    });
  });

  it('leaves no departure of a hop without an end, but for what is under way when it ends', () => {
    const { hops } = readHops(rows);
    const open = hops.filter((hop) => hop.outcome === 'under-way');
    expect(open.filter((hop) => hop.endUs <= run.nowUs)).toEqual([]);
    const departures = rows.filter((row) => row.kind === 'forward').length;
    expect(
      hops.filter((hop) => hop.departRow >= 0 && rows[hop.departRow]!.kind === 'forward' && !hop.copy).length,
    ).toBe(departures);
  });

  it('is drawn, each message by itself, in text that Mermaid understands', async () => {
    const messages = new Map(
      rows.filter((row) => row.kind === 'send').map((row) => [`${row.sender}/${row.nth}`, row]),
    );
    for (const { sender, nth } of [...messages.values()].slice(0, 40)) {
      const text = messageFlow(rows, names, { stations, message: { sender, nth } });
      const { steps, participants } = await sequenceModel(text);
      expect(steps.filter((step) => step.kind === 'arrow').length).toBeGreaterThan(1);
      expect(participants.length).toBeGreaterThan(1);
      expect(steps.length).toBe(text.split('\n').length - participants.length - 2);
      expect(text).not.toMatch(/forward|undefined|NaN|node-/);
    }
  });
});
