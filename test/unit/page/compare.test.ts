import { describe, expect, test } from 'vitest';
import {
  isWithinChance,
  metricDifferences,
  metricText,
  promiseDifferences,
} from '../../../src/app/compare/differences.ts';
import {
  fateInWords,
  fatesOf,
  rowsToRead,
  selectedInWords,
  twoFates,
} from '../../../src/app/compare/fates.ts';
import {
  type OpenedInfo,
  type PromiseFrame,
  type TraceRow,
  USER_NODE,
} from '../../../src/worker/protocol.ts';
import { actionThere } from '../../../src/worker/world-choice.ts';

const INFO = { userNames: ['alice', 'bob', 'carol'], users: 3, stations: [] } as unknown as OpenedInfo;

const row = (
  timeMs: number,
  kind: TraceRow['kind'],
  nth: number,
  more: Partial<TraceRow> = {},
): TraceRow => ({
  id: 0,
  timeUs: 1_000 * timeMs,
  kind,
  node: USER_NODE,
  peer: -1,
  sender: 0,
  nth,
  channel: 0,
  attempt: 0,
  seq: nth,
  cause: -1,
  departUs: 0,
  dueUs: 0,
  reason: 'none',
  ...more,
});
const bob = { node: USER_NODE + 1 };
const carol = { node: USER_NODE + 2 };

/** Two messages: bob is shown the second first. */
const SWAPPED = [
  row(0, 'send', 1),
  row(10, 'send', 2),
  row(30, 'deliver', 1, carol),
  row(31, 'ack', 1),
  row(40, 'deliver', 2, carol),
  row(55, 'deliver', 2, bob),
  row(75, 'deliver', 1, bob),
];
const words = (rows: readonly TraceRow[], key: string, members = 2): string =>
  fateInWords(fatesOf(rows, Number.POSITIVE_INFINITY).get(key), INFO, members);

describe('the fate of a message in words', () => {
  test('says to how many it was shown, after how long, and who was shown a later one before', () => {
    expect(words(SWAPPED, '0/1')).toBe(
      'shown to 2 of 2 after 30 ms to 75 ms; after a later one to bob; acknowledged after 31 ms',
    );
    expect(words(SWAPPED, '0/2')).toBe('shown to 2 of 2 after 30 ms to 45 ms; not acknowledged');
  });

  test('says what was lost and why; a copy that another one made superfluous is no loss', () => {
    const rows = [
      row(0, 'send', 1),
      row(20, 'drop', 1, { reason: 'link-loss' }),
      row(21, 'drop', 1, { reason: 'superseded' }),
      row(100, 'retry', 1),
      row(120, 'drop', 1, { reason: 'crashed' }),
      row(130, 'fail', 1),
    ];
    expect(words(rows, '0/1')).toBe(
      'shown to nobody of 2 so far; 1 copy lost: on a link; 1 copy lost: in the queue of a station that crashed; sent again 1 time; its sender gave up; not acknowledged',
    );
  });

  test('tells nothing of what has not happened yet', () => {
    expect(
      fatesOf(SWAPPED, 55_000)
        .get('0/1')
        ?.receipts.map(({ node }) => node),
    ).toEqual([USER_NODE + 2]);
    expect(words(SWAPPED, '0/3')).toBe('nothing of it is in the trace yet');
  });

  test('a user is told by what it was shown', () => {
    const fates = fatesOf(SWAPPED, Number.POSITIVE_INFINITY);
    const world = { info: INFO, fates, inspection: null };
    expect(selectedInWords({ kind: 'user', user: 1 }, world)).toBe(
      'was shown 2 traced messages, 1 of them after a later one',
    );
    expect(selectedInWords({ kind: 'station', node: 1 }, world)).toBeNull();
  });

  test('of a long trace only the rows of what is selected are read', () => {
    const long = Array.from({ length: 40_000 }, (_, i) => row(i, 'send', 1 + (i % 4)));
    expect(rowsToRead(SWAPPED, null)).toBe(SWAPPED);
    expect(rowsToRead(long, null)).toEqual([]);
    expect(rowsToRead(long, { kind: 'message', sender: 0, nth: 3 }).length).toBe(10_000);
  });
});

