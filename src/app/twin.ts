import type { ShownWitness, Stage } from '../views/stage.ts';
import { Value } from '../views/store/value.ts';
import type {
  Action,
  OpenedInfo,
  PromiseFrame,
  Request,
  Selection,
  Watch,
  WorldChoice,
} from '../worker/protocol.ts';
import { actionThere, worldName } from '../worker/world-choice.ts';
import type { Notice, Port, Taken } from './worker-link.ts';
import { WorldLine } from './world-line.ts';

/** What a twin needs of the world that it follows. */
export interface FirstWorld extends Stage {
  /** Virtual microseconds in a second of the viewer's; Infinity for as fast as it goes. */
  readonly speed: number;
  readonly status: Value<string>;
  /** Lets the first world play on to here and no further. */
  limit(untilUs: number): void;
  /** Asks for a frame of this moment, also when nothing has changed. */
  look(): void;
}

export type TwinState =
  | { readonly is: 'building'; readonly what: string; readonly share: number }
  /** `share` of the way to the moment of the first world while it lags behind; null: both show one moment. */
  | { readonly is: 'running'; readonly share: number | null }
  /** It cannot be built, or has failed. */
  | { readonly is: 'failed'; readonly problems: readonly string[]; readonly mayConfirm: boolean };

/** How far ahead of the moment that is shown the first world may play, in seconds of the viewer's. */
const LEAD_S = 0.1;
/** The same where no speed is set, as a share of the run. */
const LEAST_LEAD_SHARE = 1 / 500;

/**
 * Another world beside the first, on its clock: it never plays by itself, but goes to the moment of each frame of the first, and the
 * two frames are shown together. So the clock waits for the slower of the two. What is done by hand is done in both at one
 * virtual time. It is a stage of its own for the pictures that show it.
 */
export class Twin implements Stage {
  readonly name: string;
  readonly line: WorldLine;
  readonly store;
  readonly loop;
  readonly palette;
  readonly rateLimitLab;
  readonly reducedMotion;
  readonly selection = new Value<Selection | null>(null);
  readonly hop = new Value<number | null>(null);
  readonly witness = new Value<ShownWitness | null>(null);
  readonly state = new Value<TwinState>({ is: 'building', what: 'reading the scenario', share: 0 });
  readonly #first: FirstWorld;
  readonly #unsubscribe: () => void;
  /** The moment of the first world's frame that waits for this world. */
  #meetUs: number | null = null;
  /** The first world is on its way to another moment, and so is this one. */
  #isHeaded = false;
  /** Deeds that this world has been told of and has not answered. */
  #acting = 0;
  /** What is shown as just now is of the same span in both. */
  #justNowUs: number | undefined;
  /** Deeds and a watch from before it was there. */
  #early: { readonly atUs: number; readonly action: Action }[] = [];
  #watch: Watch | null = null;

