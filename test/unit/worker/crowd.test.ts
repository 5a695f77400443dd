import { describe, expect, test } from 'vitest';
import { createRun, type Run } from '../../../src/run/run.ts';
import { parseScenario } from '../../../src/scenario/parse.ts';
import { NO_SERVER, serverOf } from '../../../src/system/state/user-word.ts';
import { type Crowd, createCrowd } from '../../../src/worker/crowd.ts';
import { SEAT_STATES } from '../../../src/worker/protocol.ts';

const TOWN_HALL = `scenario: hall
title: Everybody in one channel
duration: 20s
seed: 3
design:
  gateway: { count: 1, balancing: least-connections }
  servers: { count: 4, send: 100us }
  pubsub: { kind: redis, shards: 1 }
  rateLimit: { algorithm: token-bucket, limit: 1, window: 60s, burst: 1 }
  delivery: at-least-once
  heartbeat: { interval: 1s, timeout: 1s }
  reconnect: { backoff: constant, base: 200ms }
workload:
  users: { count: 400, names: [ceo] }
  channels: { everyone: hall, private: 0 }
  messages: { perUserPerMinute: 0 }
  churnPerSecond: 0
script:
  - { at: 1s, send: { from: ceo, to: hall } }
  - { at: 2s, send: { from: ceo, to: hall } }
  - { at: 4s, crash: ws-server-1 }
  - { at: 4s, crash: ws-server-2 }
  - { at: 4s, crash: ws-server-3 }
`;

const start = (): { run: Run; crowd: Crowd } => {
  const run = createRun(parseScenario(TOWN_HALL, 'test.yaml'), { snapshotBytes: 1e9 });
  return { run, crowd: createCrowd(run.system) };
};

const counts = (codes: Uint8Array): Record<string, number> => {
  const all: Record<string, number> = {};
  for (const code of codes) all[SEAT_STATES[code]!] = (all[SEAT_STATES[code]!] ?? 0) + 1;
  return all;
};

/** Everybody has one seat, nobody shares one, and a connected user sits with its server. */
const everybodySits = (run: Run, crowd: Crowd): void => {
  const { users } = run.system.context;
  const seats = new Set<number>();
  for (let user = 0; user < 400; user++) {
    const seat = crowd.seatOf(user);
    seats.add(seat);
    expect(crowd.occupant(seat)).toBe(user);
    const server = serverOf(users.pair[2 * user]!);
    if (server === NO_SERVER) continue;
    const { seatStart, seats: end } = crowd.info;
    expect(seat).toBeGreaterThanOrEqual(seatStart[server]!);
    expect(seat).toBeLessThan(seatStart[server + 1] ?? end);
  }
  expect(seats.size).toBe(400);
};

