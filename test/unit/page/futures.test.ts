import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { FuturesTask } from '../../../src/app/futures/futures-task.ts';
import {
  decidingJump,
  inevitableFrom,
  largestJumps,
  momentAt,
  spanOf,
  stepPath,
} from '../../../src/app/futures/jumps.ts';
import type { Port } from '../../../src/app/worker-link.ts';
import {
  answerFutures,
  type FuturesCurve,
  type FuturesReply,
  type FuturesRequest,
} from '../../../src/worker/futures.ts';

const curveOf = (...violated: readonly number[]): FuturesCurve => ({
  guarantee: 'no-loss',
  sinceUs: 100 * violated.length,
  events: 50,
  moments: violated.map((hits, i) => ({
    timeUs: 100 * i,
    events: i,
    futures: 10,
    violated: hits,
    low: 0,
    high: 1,
    since: null,
  })),
});

const request = (name: string, guarantee: string): FuturesRequest => ({
  opening: {
    type: 'open',
    fileName: `${name}.yaml`,
    text: readFileSync(`scenarios/${name}.yaml`, 'utf8'),
    seed: null,
    users: null,
    hand: [],
    atUs: 0,
  },
  guarantee,
});

function answered(name: string, guarantee: string): FuturesReply[] {
  const replies: FuturesReply[] = [];
  let nowMs = 0;
  answerFutures(
    request(name, guarantee),
    (reply) => replies.push(reply),
    () => nowMs++,
  );
  return replies;
}

describe('the curve of the futures on the page', () => {
  test('names the largest changes first, up and down, and where the end is certain', () => {
    const curve = curveOf(5, 5, 8, 7, 10, 10);
    expect(largestJumps(curve, 2).map(({ before, after }) => [before.timeUs, after.timeUs])).toEqual([
      [100, 200],
      [300, 400],
    ]);
    expect(largestJumps(curve, 9).length).toBe(3);
    expect(inevitableFrom(curve)?.timeUs).toBe(400);
    expect(inevitableFrom(curveOf(10, 9))).toBeNull();
    expect(inevitableFrom(curveOf(10, 10))?.timeUs).toBe(0);
  });

  test('names the last moment at which most futures still ended well, and has an axis of its own', () => {
    const deciding = decidingJump(curveOf(2, 6, 3, 4, 7, 10));
    expect([deciding?.before.timeUs, deciding?.after.timeUs]).toEqual([300, 400]);
    // Where most never did, it is the largest rise.
    expect(decidingJump(curveOf(5, 6, 5, 9, 10))?.after.timeUs).toBe(300);
    expect(decidingJump(curveOf(10, 10))).toBeNull();
    expect(decidingJump(curveOf(1, 1))?.after.timeUs).toBe(100);
    expect(spanOf(curveOf(0, 5, 10))).toBe(309);
  });

  test('is drawn as steps, because what a moment says holds until the next', () => {
    const path = stepPath(curveOf(0, 5, 10), 1_000, ({ violated }) => violated / 10);
    expect(path).toBe('M0.00 100.0H100.00V50.0H200.00V0.0');
    expect(momentAt(curveOf(0, 5, 10), 199)?.violated).toBe(5);
  });

  test('comes from the thread with its progress on the way, or a sentence why not', () => {
    const replies = answered('causal-reply', 'causal-order');
    expect(replies.length).toBeGreaterThan(10);
    expect(replies.slice(0, -1).every(({ type }) => type === 'progress')).toBe(true);
    expect(replies.at(-1)).toMatchObject({ type: 'curve', curve: { guarantee: 'causal-order' } });
    expect(answered('strong-global-order', 'no-loss')).toEqual([
      {
        type: 'refused',
        why: '3 k users are too many to try other futures of; with 2 k or fewer every message is judged',
      },
    ]);
    expect(answered('causal-reply', 'no-loss')[0]).toMatchObject({ type: 'refused' });
  });

  test('is forgotten when it is stopped, and the thread ends with it', () => {
    const ended: string[] = [];
    const ports: Port[] = [];
    const task = new FuturesTask(() => {
      const port: Port = {
        postMessage: () => {},
        onmessage: null,
        onerror: null,
        terminate: () => ended.push('ended'),
      };
      ports.push(port);
      return port;
    });
    task.ask(request('causal-reply', 'causal-order'));
    expect(task.state.current).toEqual({ is: 'working', guarantee: 'causal-order', share: 0 });
    task.stop();
    expect([task.state.current.is, ended.length, ports[0]!.onmessage]).toEqual(['nothing', 1, null]);
    task.ask(request('causal-reply', 'causal-order'));
    const reply: FuturesReply = { type: 'curve', curve: curveOf(1, 2) };
    ports[1]!.onmessage?.({ data: reply } as MessageEvent);
    expect([task.state.current.is, ended.length]).toEqual(['curve', 2]);
  });
});
