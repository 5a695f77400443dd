import { describe, expect, test } from 'vitest';
import { type FirstWorld, Twin } from '../../../src/app/twin.ts';
import type { Port } from '../../../src/app/worker-link.ts';
import { WorldLine } from '../../../src/app/world-line.ts';
import { LIGHT } from '../../../src/views/palette.ts';
import { FrameLoop, type Tick } from '../../../src/views/store/frame-loop.ts';
import { Value } from '../../../src/views/store/value.ts';
import { createEngine } from '../../../src/worker/engine.ts';
import type { Reply, Request, Selection, WorldChoice } from '../../../src/worker/protocol.ts';
import { ASKS, SMALL } from '../worker/page.ts';

/** A worker without a thread: the engine with a clock of its own, each look at which takes `lookMs`. */
class EnginePort implements Port {
  onmessage: ((event: MessageEvent) => void) | null = null;
  onerror: ((event: ErrorEvent) => void) | null = null;
  readonly engine;
  readonly requests: Request[] = [];
  #nowMs = 0;
  #later: (() => void)[] = [];
  #replies: Reply[] = [];

  constructor(lookMs: number) {
    this.engine = createEngine({
      post: (reply) => this.#replies.push(structuredClone(reply)),
      now: () => {
        this.#nowMs += lookMs;
        return this.#nowMs;
      },
      later: (callback, afterMs) => {
        this.#later.push(() => {
          this.#nowMs += afterMs;
          callback();
        });
      },
    });
  }

  postMessage(message: unknown): void {
    this.requests.push(message as Request);
    this.engine.receive(structuredClone(message) as Request);
  }

  terminate(): void {
    this.#later = [];
  }

  /** One slice of work, and what was said. */
  turn(): void {
    this.#later.shift()?.();
    for (const reply of this.#replies.splice(0)) this.onmessage?.({ data: reply } as MessageEvent);
  }
}

/** The first world as the Lab drives it, without a screen. */
class First implements FirstWorld {
  #tick: Tick | null = null;
  readonly loop = new FrameLoop((tick) => {
    this.#tick = tick;
  });
  readonly line = new WorldLine(this.loop);
  readonly store = this.line.store;
  readonly palette = new Value(LIGHT);
  readonly selection = new Value<Selection | null>(null);
  readonly hop = new Value<number | null>(null);
  readonly witness = new Value(null);
  readonly rateLimitLab = new Value<string | null>(null);
  readonly reducedMotion = new Value(false);
  readonly status = new Value('');
  readonly port = new EnginePort(0.5);
  speed = 1_000_000;
  twin: Twin | null = null;
  twinPort: EnginePort | null = null;
  /** The moments that were on the screen, of both worlds at a time. */
  readonly shown: (readonly [number, number])[] = [];
  #open: Extract<Request, { type: 'open' }>;