describe('the crowd', () => {
  test('nobody has received or sent anything at the start, nor by a heartbeat', () => {
    const { run, crowd } = start();
    expect(counts(crowd.fill(0, 50_000))).toMatchObject({ online: 400 });
    run.advance(990_000, Number.POSITIVE_INFINITY);
    expect(counts(crowd.fill(run.nowUs, 50_000))).toMatchObject({ online: 400 });
  });

  test('a message to everybody passes as a wave: a part has it, then another, then all', () => {
    const { run, crowd } = start();
    let most = 0;
    let ever = new Set<number>();
    for (let timeUs = 1_000_000; timeUs < 1_400_000; timeUs += 5_000) {
      run.advance(timeUs, Number.POSITIVE_INFINITY);
      const codes = crowd.fill(timeUs, 5_000);
      let now = 0;
      for (const [seat, code] of codes.entries())
        if (SEAT_STATES[code] === 'just-received') {
          now++;
          ever = ever.add(crowd.occupant(seat));
        }
      most = Math.max(most, now);
    }
    expect(ever.size).toBeGreaterThanOrEqual(399);
    expect(most).toBeGreaterThan(20);
    expect(most).toBeLessThan(399);
  });

  test('who sends is seen to, and who is refused', () => {
    const { run, crowd } = start();
    run.advance(1_010_000, Number.POSITIVE_INFINITY);
    expect(counts(crowd.fill(run.nowUs, 50_000))['just-sent']).toBe(1);
    run.advance(3_000_000, Number.POSITIVE_INFINITY);
    const codes = crowd.fill(run.nowUs, 50_000);
    expect(SEAT_STATES[codes[crowd.seatOf(0)]!]).toBe('refused');
  });

  test('those of a dead server are cut off where they sat, and then come to others, for whom room is made', () => {
    const { run, crowd } = start();
    const before = crowd.info;
    crowd.fill(0, 50_000);
    const seat = crowd.seatOf(0);
    run.advance(4_000_000, Number.POSITIVE_INFINITY);
    expect(counts(crowd.fill(run.nowUs, 50_000))['server-down']).toBe(300);
    expect(crowd.seatOf(0)).toBe(seat);
    run.advance(20_000_000, Number.POSITIVE_INFINITY);
    const codes = crowd.fill(run.nowUs, 50_000);
    expect(counts(codes)).toMatchObject({ online: 399, refused: 1 });
    expect(crowd.info).not.toBe(before);
    everybodySits(run, crowd);
  });

  test('who has closed the app is away, and who comes back has a seat again', () => {
    const { run, crowd } = start();
    run.act({ do: 'disconnect', user: 7, forUs: 500_000 });
    const away = crowd.fill(run.nowUs, 50_000);
    expect(counts(away)).toMatchObject({ offline: 1, online: 399 });
    expect(crowd.seatOf(7)).toBeGreaterThanOrEqual(crowd.info.seatStart[4]!);
    run.advance(900_000, Number.POSITIVE_INFINITY);
    expect(counts(crowd.fill(run.nowUs, 50_000))).toMatchObject({ online: 400 });
    everybodySits(run, crowd);
  });

  test('those of a dead server keep their seats until another one has them', () => {
    const { run, crowd } = start();
    crowd.fill(0, 50_000);
    const seats = Array.from({ length: 400 }, (_, user) => crowd.seatOf(user));
    run.advance(4_150_000, Number.POSITIVE_INFINITY);
    const codes = crowd.fill(run.nowUs, 50_000);
    const { users } = run.system.context;
    let waiting = 0;
    for (let user = 0; user < 400; user++) {
      if (serverOf(users.pair[2 * user]!) !== NO_SERVER) continue;
      waiting++;
      expect(crowd.seatOf(user)).toBe(seats[user]);
      expect(['server-down', 'refused', 'resuming']).toContain(SEAT_STATES[codes[seats[user]!]!]);
    }
    expect(waiting).toBeGreaterThan(200);
  });

  test('a crowd looked at in parts comes to the same as one looked at as a whole', () => {
    const { run, crowd } = start();
    const whole = createCrowd(run.system);
    for (let timeUs = 1_000_000; timeUs <= 6_000_000; timeUs += 100_000) {
      run.advance(timeUs, Number.POSITIVE_INFINITY);
      for (let part = 0; part < 3; part++) crowd.fill(timeUs, 50_000, 3);
      expect(counts(crowd.fill(timeUs, 50_000, 7))).toEqual(counts(whole.fill(timeUs, 50_000)));
    }
  });

  test('after a rewind everybody sits right again', () => {
    const { run, crowd } = start();
    for (const timeUs of [1e6, 4.1e6, 6e6, 20e6]) {
      run.advance(timeUs, Number.POSITIVE_INFINITY);
      run.keepSnapshot();
      crowd.fill(timeUs, 50_000);
      everybodySits(run, crowd);
    }
    run.rewindTo(1_000_000);
    expect(counts(crowd.fill(run.nowUs, 50_000))['server-down']).toBeUndefined();
    everybodySits(run, crowd);
  });
});
