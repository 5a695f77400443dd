import { createActor } from 'xstate';
import type { RateLimitAlgorithm } from '../../../algorithms/rate-limit/config.ts';
import { RATE_LIMIT_ALGORITHMS } from '../../../algorithms/rate-limit/config.ts';
import type { Stage } from '../../stage.ts';
import { Value } from '../../store/value.ts';
import { type LabModel, labTimeline, runTimeline, type Timeline } from '../drawing/timeline.ts';
import { createRunReader, type Followed } from './follow-run.ts';
import { readLab, writeLab } from './lab-link.ts';
import { type Moment, momentOf } from './moment.ts';
import { PATTERNS, patternById } from './patterns.ts';
import {
  askedRequest,
  type PredictionState,
  predictionMachine,
  shownVerdicts,
} from './prediction.machine.ts';
import { addRequest, countUntil, deleteRequest, moveRequest, requestsAt } from './requests.ts';
import { LAB_SETTINGS, type LimitSettings, settingsProblems } from './settings.ts';

/** Where one looks: at a request, or at a time between requests. */
export interface Cursor {
  readonly timeUs: number;
  /** Id of a request. */
  readonly request: number | null;
}

const MOST_UNDO = 100;
/** How often the words follow a running clock. */
const WORDS_MS = 125;
/** The link follows when nothing has changed for so long: browsers refuse more than a few changes a second. */
const LINK_MS = 400;

const firstModel = (): LabModel => ({
  requests: requestsAt(PATTERNS[0]!.timesUs(LAB_SETTINGS.limit, LAB_SETTINGS.windowUs)),
  settings: LAB_SETTINGS,
  algorithm: 'sliding-window-log',
  pattern: PATTERNS[0]!.id,
});

/**
 * The state of the picture: what the student has made, where it looks, what is being predicted, and what is followed in the run. The picture, its
 * words and its controls share it. It decides nothing about requests: the algorithms do.
 */
export class RateLab {
  readonly model = new Value(firstModel());
  /** What was asked for; the laboratory is shown as long as there is nothing to follow. */
  readonly wanted = new Value<'lab' | 'run'>('run');
  readonly followed: Value<Followed>;
  readonly timeline: Value<Timeline>;
  readonly cursor = new Value<Cursor>({ timeUs: 0, request: null });
  readonly moment: Value<Moment>;
  /** The same for text: it follows a running clock a few times a second. */
  readonly said: Value<Moment>;
  /** Whether the frame goes with the clock: of the run, or of the laboratory while it plays. */
  readonly follows = new Value(true);
  readonly playing = new Value(false);
  /** How many times closer than the whole, and around which moment. */
  readonly view = new Value({ zoom: 1, centreUs: 0 });
  readonly game = createActor(predictionMachine);
  /** The algorithm that is drawn large while a run is followed; null: the run's own. */
  readonly #runLane = new Value<RateLimitAlgorithm | null>(null);
  readonly #readRun: () => Followed;
  readonly #past: LabModel[] = [];
  readonly canUndo = new Value(false);
  #wordsMs = Number.NEGATIVE_INFINITY;
  #playedMs: number | null = null;

  constructor(stage: Stage) {
    this.#readRun = createRunReader(stage);
    this.followed = new Value(this.#readRun());
    this.timeline = new Value(labTimeline(this.model.current));
    this.moment = new Value(this.#momentNow());
    this.said = new Value(this.moment.current);
    this.game.start();
    this.game.subscribe(() => this.#lookAtAsked());
    const renew = () => this.#renew();
    this.model.subscribe(renew);
    this.wanted.subscribe(renew);
    this.#runLane.subscribe(renew);
    this.cursor.subscribe(() => this.#say());
    this.lookAtFirstRefused();
    this.#keepLink(stage.rateLimitLab);
    // There may be a run to follow already.
    renew();
  }

  /** The laboratory is what the link says, and the link what the laboratory is; null as it stands at first. */
  #keepLink(link: Value<string | null>): void {
    const first = writeLab(firstModel());
    const read = (): void => {
      const text = link.current ?? first;
      if (text === writeLab(this.model.current)) return;
      // What cannot be read has been named where the link was opened.
      this.change(readLab(text));
      this.lookAtFirstRefused();
    };
    let timer: ReturnType<typeof setTimeout> | undefined;
    this.model.subscribe(() => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        const text = writeLab(this.model.current);
        link.set(text === first ? null : text);
      }, LINK_MS);
    });
    link.subscribe(read);
    read();
  }

  /** Whether a run is followed now. */
  get isRun(): boolean {
    return this.wanted.current === 'run' && this.followed.current.run !== null;
  }

  /** Whether the words have yet to follow the picture. */
  get isWordBehind(): boolean {
    return this.said.current !== this.moment.current;
  }

