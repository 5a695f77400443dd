import { type Checker, type Finding, type Guarantee, HOLDS, unknown } from './checker.ts';
import { GrowingTimes, GrowingU8, GrowingU32 } from './growing.ts';
import { END_QUIESCENT, OFFLINE, ONLINE, SHOWN_OFFLINE, SHOWN_ONLINE } from './history.ts';
import type { Ledger } from './ledger.ts';
import { PairValues } from './pair-values.ts';
import { atMs, capital, type Row, witnessOf } from './speak.ts';

const IS_ONLINE = 1;
const IS_OFFLINE = 2;

/**
 * A user is offline before the first `online`. What was shown last stays shown, and a user who was never shown another's presence
 * is shown nothing false. Users who are offline at the end look at nothing; until then they may come back.
 */
class PresenceConverges implements Checker {
  readonly #ledger: Ledger;
  /** By user: the truth (0: never said), and since when. */
  readonly #truth = new GrowingU8();
  readonly #truthUs = new GrowingTimes();
  /** By (who is shown, whose): the view. By view, from 1: both, what is shown, when. */
  readonly #viewOf = new PairValues();
  #views = 0;
  readonly #viewer = new GrowingU32();
  readonly #subject = new GrowingU32();
  readonly #shown = new GrowingU8();
  readonly #shownUs = new GrowingTimes();
  /** By user: how many are shown that user as online, as offline. */
  readonly #shownOnline = new GrowingU32();
  readonly #shownOffline = new GrowingU32();
  /** Views that differ from the truth. */
  #wrong = 0;
  judged = 0;
  #end: Finding | null = null;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  push(kind: number, _message: number, user: number, of: number, timeUs: number): void {
    switch (kind) {
      case ONLINE:
      case OFFLINE:
        this.#wrong -= this.#wrongOf(user);
        this.#truth.set(user, kind === ONLINE ? IS_ONLINE : IS_OFFLINE);
        this.#truthUs.set(user, timeUs);
        this.#wrong += this.#wrongOf(user);
        break;
      case SHOWN_ONLINE:
      case SHOWN_OFFLINE:
        this.judged++;
        this.#wrong -= this.#wrongOf(of);
        this.#show(user, of, kind === SHOWN_ONLINE ? IS_ONLINE : IS_OFFLINE, timeUs);
        this.#wrong += this.#wrongOf(of);
        break;
      case END_QUIESCENT:
        this.#end = this.#judge(timeUs);
        break;
    }
  }

  finding(): Finding {
    if (this.#end !== null) return this.#end;
    return this.#wrong === 0 ? HOLDS : unknown(`shown presences that are not the truth yet: ${this.#wrong}`);
  }

  #wrongOf(user: number): number {
    return this.#truth.get(user) === IS_ONLINE ? this.#shownOffline.get(user) : this.#shownOnline.get(user);
  }

  #show(user: number, of: number, shown: number, timeUs: number): void {
    let view = this.#viewOf.get(user, of);
    if (view === 0) {
      view = ++this.#views;
      this.#viewOf.set(user, of, view);
      this.#viewer.set(view, user);
      this.#subject.set(view, of);
    } else {
      this.#counter(this.#shown.get(view)).add(of, -1);
    }
    this.#shown.set(view, shown);
    this.#shownUs.set(view, timeUs);
    this.#counter(shown).add(of, 1);
  }

  #counter(shown: number): GrowingU32 {
    return shown === IS_ONLINE ? this.#shownOnline : this.#shownOffline;
  }

  #judge(timeUs: number): Finding {
    if (this.#wrong === 0) return HOLDS;
    let violations = 0;
    let first = 0;
    for (let view = 1; view <= this.#views; view++) {
      if (this.#truth.get(this.#viewer.get(view)) === IS_OFFLINE) continue;
      const isOnline = this.#truth.get(this.#subject.get(view)) === IS_ONLINE;
      if ((this.#shown.get(view) === IS_ONLINE) === isOnline) continue;
      if (violations++ === 0) first = view;
    }
    return violations === 0 ? HOLDS : { ...this.#found(first, timeUs), violations };
  }

  #found(view: number, timeUs: number): Finding {
    const { names } = this.#ledger;
    const [viewer, subject] = [this.#viewer.get(view), this.#subject.get(view)];
    const isOnline = this.#truth.get(subject) === IS_ONLINE;
    const sinceUs = this.#truthUs.get(subject);
    const truth: Row[] =
      this.#truth.get(subject) === 0 ? [] : [[isOnline ? ONLINE : OFFLINE, 0, subject, 0, sinceUs]];
    const shown: Row = [isOnline ? SHOWN_OFFLINE : SHOWN_ONLINE, 0, viewer, subject, this.#shownUs.get(view)];
    const end: Row = [END_QUIESCENT, 0, 0, 0, timeUs];
    const [who, whose] = [capital(names.user(viewer)), names.user(subject)];
    const since = truth.length === 0 ? 'and never was otherwise' : `since ${atMs(sinceUs)}`;
    return {
      verdict: 'violated',
      violations: 1,
      witness: witnessOf(
        names,
        isOnline ? [...truth, shown, end] : [shown, end],
        isOnline ? [] : truth,
        `${who} is shown ${whose} as ${isOnline ? 'offline' : 'online'} since ${atMs(shown[4])}. The truth is ${isOnline ? 'online' : 'offline'}, ${since}, and at ${atMs(timeUs)} nothing changes any more.`,
      ),
      sinceUs: timeUs,
      reason: null,
    };
  }
}

export const presenceConverges: Guarantee = {
  name: 'presence-converges',
  promise: "When nothing changes any more, what each user is shown of another's presence becomes the truth.",
  needs: 'online, offline, presence, and a quiescent end',
  counts: 'pairs of users of whom one is shown a false presence of the other',
  bears: ['presence shown', 'presences shown'],
  notAtStake: 'the run has no presence',
  listens: [ONLINE, OFFLINE, SHOWN_ONLINE, SHOWN_OFFLINE, END_QUIESCENT],
  create: (ledger) => new PresenceConverges(ledger),
};
