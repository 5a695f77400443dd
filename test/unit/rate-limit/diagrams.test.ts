import { describe, expect, test } from 'vitest';
import { RATE_LIMIT_ALGORITHMS, rateLimit } from '../../../src/algorithms/rate-limit/config.ts';
import { rateLimitDecisions } from '../../../src/algorithms/rate-limit/decisions.ts';
import { STATE_FLOWS } from '../../../src/algorithms/rate-limit/states.ts';
import { rateLimitStates, rateLimitTimeline } from '../../../src/diagrams/rate-limit.ts';
import { rateLimitPlacement } from '../../../src/diagrams/rate-limit-placement.ts';
import { flowModel } from '../diagrams/mermaid-model.ts';
import { ganttModel, stateModel } from './mermaid-models.ts';

const S = 1_000_000;
const EXAMPLE = [0, 15, 20, 35, 55, 60, 65].map((t) => t * S);

const timeline = (
  algorithm: (typeof RATE_LIMIT_ALGORITHMS)[number],
  timesUs = EXAMPLE,
  limit = 5,
  windowUs = 60 * S,
) => {
  const config = rateLimit(algorithm, limit, windowUs);
  return rateLimitTimeline(config, rateLimitDecisions(config, timesUs));
};

describe('the timeline', () => {
  test('draws each request of the worked example while it counts, and the refused one as a mark', async () => {
    const { tasks } = await ganttModel(timeline('sliding-window-log'));
    const requests = tasks.filter((t) => t.section === 'Requests');
    expect(requests.map((t) => [t.from / 1000, t.to / 1000])).toEqual([
      [0, 60],
      [15, 75],
      [20, 80],
      [35, 95],
      [55, 115],
      [60, 60],
      [65, 125],
    ]);
    expect(requests.map((t) => t.milestone)).toEqual([false, false, false, false, false, true, false]);
    expect(requests[5]).toMatchObject({
      text: 'R6 at 60 s refused, counted 5 of 5, come back at 60.000001 s',
      crit: true,
    });
    const windows = tasks.filter((t) => t.section === 'Windows' && !t.vert);
    expect(windows.map((t) => [t.text, t.from / 1000, t.to / 1000])).toEqual([
      ['R6 looks back to 0 s, counts 5, refused', 0, 60],
      ['R7 looks back to 5 s, counts 4, allowed', 5, 65],
    ]);
    expect(tasks.filter((t) => t.vert).map((t) => [t.text, t.from])).toEqual([['R6', 60_000]]);
  });

  test.each(RATE_LIMIT_ALGORITHMS)(
    'is understood by Mermaid for %s, request by request',
    async (algorithm) => {
      const timesUs = Array.from({ length: 30 }, (_, i) => i * 3 * S);
      const decisions = rateLimitDecisions(rateLimit(algorithm, 5, 60 * S), timesUs);
      const { tasks } = await ganttModel(timeline(algorithm, timesUs));
      const requests = tasks.filter((t) => t.section === 'Requests' && !t.vert);
      expect(requests.map((t) => t.milestone)).toEqual(decisions.map((d) => !d.allowed));
      // A line at a refused request crosses as many bars as the limiter has counted.
      if (algorithm === 'fixed-window' || algorithm === 'sliding-window-log') {
        for (const d of decisions.filter((d) => !d.allowed)) {
          const at = d.timeUs / 1000;
          expect(requests.filter((t) => !t.milestone && t.from <= at && at <= t.to)).toHaveLength(d.counted);
        }
      }
    },
  );

  test.each([
    ['40us', 10, '%Q us', 1],
    ['20 ms', 5_000, '%s ms', 1],
    ['4 minutes', 60 * S, '%s s', 1 / 1000],
  ])('says the unit of its axis for %s', async (_, stepUs, axis, scale) => {
    const text = timeline('fixed-window', [0, stepUs, 2 * stepUs, 3 * stepUs], 3, 4 * stepUs);
    expect(text).toContain(`axisFormat ${axis}`);
    const { tasks } = await ganttModel(text);
    expect(tasks[1]!.from).toBe(stepUs * scale);
  });

  test('says how many requests it leaves out', async () => {
    const text = timeline(
      'sliding-window-log',
      Array.from({ length: 250 }, (_, i) => i * S),
    );
    expect(text).toContain('50 later requests left out');
    expect(text).toMatch(/section Windows, \d+ more left out/);
    const { tasks } = await ganttModel(text);
    expect(tasks.filter((t) => t.section === 'Requests')).toHaveLength(200);
    expect(text.length).toBeLessThan(50_000);
  });

  test('is a diagram even without requests', async () => {
    expect((await ganttModel(timeline('gcra', []))).tasks).toEqual([]);
  });
});

describe('the state flow', () => {
  test.each(RATE_LIMIT_ALGORITHMS)('of %s has its states and arrows', async (algorithm) => {
    const flow = STATE_FLOWS[algorithm];
    for (const limit of [1, 5]) {
      const model = await stateModel(rateLimitStates(flow, limit));
      const drawn = flow.transitions.filter((t) => limit === 1 || !t.onlyAtOne);
      expect(model.edges.map((e) => `${e.from} ${e.to}`).sort()).toEqual(
        ['root_start idle', ...drawn.filter((t) => t.from !== t.to).map((t) => `${t.from} ${t.to}`)].sort(),
      );
      for (const state of flow.states) expect(model.text(state.id)).toContain(state.label);
      for (const t of drawn.filter((t) => t.from === t.to)) expect(model.text(t.from)).toContain(t.when);
      for (const t of drawn.filter((t) => t.from !== t.to)) {
        const edge = model.edges.find((e) => e.from === t.from && e.to === t.to)!;
        expect(edge.label).toContain(t.when);
      }
    }
  });
});

describe('the placement', () => {
  const limit = { algorithm: 'sliding-window-log', limit: 5, windowUs: 60 * S } as const;

  test.each([
    ['gateway', ['WebSocket servers', 'Chat service', 'Database'], 'API gateway'],
    ['server', ['Chat service', 'Database'], 'WebSocket servers'],
    ['service', ['Chat service', 'Database'], 'Rate limiter'],
  ] as const)('at the %s protects what lies behind it', async (placement, behind, decider) => {
    const { vertices, edges, groups } = await flowModel(
      rateLimitPlacement({ placement, ...limit, whenDown: 'open' }),
    );
    const name = (id: string): string => vertices.find((v) => v.id === id)!.label;
    expect(groups.map((g) => g.title)).toEqual(['Protected by the limit']);
    expect(groups[0]!.members.map(name).sort()).toEqual([...behind].sort());
    const deciding = vertices.filter((v) => v.label.includes('decides here'));
    expect(deciding).toHaveLength(1);
    expect(deciding[0]!.label).toContain(decider);
    expect(deciding[0]!.label).toContain('5 in 60 s');
    expect(deciding[0]!.label.includes('fail open')).toBe(placement === 'service');
    const refusals = edges.filter((e) => e.label.startsWith('refused'));
    expect(refusals.map((e) => name(e.to))).toEqual(['Clients']);
  });

  test('without a limit protects nothing', async () => {
    const { groups, edges } = await flowModel(rateLimitPlacement({ placement: 'none' }));
    expect(groups).toEqual([]);
    expect(edges.some((e) => e.label.startsWith('refused'))).toBe(false);
  });
});