  get gameState(): PredictionState {
    return this.game.getSnapshot().value as PredictionState;
  }

  /** How many requests, from the first on, show their verdicts. */
  get shown(): number {
    return this.isRun
      ? Number.POSITIVE_INFINITY
      : shownVerdicts(this.gameState, this.game.getSnapshot().context);
  }

  /** Takes in what has arrived from the run, and moves on what moves with a clock; true when something has changed. Called in the page's loop. */
  tick(nowMs: number, reducedMotion: boolean): boolean {
    const before = this.followed.current;
    const now = this.#readRun();
    let changed = false;
    if (now !== before) {
      this.followed.set(now);
      if (now.run !== before.run) this.#renew();
      if (this.isRun && this.follows.current) this.cursor.set({ timeUs: now.nowUs, request: null });
      changed = this.isRun;
    }
    const moved = this.#play(nowMs, reducedMotion) || changed;
    if (this.isWordBehind && nowMs - this.#wordsMs >= WORDS_MS) {
      this.#wordsMs = nowMs;
      this.said.set(this.moment.current);
    }
    return moved;
  }

  /** The laboratory's own clock: a window passes in eight seconds; with reduced motion it goes in steps of a twelfth of a window. */
  #play(nowMs: number, reducedMotion: boolean): boolean {
    if (!this.playing.current || this.isRun) return false;
    const elapsedMs = this.#playedMs === null ? 0 : nowMs - this.#playedMs;
    const { windowUs } = this.model.current.settings;
    const { untilUs } = this.timeline.current;
    const stepUs = reducedMotion ? windowUs / 12 : (elapsedMs * windowUs) / 8_000;
    if (reducedMotion && elapsedMs < 700 && this.#playedMs !== null) return true;
    this.#playedMs = nowMs;
    const fromUs = this.cursor.current.timeUs >= untilUs ? 0 : this.cursor.current.timeUs;
    const timeUs = Math.min(untilUs, Math.round(fromUs + stepUs));
    this.cursor.set({ timeUs, request: null });
    if (timeUs >= untilUs) this.stop();
    return true;
  }

  play(): void {
    this.#playedMs = null;
    if (this.cursor.current.timeUs >= this.timeline.current.untilUs) this.lookAtTime(0);
    this.playing.set(true);
  }

  stop(): void {
    this.playing.set(false);
    this.#playedMs = null;
  }

  chooseAlgorithm(algorithm: RateLimitAlgorithm): void {
    if (this.isRun) this.#runLane.set(algorithm);
    else this.change({ algorithm });
  }