  constructor(
    first: FirstWorld,
    choice: WorldChoice,
    port: Port,
    request: Extract<Request, { type: 'open' }>,
  ) {
    this.#first = first;
    this.name = worldName(choice);
    this.line = new WorldLine(first.loop);
    this.store = this.line.store;
    this.loop = first.loop;
    this.palette = first.palette;
    this.rateLimitLab = first.rateLimitLab;
    this.reducedMotion = first.reducedMotion;
    this.#unsubscribe = first.selection.subscribe(() => this.#followSelection());
    first.limit(request.atUs);
    this.line.open(port, { ...request, world: choice }, (notice) => this.#onNotice(notice));
  }

  close(): void {
    this.#unsubscribe();
    this.line.close();
    this.#first.limit(Number.POSITIVE_INFINITY);
  }

  /** It is there, and follows. */
  get follows(): boolean {
    return this.state.current.is === 'running';
  }

  /**
   * A turn of the page's loop. `first` is the frame of the first world that has come and is not shown yet. Returns whether it may be shown
   * now; then what this world has to show of the same moment is in its store already.
   */
  turn(nowMs: number, first: Taken | null): boolean {
    if (!this.follows) return true;
    const { line } = this;
    const { arrived } = line;
    if (first === null || this.#isUnderWay(first)) {
      line.show(nowMs);
      this.#afterShown();
      this.#ask();
      return true;
    }
    const { timeUs, justNowUs } = first.frame;
    this.#justNowUs = justNowUs;
    if (this.#meetUs !== timeUs) {
      line.show(nowMs);
      if (this.#acting === 0) {
        this.#isHeaded = false;
        this.#meetUs = timeUs;
        line.send({ type: 'goTo', timeUs });
      } else line.refresh();
      this.#ask();
      return false;
    }
    if (arrived === null) {
      this.#ask();
      return false;
    }
    const isThere = arrived.isCurrent() && arrived.frame.state !== 'rewinding';
    // It never plays by itself; what is seen of it moves as the first does.
    line.show(nowMs, isThere && first.frame.state === 'playing' ? 'playing' : undefined);
    this.#afterShown();
    if (!isThere) {
      line.refresh();
      this.#ask();
      return false;
    }
    this.#meetUs = null;
    this.state.set(THERE);
    this.#first.limit(timeUs + this.#leadUs(Math.max(first.frame.virtualUsPerWallSecond, 0)));
    return true;
  }

  /** The first world goes to a moment: this one sets out at the same time. */
  goThere(timeUs: number): void {
    if (!this.follows || this.#acting > 0) return;
    this.#isHeaded = true;
    this.#meetUs = null;
    this.#first.limit(timeUs);
    this.line.send({ type: 'goTo', timeUs });
  }

  /** Does what has been done in the first world at the same virtual time. */
  doThere(atUs: number, action: Action): void {
    if (!this.line.isOpened) {
      this.#early.push({ atUs, action });
      return;
    }
    const there = actionThere(action, (node) => this.#nodeHere(node));
    if (there === null) {
      this.#first.status.set(`Done in one world only: "${this.name}" has no such station.`);
      return;
    }
    this.#acting++;
    this.#meetUs = null;
    this.line.send({ type: 'goTo', timeUs: atUs });
    this.line.send({ type: 'act', action: there });
  }

  watch(watch: Watch): void {
    this.#watch = watch;
    this.line.send({ type: 'watch', watch });
  }

  nameSeats(seats: readonly number[], asker: string): void {
    this.line.nameSeats(seats, asker);
  }

  select(selection: Selection | null): void {
    if (selection?.kind === 'seat') {
      // Who sits here may sit elsewhere in the first world: it is found out here.
      this.selection.set(selection);
      this.line.refresh();
    } else if (selection?.kind === 'station') {
      const node = nodeOf(this.#first.store.info, nameOf(this.store.info, selection.node));
      if (node !== null) this.#first.select({ kind: 'station', node });
      else this.#first.status.set('There is no such station in the first world.');
    } else this.#first.select(selection);
  }

  act(action: Action, atUs?: number): void {
    const first = this.#first;
    const there = actionThere(action, (node) => nodeOf(first.store.info, nameOf(this.store.info, node)));
    if (there !== null) first.act(there, atUs);
    else first.status.set('There is no such station in the first world: it is broken in both or in none.');
  }

  goTo(timeUs: number): void {
    this.#first.goTo(timeUs);
  }

  showWitness(promise: PromiseFrame | null): void {
    if (promise === null || promise.witness == null || promise.sinceUs === null) this.witness.set(null);
    else {
      const { name, sinceUs, witness } = promise;
      this.witness.set({ promise: name, sinceUs, witness });
      this.#first.goTo(sinceUs);
    }
    this.line.refresh();
  }

  askFutures(): void {
    this.#first.status.set('Other futures are tried of the first world only: ask there.');
  }

  /** The first world is not at rest at a moment that this one should be at. */
  #isUnderWay({ frame, isCurrent }: Taken): boolean {
    return frame.state === 'rewinding' || frame.state === 'failed' || (this.#isHeaded && !isCurrent());
  }

  #ask(): void {
    const selection = this.selection.current;
    const justNow = this.#justNowUs === undefined ? {} : { justNowUs: this.#justNowUs };
    this.line.ask({ selection, ...justNow }, !this.line.isShown, true);
  }

  /** A seat was pressed in this world: from now on its user is selected in both. */
  #afterShown(): void {
    const found = this.store.summary.current.inspection?.selection;
    if (this.selection.current?.kind === 'seat' && found !== undefined && found.kind !== 'seat')
      this.#first.select(found);
  }

  #leadUs(virtualUsPerSecond: number): number {
    const { speed, store } = this.#first;
    const leastUs = (store.info?.durationUs ?? 0) * LEAST_LEAD_SHARE;
    return Math.ceil(
      Number.isFinite(speed) ? LEAD_S * speed : Math.max(leastUs, LEAD_S * virtualUsPerSecond),
    );
  }

  /** The number that a station of the first world has in this one, by its name; null where there is none. Users are the same. */
  #nodeHere(node: number): number | null {
    const name = nameOf(this.#first.store.info, node);
    return name === null ? node : nodeOf(this.store.info, name);
  }

  #followSelection(): void {
    const selection = this.#first.selection.current;
    if (selection?.kind === 'station') {
      const node = this.#nodeHere(selection.node);
      this.selection.set(node === null ? null : { kind: 'station', node });
    } else if (selection?.kind !== 'seat') this.selection.set(selection);
    if (selection === null || selection.kind === 'message' || selection.kind === 'user')
      this.witness.set(null);
    this.line.refresh();
  }

