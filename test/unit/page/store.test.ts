import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countSeats } from '../../../src/views/store/count-seats.ts';
import { CurveColumns } from '../../../src/views/store/curve-columns.ts';
import { FrameLoop, type Tick } from '../../../src/views/store/frame-loop.ts';
import { FADE_MS, GLOW_MAX, Glow } from '../../../src/views/store/glow.ts';
import { STATE_CODE, StageStore } from '../../../src/views/store/stage-store.ts';
import {
  type CurvePoint,
  type Frame,
  type OpenedInfo,
  SEAT_STATES,
  type TraceRow,
} from '../../../src/worker/protocol.ts';

const INFO: OpenedInfo = {
  hand: [],
  scenario: 'test',
  title: 'A test',
  summary: '',
  teaches: [],
  seed: 1,
  users: 8,
  channels: 1,
  durationUs: 1_000_000,
  stations: [],
  crowd: { seatStart: [0, 8], seats: 16 },
  userNames: [],
  channelNames: [],
  lesson: [],
  worlds: ['here'],
  buildMs: 1,
  worldBytes: 1,
};

const point = (timeUs: number): CurvePoint => ({
  timeUs,
  sendsPerSecond: timeUs,
  deliveriesPerSecond: 0,
  p50Us: 0,
  p99Us: 0,
  connections: 0,
  refusalsPerSecond: 0,
  dropsPerSecond: 0,
});

const row = (id: number): TraceRow => ({
  id,
  timeUs: id,
  kind: 'send',
  node: 0,
  peer: -1,
  sender: 0,
  nth: 1,
  channel: 0,
  attempt: 0,
  seq: 0,
  cause: -1,
  departUs: id,
  dueUs: id,
  reason: 'none',
});

const frame = (over: Partial<Frame> = {}): Frame => ({
  timeUs: 0,
  state: 'playing',
  events: 0,
  eventsPerWallSecond: 0,
  virtualUsPerWallSecond: 0,
  seats: new Uint8Array(16),
  curve: [],
  curveReset: false,
  stations: [],
  atLeast: [],
  metrics: {},
  rows: [],
  rowsFrom: 0,
  rowsLeftOut: 0,
  lesson: { reached: 0, asking: null },
  promises: [],
  marks: [],
  ...over,
});

function opened(): StageStore {
  const store = new StageStore();
  store.open(INFO);
  return store;
}

describe('the store', () => {
  it('hands back the buffer of the frame before, so that two buffers are enough', () => {
    const store = opened();
    const first = new Uint8Array(16);
    store.take(frame({ seats: first }), [], 0);
    expect(store.take(frame({ timeUs: 1 }), [], 16)).toBe(first.buffer);
  });

  it('keeps rows up to where the frame says and replaces the others', () => {
    const store = opened();
    store.take(frame({ rows: [row(0), row(1), row(2)] }), [], 0);
    store.take(frame({ timeUs: 1, rowsFrom: 1, rows: [row(7)] }), [], 16);
    expect(store.rows.map(({ id }) => id)).toEqual([0, 7]);
  });

  it('forgets the curve after a rewind, and what glowed', () => {
    const store = opened();
    const seats = new Uint8Array(16);
    seats[3] = STATE_CODE['just-received'];
    store.take(frame({ timeUs: 500, seats, curve: [point(100), point(200), point(500)] }), [], 0);
    expect(store.glow.levels[3]).toBe(GLOW_MAX);
    store.take(frame({ timeUs: 250, curveReset: true }), [], 16);
    expect(store.curve.latestTimeUs).toBe(200);
    expect(store.glow.levels[3]).toBe(0);
  });

  it('lets nothing glow at a moment that stands but who has just received then', () => {
    const store = opened();
    const seats = new Uint8Array(16);
    seats[3] = STATE_CODE['just-received'];
    store.take(frame({ timeUs: 500, seats }), [], 0);
    store.take(frame({ timeUs: 510 }), [], 1);
    expect(store.glow.levels[3]).toBe(GLOW_MAX);
    store.take(frame({ timeUs: 520, state: 'paused' }), [], 2);
    expect(store.glow.levels[3]).toBe(0);
  });

  it('lets nothing glow that is no longer just now at the same moment', () => {
    const store = opened();
    const seats = new Uint8Array(16);
    seats[3] = STATE_CODE['just-received'];
    store.take(frame({ timeUs: 500, seats, state: 'paused', justNowUs: 400_000 }), [], 0);
    expect(store.glow.levels[3]).toBe(GLOW_MAX);
    store.take(frame({ timeUs: 500, state: 'paused', justNowUs: 80_000 }), [], 1);
    expect(store.glow.levels[3]).toBe(0);
  });

  it('follows a crowd that has been laid out anew', () => {
    const store = opened();
    store.take(frame({ seats: new Uint8Array(40), crowd: { seatStart: [0, 20], seats: 40 } }), [], 0);
    expect(store.info?.crowd.seats).toBe(40);
    expect(store.glow.levels).toHaveLength(40);
    expect(store.summary.current.counts?.blocks).toHaveLength(2);
  });

  it('renders text a few times a second while it plays, and at once when it stops', () => {
    const store = opened();
    let renders = 0;
    store.summary.subscribe(() => renders++);
    for (let i = 1; i <= 60; i++) store.take(frame({ timeUs: i }), [], i * 16);
    expect(renders).toBeGreaterThan(4);
    expect(renders).toBeLessThan(12);
    const before = renders;
    store.take(frame({ timeUs: 61, state: 'paused' }), [], 61 * 16);
    expect(renders).toBe(before + 1);
  });

  it('keeps marks and promises the same object as long as they say the same', () => {
    const store = opened();
    const marks = () => [{ timeUs: 1, kind: 'say' as const, text: 'hello' }];
    store.take(frame({ marks: marks(), state: 'paused' }), [], 0);
    const first = store.summary.current.marks;
    store.take(frame({ marks: marks(), state: 'paused' }), [], 16);
    expect(store.summary.current.marks).toBe(first);
    store.take(frame({ marks: [], state: 'paused' }), [], 32);
    expect(store.summary.current.marks).toHaveLength(0);
  });

  it('knows who sits in the seats that were asked about', () => {
    const store = opened();
    store.take(frame({ occupants: Int32Array.of(4, -1) }), [2, 9], 0);
    expect(store.occupants.get(2)).toBe(4);
    expect(store.occupants.get(9)).toBe(-1);
  });
});