  /** Replaces parts of the model; null, or what is wrong with the settings, and then nothing has changed. */
  change(parts: Partial<LabModel>): string | null {
    const model = { ...this.model.current, ...parts };
    if (parts.settings !== undefined) {
      const problems = settingsProblems(model.settings, RATE_LIMIT_ALGORITHMS);
      if (problems.length > 0) return problems[0]!;
    }
    if (this.gameState !== 'off') this.game.send({ type: 'STOP' });
    this.#past.push(this.model.current);
    if (this.#past.length > MOST_UNDO) this.#past.shift();
    this.canUndo.set(true);
    this.model.set(model);
    return null;
  }

  undo(): void {
    const before = this.#past.pop();
    this.canUndo.set(this.#past.length > 0);
    if (before === undefined) return;
    if (this.gameState !== 'off') this.game.send({ type: 'STOP' });
    this.model.set(before);
  }

  set(settings: Partial<LimitSettings>): string | null {
    const { settings: now, pattern, requests } = this.model.current;
    const next = { ...now, ...settings };
    // A pattern is made for its limit and window; requests of one's own stay.
    const of = pattern === null ? undefined : patternById(pattern);
    const remade = of !== undefined && (next.limit !== now.limit || next.windowUs !== now.windowUs);
    const problem = this.change({
      settings: next,
      requests:
        remade && Number.isSafeInteger(next.windowUs)
          ? requestsAt(of.timesUs(next.limit, next.windowUs))
          : requests,
    });
    if (problem === null && remade) this.lookAtFirstRefused();
    return problem;
  }

  load(id: string): void {
    const { limit, windowUs } = this.model.current.settings;
    const of = patternById(id);
    if (of === undefined) return;
    this.view.set({ zoom: 1, centreUs: 0 });
    this.change({ requests: requestsAt(of.timesUs(limit, windowUs)), pattern: id });
    this.lookAtFirstRefused();
  }

  setTimes(timesUs: readonly number[]): void {
    this.change({ requests: requestsAt(timesUs), pattern: null });
    this.lookAtFirstRefused();
  }

  add(timeUs: number): void {
    const before = this.model.current.requests;
    const requests = addRequest(before, timeUs);
    if (requests === before) return;
    this.change({ requests, pattern: null });
    this.lookAt(Math.max(...requests.map(({ id }) => id)));
  }

  /** `first`: the beginning of a drag, which is undone as one. */
  move(id: number, timeUs: number, first = true): void {
    const requests = moveRequest(this.model.current.requests, id, timeUs);
    if (first) this.change({ requests, pattern: null });
    else this.model.set({ ...this.model.current, requests });
    this.lookAt(id);
  }

  delete(id: number): void {
    const { requests } = this.model.current;
    const place = requests.findIndex((request) => request.id === id);
    if (place < 0) return;
    this.change({ requests: deleteRequest(requests, id), pattern: null });
    const neighbour = this.model.current.requests[Math.min(place, requests.length - 2)];
    if (neighbour === undefined) this.lookAtTime(0);
    else this.lookAt(neighbour.id);
  }

  lookAt(id: number): void {
    const request = this.timeline.current.requests.find((one) => one.id === id);
    if (request === undefined) return;
    this.follows.set(false);
    this.stop();
    this.cursor.set({ timeUs: request.timeUs, request: id });
  }

  /** The place of a request, 0 the first. */
  lookAtPlace(place: number): void {
    const request = this.timeline.current.requests[place];
    if (request !== undefined) this.lookAt(request.id);
  }

  lookAtTime(timeUs: number): void {
    this.follows.set(false);
    this.stop();
    const held = Math.min(this.timeline.current.untilUs, Math.max(0, Math.round(timeUs)));
    this.cursor.set({ timeUs: held, request: null });
  }

  lookAtFirstRefused(): void {
    const { decisions } = this.timeline.current.chosen;
    const refused = decisions.findIndex(({ allowed }) => !allowed);
    this.lookAtPlace(refused >= 0 ? refused : decisions.length - 1);
  }

  /** The next place, in a direction, of those given; null when there is none. */
  neighbour(places: readonly number[], by: 1 | -1): number | null {
    const { timesUs, requests } = this.timeline.current;
    const { timeUs, request } = this.cursor.current;
    const at = requests.findIndex(({ id }) => id === request);
    const here = at >= 0 ? at : countUntil(timesUs, timeUs) - (by > 0 ? 1 : 0);
    const next = by > 0 ? places.find((place) => place > here) : places.findLast((place) => place < here);
    return next ?? null;
  }

  /** Closer to the moment that is looked at (above 1) or further from it. */
  zoom(by: number, most: number): void {
    const zoom = Math.min(most, Math.max(1, this.view.current.zoom * by));
    this.view.set({ zoom, centreUs: this.cursor.current.timeUs });
  }

  startPrediction(): void {
    this.stop();
    const verdicts = this.timeline.current.chosen.decisions.map(({ allowed }) => allowed);
    this.game.send({ type: 'START', verdicts });
  }

  follow(): void {
    this.follows.set(true);
    this.cursor.set({ timeUs: this.followed.current.nowUs, request: null });
  }

  #lookAtAsked(): void {
    const { context } = this.game.getSnapshot();
    const asked = askedRequest(this.gameState, context);
    if (asked !== null) this.lookAtPlace(asked);
    this.#say();
  }

  #renew(): void {
    const { run } = this.followed.current;
    const before = this.timeline.current;
    const next =
      this.wanted.current === 'run' && run !== null
        ? runTimeline(run, this.#runLane.current ?? run.algorithm)
        : labTimeline(this.model.current);
    this.timeline.set(next);
    if (next.source !== before.source) {
      this.stop();
      this.view.set({ zoom: 1, centreUs: 0 });
      if (next.source === 'run') this.follow();
      else this.lookAtFirstRefused();
    } else if (!next.requests.some(({ id }) => id === this.cursor.current.request))
      this.cursor.set({ ...this.cursor.current, request: null });
    this.#say();
  }

  #say(): void {
    this.moment.set(this.#momentNow());
    if (!this.playing.current && !(this.isRun && this.follows.current)) this.said.set(this.moment.current);
  }

  #momentNow(): Moment {
    const { chosen, timesUs, requests } = this.timeline.current;
    const { timeUs, request } = this.cursor.current;
    const place = request === null ? -1 : requests.findIndex(({ id }) => id === request);
    return momentOf(chosen.config, timesUs, timeUs, place < 0 ? null : place);
  }
}

const LABS = new WeakMap<Stage, RateLab>();

/** One for each page: the picture, its thumbnail and its words share it. */
export function rateLabOf(stage: Stage): RateLab {
  let lab = LABS.get(stage);
  if (lab === undefined) {
    lab = new RateLab(stage);
    LABS.set(stage, lab);
  }
  return lab;
}
