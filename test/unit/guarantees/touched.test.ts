import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ACK, DELIVER, END_QUIESCENT, JOIN, PERSIST, SEND } from '../../../src/guarantees/history.ts';
import { Judge } from '../../../src/guarantees/judge.ts';
import { createRun } from '../../../src/run/run.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';
import { createPromiseFrames } from '../../../src/worker/promise-frames.ts';

type Row = readonly [kind: number, message: number, user: number, channel: number];

function judged(rows: readonly Row[]): Judge {
  const judge = new Judge();
  rows.forEach(([kind, message, user, channel], i) => {
    judge.push(kind, message, user, channel, i);
  });
  return judge;
}

const members: readonly Row[] = [0, 1, 2].map((user) => [JOIN, 0, user, 0]);
const sent: readonly Row[] = [0, 1, 2].map((message) => [SEND, message, 0, 0]);
const shown = (message: number, user: number): Row => [DELIVER, message, user, 0];

describe('what the violations of a promise touch', () => {
  test('each message and user is counted once, however often it is hit', () => {
    const judge = judged([
      ...members,
      ...sent,
      ...[0, 0, 0, 1, 1].map((message) => shown(message, 1)),
      shown(0, 2),
      shown(0, 2),
    ]);
    expect(judge.verdictOf('no-duplicates').violations).toBe(4);
    expect(judge.touchedBy('no-duplicates')).toEqual({ messages: 2, users: 2 });
    expect(judge.touchedBy('no-phantoms')).toEqual({ messages: 0, users: 0 });
  });

  test('of two messages in the wrong order both count', () => {
    const judge = judged([...members, ...sent, shown(2, 1), shown(0, 1), shown(1, 1)]);
    expect(judge.touchedBy('per-sender-fifo')).toEqual({ messages: 3, users: 1 });
  });

  test('what is lost counts at the end, with those who miss it; what nobody was promised does not', () => {
    const rows: Row[] = [
      ...members,
      ...sent,
      [PERSIST, 0, 0, 0],
      [ACK, 0, 0, 0],
      [PERSIST, 1, 0, 0],
      [ACK, 1, 0, 0],
      shown(0, 1),
      shown(0, 2),
      shown(1, 2),
    ];
    expect(judged(rows).touchedBy('no-loss')).toEqual({ messages: 0, users: 0 });
    const judge = judged([...rows, [END_QUIESCENT, 0, 0, 0]]);
    expect(judge.verdictOf('no-loss').violations).toBe(1);
    expect(judge.touchedBy('no-loss')).toEqual({ messages: 1, users: 1 });
  });

  test('an order that is looked at up to its first violation only says so', () => {
    // So close together that the writes of one sender overtake each other in the database.
    const text = readFileSync('scenarios/out-of-order.yaml', 'utf8').replaceAll(
      'times: 3, every: 200ms',
      'times: 20, every: 1ms',
    );
    const run = createRun(parseScenario(text, 'out-of-order.yaml'));
    run.advance(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
    const { promiseOf } = createPromiseFrames(run);
    const frames = run.judge.final(run.nowUs).map(promiseOf);
    const of = (name: string) => frames.find((frame) => frame.name === name)?.touched;
    expect(of('per-channel-order')).toEqual({ messages: 2, users: 2, isAll: false });
    expect(of('per-sender-fifo')).toMatchObject({ users: 4, isAll: true });
    expect(of('no-loss')).toBeNull();
  });
});