test('messages with two fates are found whatever their latency is', () => {
  const slower = SWAPPED.map((one) => ({ ...one, timeUs: 2 * one.timeUs }));
  const inOrder = SWAPPED.slice(0, 5).concat(row(55, 'deliver', 1, bob), row(75, 'deliver', 2, bob));
  const fates = (rows: readonly TraceRow[]) => fatesOf(rows, Number.POSITIVE_INFINITY);
  expect(twoFates(fates(SWAPPED), fates(slower))).toEqual([]);
  expect(twoFates(fates(SWAPPED), fates(inOrder))).toEqual([{ sender: 0, nth: 1 }]);
  expect(twoFates(fates(SWAPPED), fates([])).length).toBe(2);
});

describe('figures of two worlds', () => {
  test('differ by a sign, an amount with its unit, and a word', () => {
    const changes = metricDifferences(
      { deliveries: 90, 'delivery.p99.ms': 45, 'messages.sent': 3, 'cost.perHour.usd': 4.5, other: 1 },
      { deliveries: 60, 'delivery.p99.ms': 165.5, 'messages.sent': 3, 'cost.perHour.usd': 5, more: 2 },
    );
    expect(changes.map(({ name, change }) => [name, change])).toEqual([
      ['messages sent', null],
      ['deliveries', '− 30 fewer'],
      ['delivery latency, p99', '+ 121 ms longer'],
      ['cost in an hour', '+ $0.5 more'],
      ['other', 'in one world only'],
      ['more', 'in one world only'],
    ]);
    expect(metricText('database.busy.percent', 12.3456)).toBe('12.3 %');
  });

  test('are told from chance where they are counts: √(a + b) is what the same count differs by from run to run', () => {
    const changes = metricDifferences(
      {
        'messages.sent': 8_637,
        deliveries: 50,
        'deliveries.lost': 0,
        'database.busy.percent': 6.446,
        'sequencer.busy.percent': 6,
        x: 5,
      },
      {
        'messages.sent': 8_636,
        deliveries: 61,
        'deliveries.lost': 4,
        'database.busy.percent': 6.445,
        'sequencer.busy.percent': 10,
        x: 4,
      },
    );
    expect(changes.map(({ name, change, isChance }) => [name, change, isChance])).toEqual([
      ['messages sent', '≈ no more than chance', true],
      ['deliveries', '+ 11 more', undefined],
      ['deliveries lost', '+ 4 more', undefined],
      ['database.busy.percent', '≈ no more than chance', true],
      ['sequencer.busy.percent', '+ 4 % more', undefined],
      ['x', '− 1 fewer', undefined],
    ]);
    expect(isWithinChance(50, 60)).toBe(true);
    expect(isWithinChance(0, 1)).toBe(true);
    expect(isWithinChance(0, 2)).toBe(false);
  });

  test('promises are kept, broken, open, not at stake or not made', () => {
    const promise = (
      name: string,
      verdict: PromiseFrame['verdict'],
      violations = 0,
      judged = 3,
    ): PromiseFrame => ({
      name,
      verdict,
      violations,
      judged,
      grounds: '',
      sinceUs: null,
    });
    const first = [promise('no-loss', 'holds'), promise('global-order', 'violated', 2)];
    const second = [
      promise('no-loss', 'violated', 1),
      promise('global-order', 'holds'),
      promise('x', 'unknown'),
      promise('y', 'unknown', 0, 0),
    ];
    expect(
      promiseDifferences(first, second).map(({ first: here, second: there, change }) => [
        here,
        there,
        change,
      ]),
    ).toEqual([
      ['kept', 'broken once', '✗ broken here only'],
      ['broken 2 times', 'kept', '✓ kept here only'],
      ['not promised', 'open', '≠ different'],
      ['not promised', 'not at stake', '≠ different'],
    ]);
  });
});

test('a deed is done at the stations of the same name, of a link at those ends that are there', () => {
  const there = (node: number): number | null => (node === 2 ? null : node + 10);
  expect(actionThere({ do: 'crash', node: 1, forUs: null }, there)).toEqual({
    do: 'crash',
    node: 11,
    forUs: null,
  });
  expect(actionThere({ do: 'block', node: 2, forUs: 5 }, there)).toBeNull();
  const fault = { cut: true, loss: 0, duplicate: 0, reorder: 0, delayUs: 0 };
  const link = { do: 'link', from: [1, 2], to: [3], fault, forUs: null } as const;
  expect(actionThere(link, there)).toEqual({ ...link, from: [11], to: [13] });
  expect(actionThere({ ...link, to: [2] }, there)).toBeNull();
  expect(actionThere({ do: 'connect', user: 2 }, there)).toEqual({ do: 'connect', user: 2 });
});
