import { createActor } from 'xstate';
import { follow } from '../views/sequence/step-graph.ts';
import { type ShownWitness, selectionKey } from '../views/stage.ts';
import { FrameLoop } from '../views/store/frame-loop.ts';
import { Value } from '../views/store/value.ts';
import type { WitnessName } from '../worker/address.ts';
import { justNowUs } from '../worker/pace.ts';
import type {
  Action,
  DoneByHand,
  Frame,
  PromiseFrame,
  Proof,
  Selection,
  Watch,
  WorldChoice,
} from '../worker/protocol.ts';
import { FuturesTask, startFuturesWorker } from './futures/futures-task.ts';
import { lessonMachine } from './lesson/lesson.machine.ts';
import { whyNotSelected } from './link-there.ts';
import { type Opening, openRequest } from './opening.ts';
import { playerMachine } from './player.machine.ts';
import { firstSpeed } from './speed.ts';
import { startWorker } from './start-worker.ts';
import { mediaValue, Theme } from './theme.ts';
import { type FirstWorld, Twin } from './twin.ts';
import { waitWhileHidden } from './wait-while-hidden.ts';
import type { Notice, Port } from './worker-link.ts';
import { WorldLine } from './world-line.ts';

/** Up to this many users every message is traced; of more only what is selected. */
const TRACE_ALL_UP_TO = 1_000;

/**
 * The page's one object: it owns the worker, the store, the player and what is selected, and is all that the components talk to.
 */
export class Lab implements FirstWorld {
  readonly loop: FrameLoop;
  readonly player = createActor(playerMachine);
  readonly lesson = createActor(lessonMachine);
  readonly theme = new Theme();
  readonly palette = this.theme.palette;
  readonly selection = new Value<Selection | null>(null);
  readonly hop = new Value<number | null>(null);
  readonly witness = new Value<ShownWitness | null>(null);
  readonly picture = new Value('crowd');
  readonly beside = new Value<string | null>(null);
  readonly rateLimitLab = new Value<string | null>(null);
  /** The whole page, the stage with big type for a room, or one picture in another page. */
  readonly mode = new Value<'page' | 'present' | 'embed'>('page');
  readonly reducedMotion = mediaValue('(prefers-reduced-motion: reduce)');
  readonly opening = new Value<Opening | null>(null);
  readonly deeds = new Value<readonly DoneByHand[]>([]);
  /** The hashes that were asked for last. */
  readonly proof = new Value<Proof | null>(null);
  /** The world beside this one, as it is asked for; its run, once this one is there. */
  readonly comparison = new Value<WorldChoice | null>(null);
  readonly twin = new Value<Twin | null>(null);
  /** When a broken promise became inevitable. */
  readonly futures: FuturesTask;
  /** The last thing that happened, for the status line and for screen readers. */
  readonly status = new Value('');
  readonly #startWorker: () => Port;
  readonly #line: WorldLine;
  readonly store;
  /** The broken promise of a link that has not been found yet. */
  #wanted: WitnessName | null = null;
  #asking: number | null = null;