  #onNotice(notice: Notice): void {
    switch (notice.type) {
      case 'building':
        this.state.set({ is: 'building', what: notice.what, share: notice.share });
        break;
      case 'rewinding':
        if (this.follows) this.state.set({ is: 'running', share: notice.share });
        break;
      case 'refused':
        this.#fail(notice.problems);
        break;
      case 'failed':
        this.#fail([notice.message], notice.mayConfirm);
        break;
      case 'declined':
        if (this.#acting > 0)
          this.#first.status.set(`Done in one world only: in "${this.name}", ${notice.message}.`);
        else
          this.#first.status.set(
            `What was done by hand is not all done in "${this.name}": ${notice.message}.`,
          );
        this.#answered();
        break;
      case 'acted':
        this.#answered();
        break;
      case 'undone':
      case 'proof':
        break;
      case 'opened': {
        this.line.opened(notice.info);
        this.state.set(THERE);
        if (this.#watch !== null) this.watch(this.#watch);
        this.#followSelection();
        const early = this.#early;
        this.#early = [];
        for (const { atUs, action } of early) this.doThere(atUs, action);
        this.#meet();
        break;
      }
    }
  }

  #answered(): void {
    this.#acting = Math.max(0, this.#acting - 1);
    this.#meet();
  }

  #fail(problems: readonly string[], mayConfirm = false): void {
    this.state.set({ is: 'failed', problems, mayConfirm });
    this.#first.limit(Number.POSITIVE_INFINITY);
    this.loop.request();
  }

  /** Goes to where the first world is: a frame of it that stands still brings the two together. */
  #meet(): void {
    this.#meetUs = null;
    this.#first.look();
    this.loop.request();
  }
}

const THERE: TwinState = { is: 'running', share: null };

/** The name of a station; null for a user or a set of users. */
const nameOf = (info: OpenedInfo | null, node: number): string | null =>
  info?.stations.find((station) => station.node === node)?.name ?? null;

const nodeOf = (info: OpenedInfo | null, name: string | null): number | null =>
  info?.stations.find((station) => station.name === name)?.node ?? null;
