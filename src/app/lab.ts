import { createActor } from 'xstate';
import { follow } from '../views/sequence/step-graph.ts';
import { type ShownWitness, type Stage, selectionKey } from '../views/stage.ts';
import { FrameLoop } from '../views/store/frame-loop.ts';
import { StageStore } from '../views/store/stage-store.ts';
import { Value } from '../views/store/value.ts';
import type { HandAction } from '../worker/address.ts';
import type {
  Action,
  DoneByHand,
  Look,
  PromiseFrame,
  Proof,
  Request,
  Selection,
  Watch,
} from '../worker/protocol.ts';
import type { SharedRun } from '../worker/read-token.ts';
import { FuturesTask, startFuturesWorker } from './futures/futures-task.ts';
import { lessonMachine } from './lesson/lesson.machine.ts';
import { playerMachine } from './player.machine.ts';
import { firstSpeed } from './speed.ts';
import { startWorker } from './start-worker.ts';
import { mediaValue, Theme } from './theme.ts';
import { type Notice, type Port, WorkerLink } from './worker-link.ts';

/** A scenario to be opened, and how far. */
export interface Opening {
  readonly name: string;
  readonly fileName: string;
  readonly text: string;
  /** The token that it came in, and what else the token says; null: it is in the library. */
  readonly shared?: (Pick<SharedRun, 'overrides' | 'choices'> & { readonly token: string }) | null;
  readonly seed: number | null;
  readonly users: number | null;
  readonly hand: readonly HandAction[];
  readonly atUs: number;
  readonly speed: number | null;
  readonly selection: Selection | null;
  /** Begin to play as soon as it is there. */
  readonly play: boolean;
}

/** What the worker is asked to open. */
function openRequest(opening: Opening, hand: readonly HandAction[]): Extract<Request, { type: 'open' }> {
  const { fileName, text, shared, seed, users, atUs } = opening;
  const { overrides = [], choices = null } = shared ?? {};
  return { type: 'open', fileName, text, seed, users, hand, overrides, choices, atUs };
}

/** Up to this many users every message is traced; of more only what is selected. */
const TRACE_ALL_UP_TO = 1_000;

/**
 * The page's one object: it owns the worker, the store, the player and what is selected, and is all that the components talk to.
 */
export class Lab implements Stage {
  readonly store = new StageStore();
  readonly loop: FrameLoop;
  readonly player = createActor(playerMachine);
  readonly lesson = createActor(lessonMachine);
  readonly theme = new Theme();
  readonly palette = this.theme.palette;
  readonly selection = new Value<Selection | null>(null);
  readonly hop = new Value<number | null>(null);
  readonly witness = new Value<ShownWitness | null>(null);
  readonly picture = new Value('crowd');
  readonly rateLimitLab = new Value<string | null>(null);
  readonly reducedMotion = mediaValue('(prefers-reduced-motion: reduce)');
  readonly opening = new Value<Opening | null>(null);
  readonly deeds = new Value<readonly DoneByHand[]>([]);
  /** The hashes that were asked for last. */
  readonly proof = new Value<Proof | null>(null);
  /** When a broken promise became inevitable. */
  readonly futures: FuturesTask;
  /** The last thing that happened, for the status line and for screen readers. */
  readonly status = new Value('');
  readonly #startWorker: () => Port;
  #link: WorkerLink | null = null;
  #opened = false;
  /** The first frame has arrived. */
  #shown = false;
  #spare = new ArrayBuffer(0);
  /** What is on the screen is older than the worker's state. */
  #stale = false;
  #seatsToName: readonly number[] = [];
  /** The same by the picture that asks. */
  readonly #seatsOf = new Map<string, readonly number[]>();
  #playAgain = false;
  #asking: number | null = null;