  constructor(start: () => Port = startWorker, startFutures: () => Port = startFuturesWorker) {
    this.#startWorker = start;
    this.futures = new FuturesTask(startFutures);
    this.loop = new FrameLoop((tick) => requestAnimationFrame(tick));
    this.#line = new WorldLine(this.loop);
    this.store = this.#line.store;
    this.loop.addAction((nowMs) => this.#tick(nowMs));
    this.player.start();
    this.lesson.start();
    this.store.summary.subscribe(() => this.#listen());
    waitWhileHidden(this);
  }

  open(opening: Opening): void {
    this.#closeTwin();
    this.#line.close();
    this.futures.stop();
    this.selection.set(opening.selection);
    this.hop.set(null);
    this.witness.set(null);
    this.#wanted = opening.witness ?? null;
    this.deeds.set([]);
    this.comparison.set(opening.world ?? null);
    this.lesson.send({ type: 'OPENED' });
    this.status.set('');
    this.opening.set(opening);
    this.player.send({ type: 'OPEN', speed: opening.speed ?? 1_000_000 });
    // What shows that a promise is broken is known where it breaks: from there the run goes to the moment of the link.
    const atUs = this.#wanted?.sinceUs ?? opening.atUs;
    this.#line.open(this.#startWorker(), openRequest({ ...opening, atUs }, opening.hand), (notice) =>
      this.#onNotice(notice, opening),
    );
  }

  /** Stops what is being built or run. */
  close(): void {
    this.#closeTwin();
    this.#line.close();
    this.futures.stop();
    this.opening.set(null);
    this.player.send({ type: 'CLOSE' });
    this.loop.request();
  }

  /** Runs another world beside this one, at the same moment and with the same deeds; null: this one alone again. */
  compareWith(choice: WorldChoice | null, isConfirmed = false): void {
    this.comparison.set(choice);
    this.#closeTwin();
    const opening = this.opening.current;
    if (choice === null || opening === null || !this.#line.isOpened) return;
    const hand = this.deeds.current.map(({ atUs, action }) => ({ atUs, action }));
    const atUs = this.#line.isShown ? this.store.timeUs : opening.atUs;
    const request = openRequest({ ...opening, atUs, isConfirmed }, hand);
    const twin = new Twin(this, choice, this.#startWorker(), request);
    this.twin.set(twin);
    this.#watch();
  }

  limit(untilUs: number): void {
    this.#line.tell({ type: 'limit', untilUs });
  }

  look(): void {
    this.#line.refresh();
  }

  get speed(): number {
    return this.player.getSnapshot().context.speed;
  }

  play(): void {
    if (!this.#line.isOpened) return;
    const { value, context } = this.player.getSnapshot();
    if (value === 'asking' || value === 'failed') return;
    if (value === 'ended') this.#goTo(0);
    this.player.send({ type: 'PLAY' });
    this.#command({ type: 'play', virtualUsPerSecond: context.speed });
  }

  pause(): void {
    this.player.send({ type: 'PAUSE' });
    this.#command({ type: 'pause' });
  }

  isPlaying(): boolean {
    return this.player.getSnapshot().value === 'playing';
  }

  togglePlay(): void {
    if (this.isPlaying()) this.pause();
    else this.play();
  }

  step(by: 'event' | 'message'): void {
    this.player.send({ type: 'STEP' });
    this.#command({ type: 'step', by });
  }

  goTo(timeUs: number): void {
    if (!this.#line.isOpened) return;
    const durationUs = this.store.info?.durationUs ?? 0;
    this.player.send({ type: 'GO_TO' });
    this.#goTo(Math.min(durationUs, Math.max(0, Math.round(timeUs))));
  }

  #goTo(timeUs: number): void {
    this.twin.current?.goThere(timeUs);
    this.#command({ type: 'goTo', timeUs });
  }

  setSpeed(speed: number): void {
    this.player.send({ type: 'SPEED', speed });
    if (this.isPlaying()) this.#command({ type: 'play', virtualUsPerSecond: speed });
  }

  /** Lets the run go on after a question. */
  answer(step: number): void {
    this.lesson.send({ type: 'GO_ON' });
    this.player.send({ type: 'ANSWER' });
    this.#command({ type: 'answer', step });
    this.#command({ type: 'play', virtualUsPerSecond: this.speed });
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
    this.look();
  }

  askFutures(promise: string): void {
    const opening = this.opening.current;
    if (opening === null || !this.#line.isOpened) return;
    const hand = this.deeds.current.map(({ atUs, action }) => ({ atUs, action }));
    this.futures.ask({ opening: openRequest(opening, hand), guarantee: promise });
  }

  select(selection: Selection | null): void {
    // Whoever looks at other messages has done with the broken promise; a station can be looked into beside it.
    if (selection?.kind !== 'station' && selection?.kind !== 'seat') this.witness.set(null);
    if (selectionKey(selection) === selectionKey(this.selection.current)) return;
    this.selection.set(selection);
    this.#watch();
    this.look();
  }

  show(picture: string): void {
    this.picture.set(picture);
    this.loop.request();
  }

  nameSeats(seats: readonly number[], asker: string): void {
    this.#line.nameSeats(seats, asker);
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
    return state === 'playing' || state === 'rewinding' || (this.#line.isOpened && !this.#line.isShown);
  }

  #command(request: Parameters<WorldLine['send']>[0]): void {
    this.#line.send(request);
  }

  #closeTwin(): void {
    this.twin.current?.close();
    this.twin.set(null);
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
    this.twin.current?.watch(watch);
  }

  #tick(nowMs: number): void {
    const line = this.#line;
    if (!line.isOpened) return;
    const taken = line.arrived;
    const mayShow = this.twin.current?.turn(nowMs, taken) ?? true;
    if (taken !== null && mayShow) {
      const isFirst = !line.isShown;
      line.show(nowMs);
      if (isFirst) {
        const { play, atUs } = this.opening.current ?? { play: false, atUs: 0 };
        this.player.send({ type: 'OPENED', play, going: atUs > 0 || this.#wanted !== null });
      }
      if (taken.isCurrent()) this.player.send({ type: 'FRAME', state: taken.frame.state });
      this.#findWanted(taken.frame);
      const found = taken.frame.inspection?.selection;
      // A seat was pressed: from now on its user is followed, wherever it sits.
      if (this.selection.current?.kind === 'seat' && found !== undefined && found.kind !== 'seat')
        this.select(found);
    }
    const { speed } = this;
    const justNow = Number.isFinite(speed) ? { justNowUs: justNowUs(speed) } : {};
    line.ask({ selection: this.selection.current, ...justNow }, this.live);
    if (this.live) this.loop.request();
  }

  /** Marks the broken promise of a link as soon as the run is where it breaks. */
  #findWanted({ timeUs, state, promises }: Frame): void {
    const wanted = this.#wanted;
    const opening = this.opening.current;
    if (wanted === null || opening === null || state === 'rewinding' || state === 'playing') return;
    this.#wanted = null;
    const promise = promises.find(
      ({ name, sinceUs }) => name === wanted.promise && sinceUs === wanted.sinceUs && sinceUs <= timeUs,
    );
    if (promise?.witness == null)
      this.status.set(`${wanted.promise.replaceAll('-', ' ')} is not broken here as the link says.`);
    else this.witness.set({ ...wanted, witness: promise.witness });
    if (opening.atUs !== timeUs) this.goTo(opening.atUs);
    else this.look();
  }

  get wanted(): WitnessName | null {
    return this.#wanted;
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
        this.player.send({ ...notice, type: 'FAILED' });
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
        this.twin.current?.doThere(notice.atUs, notice.action);
        this.deeds.set([
          // What was done later than now, before a rewind, is forgotten.
          ...this.deeds.current.filter((deed) => deed.atUs <= notice.atUs),
          { atUs: notice.atUs, action: notice.action, line: notice.line },
        ]);
        this.status.set(`Done. In a script: ${notice.line}`);
        this.look();
        break;
      case 'undone':
        this.futures.stop();
        this.deeds.set(notice.hand);
        this.status.set('Undone. The run is as if it had never been done.');
        // The other world is built anew without it.
        this.compareWith(this.comparison.current);
        this.look();
        break;
      case 'opened': {
        this.#line.opened(notice.info);
        this.deeds.set(notice.info.hand);
        const notThere = whyNotSelected(this.selection.current, notice.info);
        if (notThere !== null) this.selection.set(null);
        this.status.set(notThere ?? '');
        const speed = opening.speed ?? firstSpeed(notice.info.durationUs);
        this.player.send({ type: 'SPEED', speed });
        this.player.send({ type: 'BUILDING', what: 'the first picture', share: 1 });
        this.#watch();
        this.compareWith(this.comparison.current);
        if (opening.play) this.#command({ type: 'play', virtualUsPerSecond: speed });
        this.look();
        break;
      }
    }
  }
}