  constructor(text: string) {
    this.#open = { type: 'open', fileName: 'test.yaml', text, seed: null, users: null, hand: [], atUs: 0 };
    this.line.open(this.port, this.#open, (notice) => {
      if (notice.type === 'opened') this.line.opened(notice.info);
      if (notice.type === 'acted') this.twin?.doThere(notice.atUs, notice.action);
    });
    this.loop.addAction((nowMs) => {
      if (!this.line.isOpened) return;
      const { arrived } = this.line;
      const mayShow = this.twin?.turn(nowMs, arrived) ?? true;
      if (arrived !== null && mayShow) {
        this.line.show(nowMs);
        if (this.twin?.follows && arrived.frame.state !== 'rewinding' && arrived.isCurrent())
          this.shown.push([this.store.timeUs, this.twin.store.timeUs]);
      }
      this.line.ask({ selection: this.selection.current }, true);
    });
    this.settle(() => this.line.isShown);
  }

  compare(choice: WorldChoice, lookMs = 0.5): Twin {
    this.twinPort = new EnginePort(lookMs);
    this.twin = new Twin(this, choice, this.twinPort, { ...this.#open, atUs: this.store.timeUs });
    return this.twin;
  }

  settle(until: () => boolean): void {
    for (let i = 0; i < 50_000; i++) {
      if (until()) return;
      this.port.turn();
      this.twinPort?.turn();
      this.loop.request();
      const tick = this.#tick;
      this.#tick = null;
      tick?.(i * 16);
    }
    throw new Error(`never settles: ${this.store.timeUs} and ${this.twin?.store.timeUs}`);
  }

  play(speed: number): void {
    this.speed = speed;
    this.line.send({ type: 'play', virtualUsPerSecond: speed });
  }

  goTo(timeUs: number): void {
    this.twin?.goThere(timeUs);
    this.line.send({ type: 'goTo', timeUs });
  }

  limit(untilUs: number): void {
    this.line.tell({ type: 'limit', untilUs });
  }

  look(): void {
    this.line.refresh();
  }

  select(selection: Selection | null): void {
    this.selection.set(selection);
    this.line.refresh();
  }

  act(action: Parameters<FirstWorld['act']>[0]): void {
    this.line.send({ type: 'act', action });
  }

  nameSeats(): void {}
  showWitness(): void {}
  askFutures(): void {}

  bothAt(timeUs: number): boolean {
    return this.store.timeUs === timeUs && this.twin?.store.timeUs === timeUs;
  }
}

const COMPARED = `${SMALL}compare:
  - { name: two servers, set: { design.servers.count: 2 } }
  - { name: in order, set: { design.ordering: per-channel } }
`;
const SAME: WorldChoice = { kind: 'set', path: 'design.retry.cap', value: '9s' };

describe('a world beside another', () => {
  test('every moment that is shown while it plays is the same in both, also when the second is ten times as slow', () => {
    const first = new First(COMPARED);
    first.compare({ kind: 'named', name: 'in order' }, 5);
    first.settle(() => first.twin!.follows);
    first.play(1_000_000);
    first.settle(() => first.store.timeUs > 4e6);
    expect(first.shown.length).toBeGreaterThan(20);
    expect(first.shown.filter(([here, there]) => here !== there)).toEqual([]);
    first.play(Number.POSITIVE_INFINITY);
    first.settle(() => first.bothAt(8e6));
    expect(first.shown.filter(([here, there]) => here !== there)).toEqual([]);
  });

  test('the first waits for the second to be built, and goes on alone when that is closed', () => {
    const first = new First(COMPARED);
    const twin = first.compare({ kind: 'named', name: 'in order' });
    first.play(1_000_000);
    for (let i = 0; i < 20; i++) first.port.turn();
    expect(first.port.engine.run?.nowUs).toBe(0);
    first.settle(() => twin.store.timeUs > 1e6);
    twin.close();
    first.twin = null;
    first.settle(() => first.store.timeUs > 3e6);
  });

  test('a copy that is told the same deeds is the same run, after a rewind too: its trace is that of the first', () => {
    const first = new First(COMPARED);
    first.compare(SAME);
    first.settle(() => first.twin!.follows);
    first.goTo(3_500_000);
    first.settle(() => first.bothAt(3_500_000));
    first.act({ do: 'disconnect', user: 0, forUs: null });
    first.act({ do: 'send', user: 1, channel: 0, bytes: 100 });
    first.settle(() => first.twinPort!.engine.run!.hand.length === 2);
    first.goTo(1_000_000);
    first.settle(() => first.bothAt(1_000_000));
    first.goTo(6_000_000);
    first.settle(() => first.bothAt(6_000_000));
    const [here, there] = [first.port.engine.run!, first.twinPort!.engine.run!];
    expect(there.hand).toEqual(here.hand);
    expect(there.traceHash()).toBe(here.traceHash());
  });

  test('a station goes by its name: what is broken in one world is broken in the other, or said to be missing', () => {
    const first = new First(COMPARED);
    const twin = first.compare({ kind: 'named', name: 'two servers' });
    first.settle(() => twin.follows);
    const nodeIn = (world: FirstWorld | Twin, name: string): number =>
      world.store.info!.stations.find((station) => station.name === name)!.node;
    expect(nodeIn(first, 'database')).not.toBe(nodeIn(twin, 'database'));
    first.select({ kind: 'station', node: nodeIn(first, 'database') });
    expect(twin.selection.current).toEqual({ kind: 'station', node: nodeIn(twin, 'database') });
    first.act({ do: 'crash', node: nodeIn(first, 'database'), forUs: null });
    first.settle(() => first.twinPort!.engine.run!.hand.length === 1);
    expect(first.twinPort!.engine.run!.hand[0]!.action).toMatchObject({ node: nodeIn(twin, 'database') });
    first.act({ do: 'crash', node: nodeIn(first, 'ws-server-3'), forUs: null });
    first.settle(() => first.status.current !== '');
    expect(first.status.current).toBe('Done in one world only: "two servers" has no such station.');
    expect(first.twinPort!.engine.run!.hand.length).toBe(1);
    first.select({ kind: 'station', node: nodeIn(first, 'ws-server-3') });
    expect(twin.selection.current).toBeNull();
  });

  test('the second passes over the questions that the first asks', () => {
    const first = new First(ASKS);
    const twin = first.compare({ kind: 'set', path: 'design.ordering', value: 'per-channel' });
    first.settle(() => twin.follows);
    first.play(1_000_000);
    first.settle(() => first.bothAt(2e6));
    for (let i = 0; i < 50; i++) first.port.turn();
    expect(first.store.summary.current.lesson.asking).toBe(1);
    first.line.send({ type: 'answer', step: 1 });
    first.play(1_000_000);
    first.settle(() => first.bothAt(3e6));
  });

  test.each([
    [{ kind: 'named', name: 'out of order' }, /there is no world out of order.*two servers, in order/],
    [{ kind: 'set', path: 'design.ordering', value: 'sideways' }, /sideways/],
    [{ kind: 'set', path: 'design.nothing', value: '1' }, /nothing/],
    [{ kind: 'set', path: 'design.ordering', value: '{ a: [' }, /set design\.ordering/],
  ] as const)('a world that cannot be is refused in a line: %j', (choice, line) => {
    const first = new First(COMPARED);
    const twin = first.compare(choice);
    first.settle(() => twin.state.current.is === 'failed');
    const state = twin.state.current;
    expect(state.is === 'failed' ? state.problems.join('\n') : '').toMatch(line);
    first.play(1_000_000);
    first.settle(() => first.store.timeUs > 1e6);
  });
});