  constructor(start: () => Port = startWorker, startFutures: () => Port = startFuturesWorker) {
    this.#startWorker = start;
    this.futures = new FuturesTask(startFutures);
    this.loop = new FrameLoop((tick) => requestAnimationFrame(tick));
    this.loop.addAction((nowMs) => this.#tick(nowMs));
    this.player.start();
    this.lesson.start();
    this.store.summary.subscribe(() => this.#listen());
    document.addEventListener('visibilitychange', () => this.#onVisibility());
  }

  open(opening: Opening): void {
    this.#link?.close();
    this.futures.stop();
    this.#opened = false;
    this.#shown = false;
    this.store.close();
    this.selection.set(opening.selection);
    this.hop.set(null);
    this.witness.set(null);
    this.deeds.set([]);
    this.lesson.send({ type: 'OPENED' });
    this.status.set('');
    this.opening.set(opening);
    this.player.send({ type: 'OPEN', speed: opening.speed ?? 1_000_000 });
    const link = new WorkerLink(
      this.#startWorker(),
      (notice) => this.#onNotice(notice, opening),
      () => this.loop.request(),
    );
    this.#link = link;
    link.send(openRequest(opening, opening.hand));
  }

  /** Stops what is being built or run. */
  close(): void {
    this.#link?.close();
    this.futures.stop();
    this.#link = null;
    this.#opened = false;
    this.store.close();
    this.opening.set(null);
    this.player.send({ type: 'CLOSE' });
    this.loop.request();
  }

  play(): void {
    if (!this.#opened) return;
    const { value, context } = this.player.getSnapshot();
    if (value === 'asking' || value === 'failed') return;
    if (value === 'ended') this.#command({ type: 'goTo', timeUs: 0 });
    this.player.send({ type: 'PLAY' });
    this.#command({ type: 'play', virtualUsPerSecond: context.speed });
  }

  pause(): void {
    this.player.send({ type: 'PAUSE' });
    this.#command({ type: 'pause' });
  }

  togglePlay(): void {
    if (this.player.getSnapshot().value === 'playing') this.pause();
    else this.play();
  }

  step(by: 'event' | 'message'): void {
    this.player.send({ type: 'STEP' });
    this.#command({ type: 'step', by });
  }

  goTo(timeUs: number): void {
    if (!this.#opened) return;
    const durationUs = this.store.info?.durationUs ?? 0;
    this.player.send({ type: 'GO_TO' });
    this.#command({ type: 'goTo', timeUs: Math.min(durationUs, Math.max(0, Math.round(timeUs))) });
  }

  setSpeed(speed: number): void {
    this.player.send({ type: 'SPEED', speed });
    if (this.player.getSnapshot().value === 'playing')
      this.#command({ type: 'play', virtualUsPerSecond: speed });
  }

  /** Lets the run go on after a question. */
  answer(step: number): void {
    this.lesson.send({ type: 'GO_ON' });
    this.player.send({ type: 'ANSWER' });
    this.#command({ type: 'answer', step });
    this.#command({ type: 'play', virtualUsPerSecond: this.player.getSnapshot().context.speed });
  }

  act(action: Action, atUs?: number): void {
    if (atUs !== undefined) this.player.send({ type: 'GO_TO' });
    this.#command({ type: 'act', action, ...(atUs === undefined ? {} : { atUs }) });
  }

  /** What was done by hand, by its place in the list, was never done. */
  undo(place: number): void {
    this.player.send({ type: 'GO_TO' });
    this.#command({ type: 'undo', place });
  }

  prove(): void {
    this.proof.set(null);
    this.#command({ type: 'proof' });
  }

  showWitness(promise: PromiseFrame | null): void {
    if (promise === null || promise.witness == null || promise.sinceUs === null) {
      this.witness.set(null);
    } else {
      const { name, sinceUs, witness } = promise;
      this.witness.set({ promise: name, sinceUs, witness });
      if (this.picture.current !== 'space-time') this.show('sequence');
      this.goTo(sinceUs);
    }
    this.#refresh();
  }

  askFutures(promise: string): void {
    const opening = this.opening.current;
    if (opening === null || !this.#opened) return;
    const hand = this.deeds.current.map(({ atUs, action }) => ({ atUs, action }));
    this.futures.ask({ opening: openRequest(opening, hand), guarantee: promise });
  }

  select(selection: Selection | null): void {
    // Whoever looks at other messages has done with the broken promise; a station can be looked into beside it.
    if (selection?.kind !== 'station' && selection?.kind !== 'seat') this.witness.set(null);
    if (selectionKey(selection) === selectionKey(this.selection.current)) return;
    this.selection.set(selection);
    this.#watch();
    this.#refresh();
  }

  show(picture: string): void {
    this.picture.set(picture);
    this.loop.request();
  }

  nameSeats(seats: readonly number[], asker: string): void {
    const before = this.#seatsOf.get(asker) ?? [];
    if (seats.length === before.length && seats.every((seat, i) => seat === before[i])) return;
    this.#seatsOf.set(asker, seats);
    this.#seatsToName = [...new Set([...this.#seatsOf.values()].flat())];
    this.#refresh();
  }

  /** Goes from the watched row to its cause, or to the first row that it caused. Says so when there is none. */
  followHop(to: 'cause' | 'consequence'): void {
    const { rows, timeUs } = this.store;
    const row = rows.find((one) => one.id === this.hop.current);
    if (row === undefined) {
      const last = rows.findLast((one) => one.timeUs <= timeUs && one.kind !== 'forward');
      if (last === undefined)
        this.status.set('Nothing is traced yet: select a user or a message to watch it.');
      else this.hop.set(last.id);
      return;
    }
    const next = follow(rows, row, to);
    if (next === null)
      this.status.set(to === 'cause' ? 'This has no cause in the trace.' : 'Nothing followed from this yet.');
    else this.hop.set(next);
  }

  get live(): boolean {
    const state = this.player.getSnapshot().value;
    return state === 'playing' || state === 'rewinding' || (this.#opened && !this.#shown);
  }

  #command(request: Parameters<WorkerLink['send']>[0]): void {
    if (this.#link === null || !this.#opened) return;
    this.#link.send(request);
    this.#refresh();
  }

  #refresh(): void {
    this.#stale = true;
    this.loop.request();
  }

  #watch(): void {
    const { info } = this.store;
    if (info === null) return;
    const selection = this.selection.current;
    const watch: Watch = {
      messages: selection?.kind === 'message' ? [{ sender: selection.sender, nth: selection.nth }] : [],
      users: selection?.kind === 'user' ? [selection.user] : [],
      channels: selection?.kind === 'channel' ? [selection.channel] : [],
      oneIn: info.users <= TRACE_ALL_UP_TO ? 1 : 0,
    };
    this.#command({ type: 'watch', watch });
  }

  #tick(nowMs: number): void {
    const link = this.#link;
    if (link === null || !this.#opened) return;
    const taken = link.takeFrame();
    if (taken !== null) {
      this.#spare = this.store.take(taken.frame, taken.look.seats, nowMs);
      if (!this.#shown) {
        this.#shown = true;
        const { play, atUs } = this.opening.current ?? { play: false, atUs: 0 };
        this.player.send({ type: 'OPENED', play, going: atUs > 0 });
      }
      if (taken.current) this.player.send({ type: 'FRAME', state: taken.frame.state });
      const found = taken.frame.inspection?.selection;
      // A seat was pressed: from now on its user is followed, wherever it sits.
      if (this.selection.current?.kind === 'seat' && found !== undefined && found.kind !== 'seat')
        this.select(found);
    }
    if (!link.waiting && (this.live || this.#stale)) {
      this.#stale = false;
      const look: Look = { selection: this.selection.current, seats: this.#seatsToName };
      link.askFrame(this.#spare, look);
    }
    if (this.live) this.loop.request();
  }

  /** The model asks, or has stopped asking. */
  #listen(): void {
    const { asking } = this.store.summary.current.lesson;
    if (asking === this.#asking) return;
    this.#asking = asking;
    this.lesson.send(asking === null ? { type: 'NOT_ASKED' } : { type: 'ASKED', step: asking });
  }

  #onNotice(notice: Notice, opening: Opening): void {
    switch (notice.type) {
      case 'building':
        this.player.send({ type: 'BUILDING', what: notice.what, share: notice.share });
        break;
      case 'rewinding':
        this.player.send({ type: 'REWINDING', share: notice.share });
        break;
      case 'refused':
        this.player.send({ type: 'REFUSED', problems: notice.problems });
        break;
      case 'failed':
        this.player.send({ type: 'FAILED', message: notice.message });
        break;
      case 'proof':
        this.proof.set(notice.proof);
        break;
      case 'declined':
        this.status.set(notice.message);
        break;
      case 'acted':
        // The curve is of the run without it.
        this.futures.stop();
        this.deeds.set([
          // What was done later than now, before a rewind, is forgotten.
          ...this.deeds.current.filter((deed) => deed.atUs <= notice.atUs),
          { atUs: notice.atUs, action: notice.action, line: notice.line },
        ]);
        this.status.set(`Done. In a script: ${notice.line}`);
        this.#refresh();
        break;
      case 'undone':
        this.futures.stop();
        this.deeds.set(notice.hand);
        this.status.set('Undone. The run is as if it had never been done.');
        this.#refresh();
        break;
      case 'opened': {
        this.#opened = true;
        this.store.open(notice.info);
        this.deeds.set(notice.info.hand);
        this.#spare = new ArrayBuffer(notice.info.crowd.seats);
        const speed = opening.speed ?? firstSpeed(notice.info.durationUs);
        this.player.send({ type: 'SPEED', speed });
        this.player.send({ type: 'BUILDING', what: 'the first picture', share: 1 });
        this.#watch();
        if (opening.play) this.#command({ type: 'play', virtualUsPerSecond: speed });
        this.#refresh();
        break;
      }
    }
  }

  /** Nobody watches a hidden page: the simulation waits. */
  #onVisibility(): void {
    if (document.hidden && this.player.getSnapshot().value === 'playing') {
      this.#playAgain = true;
      this.pause();
    } else if (!document.hidden && this.#playAgain) {
      this.#playAgain = false;
      this.play();
    }
  }
}