describe('the counts of seats', () => {
  it('are those of counting one by one, block by block', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 0, maxLength: 400, max: SEAT_STATES.length - 1 }),
        fc.array(fc.nat({ max: 400 }), { maxLength: 4 }),
        (seats, cuts) => {
          const inner = cuts.map((cut) => Math.min(cut, seats.length)).sort((a, b) => a - b);
          const starts = [0, ...inner, seats.length];
          const { total, blocks } = countSeats(seats, starts);
          for (const [code] of SEAT_STATES.entries()) {
            expect(total[code]).toBe(seats.filter((state) => state === code).length);
            for (const [b, counts] of blocks.entries()) {
              const part = seats.subarray(starts[b], starts[b + 1]);
              expect(counts[code]).toBe(part.filter((state) => state === code).length);
            }
          }
        },
      ),
    );
  });
});

describe('the glow', () => {
  const received = STATE_CODE['just-received'];

  it('fades within the same time whatever the frame rate', () => {
    for (const stepMs of [7, 16, 33, 90]) {
      const glow = new Glow(5);
      glow.update(Uint8Array.of(1, 1, received, 1, 1), 0);
      const still = new Uint8Array(5).fill(1);
      let passedMs = 0;
      while (glow.levels[2]! > 0 && passedMs < 5_000) {
        glow.update(still, stepMs);
        passedMs += stepMs;
      }
      expect(passedMs).toBeGreaterThanOrEqual(FADE_MS - 1);
      expect(passedMs).toBeLessThan(FADE_MS + 2 * stepMs);
    }
  });

  it('stands still when no time passes', () => {
    const glow = new Glow(4);
    glow.update(Uint8Array.of(received, 1, 1, 1), 0);
    glow.update(Uint8Array.of(1, 1, 1, 1), 0);
    expect(glow.levels[0]).toBe(GLOW_MAX);
  });

  it('four seats at a time fade as one by one', () => {
    const seats = Uint8Array.from({ length: 4099 }, (_, i) => (i * 7919 + (i >> 3)) % SEAT_STATES.length);
    const unaligned = new Uint8Array(new ArrayBuffer(4104), 1, 4099);
    unaligned.set(seats);
    const [fast, slow] = [new Glow(4099), new Glow(4099)];
    for (let frame = 0; frame < 40; frame++) {
      for (const of of [seats, unaligned]) of.copyWithin(0, 3);
      const elapsedMs = [0, 7, 16, 33, 120, 450][frame % 6]!;
      fast.update(seats, elapsedMs);
      slow.update(unaligned, elapsedMs);
      expect(fast.levels).toEqual(slow.levels);
    }
    expect(new Set(fast.levels).size).toBeGreaterThan(2);
  });
});

describe('the curve', () => {
  it('finds and cuts by time', () => {
    const curve = new CurveColumns();
    curve.push(Array.from({ length: 3_000 }, (_, i) => point(10 * (i + 1))));
    expect(curve.length).toBe(3_000);
    expect(curve.after(9)).toBe(0);
    expect(curve.after(10)).toBe(1);
    curve.truncate(105);
    expect([curve.length, curve.latestTimeUs]).toEqual([10, 100]);
    expect(curve.column('sendsPerSecond')[9]).toBe(100);
  });
});

describe('the frame loop', () => {
  function loopByHand(onError?: (error: unknown) => void) {
    const asked: Tick[] = [];
    const loop = new FrameLoop((tick) => asked.push(tick), onError);
    return { loop, asked, tick: () => asked.shift()?.(0) };
  }

  it('runs actions before redraws and sleeps until it is asked again', () => {
    const { loop, asked, tick } = loopByHand();
    const order: string[] = [];
    loop.addRedraw(() => order.push('redraw'));
    loop.addAction(() => order.push('action'));
    loop.request();
    loop.request();
    expect(asked).toHaveLength(1);
    tick();
    expect(order).toEqual(['action', 'redraw']);
    expect(asked).toHaveLength(0);
  });

  it('goes on with the other pictures when one throws', () => {
    const errors: unknown[] = [];
    const { loop, tick } = loopByHand((error) => errors.push(error));
    let drawn = 0;
    loop.addRedraw(() => {
      throw new Error('broken');
    });
    loop.addRedraw(() => drawn++);
    tick();
    expect([drawn, errors.length]).toEqual([1, 1]);
  });

  it('lets an action ask for the next tick', () => {
    const { loop, asked, tick } = loopByHand();
    loop.addAction(() => loop.request());
    loop.request();
    tick();
    expect(asked).toHaveLength(1);
  });
});
