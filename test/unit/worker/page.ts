import { createEngine } from '../../../src/worker/engine.ts';
import type { Frame, Look, OpenedInfo, Reply, Request } from '../../../src/worker/protocol.ts';

/**
 * A page without a screen, and an engine with a clock that the test turns: each look at it takes a fixed time, and waiting is a jump. So a run of the
 * engine is the same each time.
 */
export class TestPage {
  readonly replies: Reply[] = [];
  readonly #engine;
  #nowMs = 0;
  readonly #waiting: { readonly atMs: number; readonly callback: () => void }[] = [];
  #seats = new ArrayBuffer(0);

  constructor(lookMs = 0.5) {
    this.#engine = createEngine({
      post: (reply, transfer) => {
        // What is handed over must be what the reply holds.
        if (reply.type === 'frame' && transfer[0] !== reply.frame.seats.buffer)
          throw new Error('not handed over');
        this.replies.push(reply);
      },
      now: () => {
        this.#nowMs += lookMs;
        return this.#nowMs;
      },
      later: (callback, afterMs) => {
        this.#waiting.push({ atMs: this.#nowMs + afterMs, callback });
      },
    });
  }

  /** Of the world's bytes. */
  worldHash(): string {
    return this.#engine.run?.worldHash() ?? 'no world';
  }

  send(request: Request): void {
    this.#engine.receive(request);
  }

  open(text: string, more: Partial<Extract<Request, { type: 'open' }>> = {}): OpenedInfo {
    this.send({
      type: 'open',
      fileName: 'test.yaml',
      text,
      seed: null,
      users: null,
      hand: [],
      atUs: 0,
      ...more,
    });
    const opened = this.replies.findLast((reply) => reply.type === 'opened');
    if (opened?.type !== 'opened') throw new Error(`not opened: ${JSON.stringify(this.replies.at(-1))}`);
    return opened.info;
  }

  /** One callback of the engine. False when it waits for nothing. */
  turn(): boolean {
    const next = this.#waiting.shift();
    if (next === undefined) return false;
    this.#nowMs = Math.max(this.#nowMs, next.atMs);
    next.callback();
    return true;
  }

  /** Lets the engine work until it waits for nothing or the condition holds. */
  work(until: () => boolean = () => false): void {
    for (let i = 0; i < 1_000_000; i++) if (until() || !this.turn()) return;
    throw new Error('the engine never comes to rest');
  }

  frame(look?: Look): Frame {
    this.send({ type: 'frame', seats: this.#seats, ...(look === undefined ? {} : { look }) });
    const reply = this.replies.at(-1);
    if (reply?.type !== 'frame') throw new Error(`no frame: ${JSON.stringify(reply)}`);
    this.#seats = reply.frame.seats.buffer as ArrayBuffer;
    return reply.frame;
  }

  of<T extends Reply['type']>(type: T): Extract<Reply, { type: T }>[] {
    return this.replies.filter((reply): reply is Extract<Reply, { type: T }> => reply.type === type);
  }
}

export const SMALL = `scenario: small
title: Forty people in four channels
duration: 8s
seed: 5
design:
  gateway: { count: 2, balancing: round-robin }
  servers: { count: 3 }
  pubsub: { kind: redis, shards: 2 }
  rateLimit: { algorithm: sliding-window-log, limit: 3, window: 2s }
  heartbeat: { interval: 2s, timeout: 1s }
workload:
  users: { count: 40, names: [alice, bob, carol] }
  channels:
    named: { general: [alice, bob, carol] }
    private: 10
    groups: { count: 3, size: 12 }
  messages: { perUserPerMinute: 30 }
script:
  - { at: 0s, say: Welcome. }
  - { at: 2s, crash: ws-server-2, for: 2s }
  - { at: 3s, send: { from: alice, to: general } }
  - { when: { message: alice/1, is: delivered, to: bob }, say: Bob has it. }
`;

export const ASKS = `scenario: asks
title: A question
duration: 4s
design:
  gateway: { count: 1 }
  servers: { count: 2 }
  pubsub: { kind: redis, shards: 1 }
workload:
  users: [alice, bob]
  channels: { named: { pair: [alice, bob] } }
  messages: { perUserPerMinute: 0 }
script:
  - { at: 1s, send: { from: alice, to: pair } }
  - { at: 2s, ask: What now?, choices: [this, that], answer: 2, explain: That. }
  - { crash: ws-server-1, for: 1s }
  - { at: 3s, pause: true }
  - { at: 3s, send: { from: bob, to: pair } }
`;
