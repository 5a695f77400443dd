import { describe, expect, test } from 'vitest';
import { cellsOf, seedsOf, variedOf } from '../../../src/cli/sweep-grid.ts';
import type { SweepReport } from '../../../src/cli/sweep-report.ts';
import type { RunReport } from '../../../src/run/report.ts';
import { fanout } from './fanout.ts';

const VARY = ['--vary', 'design.ordering=best-effort,per-channel', '--vary', 'design.servers.count=3,4'];

const withoutClock = ({ wallSeconds: _, threads: __, ...report }: SweepReport) => ({
  ...report,
  cells: report.cells.map((cell) => ({
    ...cell,
    runs: cell.runs.map(({ wallSeconds: ___, ...run }) => run),
  })),
});

describe('a sweep', () => {
  test('makes the runs that the verb run makes, in the order of the grid, on however many threads', async () => {
    const args = ['sweep', 'out-of-order', ...VARY, '--seeds', '3,7', '--json'];
    const [two, one] = [await fanout(...args), await fanout(...args, '--threads', '1')];
    const report = JSON.parse(two.out) as SweepReport;
    expect(withoutClock(JSON.parse(one.out) as SweepReport)).toEqual(withoutClock(report));
    expect(report.cells.map(({ set }) => Object.values(set))).toEqual([
      ['best-effort', 3],
      ['best-effort', 4],
      ['per-channel', 3],
      ['per-channel', 4],
    ]);
    const cell = report.cells[2]!;
    expect(cell.runs.map(({ seed }) => seed)).toEqual([3, 7]);
    const set = ['--set', 'design.ordering=per-channel', '--set', 'design.servers.count=3'];
    const alone = await fanout('run', 'out-of-order', ...set, '--seed', '7', '--json');
    const { worldHash, traceHash, metrics } = JSON.parse(alone.out) as RunReport;
    expect(cell.runs[1]).toMatchObject({ worldHash, traceHash, metrics });
    const p99 = cell.runs.map((run) => run.metrics['delivery.p99.ms']).sort((a, b) => a - b);
    expect(cell.metrics['delivery.p99.ms']).toEqual({ min: p99[0], median: p99[0], max: p99[1] });
    // The scenario expects an order to be broken, which these designs keep.
    expect([two.status, cell.fallsShort, cell.guarantees['per-channel-order']]).toEqual([
      1,
      2,
      { holds: 2, violated: 0, unknown: 0 },
    ]);
  });

  test('shows a row a design, with what was broken and under which seed', async () => {
    const { out, status } = await fanout(
      'sweep',
      'one-message',
      '--seeds',
      '1..2',
      '--metric',
      'messages.acked',
    );
    expect(out).toMatch(/^one-message, version \S+: 1 design x 2 seeds = 2 runs in /);
    expect(out).toMatch(/as written +1/);
    expect(status).toBe(0);
  });

  test.each([
    [['--vary', 'design.ordering'], '--vary:1:1: "design.ordering" has no values'],
    [['--vary', 'design.ordering=causal,globl'], '--vary:1:17: '],
    [['--vary', 'design.ordering='], '--vary:1:17: design.ordering: a value is missing'],
    [['--vary', 'design.ordering=[causal'], '--vary:1:'],
    [['--seeds', '5..1'], '--seeds:1:1: "5..1" is no seed'],
    [['--seeds', '1..999999'], '--seeds:1:1: these are too many seeds'],
    [['--metric', 'delivery.p9.ms'], '--metric:1:1: there is no metric "delivery.p9.ms"'],
    [['--threads', '0'], '--threads:1:1: "0" is no number of threads'],
  ] as const)('runs nothing when %j cannot be used, and says where', async (args, begins) => {
    const { out, err, status } = await fanout('sweep', 'one-message', ...args);
    expect([out, status]).toEqual(['', 2]);
    expect(err).toContain(begins);
    expect(
      err
        .trim()
        .split('\n')
        .every((line) => line.includes('; ')),
    ).toBe(true);
  });
});

describe('the grid', () => {
  test('has every combination, the last setting varying fastest', () => {
    const varied = [variedOf('design.flow=[ack, persist],[persist, ack]'), variedOf('seed=1,2')];
    expect(cellsOf(varied, 1).map(({ set }) => set.map(({ value }) => value))).toEqual([
      [['ack', 'persist'], 1],
      [['ack', 'persist'], 2],
      [['persist', 'ack'], 1],
      [['persist', 'ack'], 2],
    ]);
    expect(() => cellsOf([...varied, ...varied], 1)).toThrow('varied twice');
  });

  test('reads seeds one by one and in ranges', () => {
    expect(seedsOf('7')).toEqual([7]);
    expect(seedsOf('1,5,9..12')).toEqual([1, 5, 9, 10, 11, 12]);
  });
});
