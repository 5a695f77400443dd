import type { Checker, CheckerOptions, Finding } from './checker.ts';
import { HOLDS } from './checker.ts';
import { indexBy, type Rows, shortestDisagreement } from './disagreement.ts';
import { GrowingU32 } from './growing.ts';
import type { Ledger } from './ledger.ts';
import { Precedence } from './precedence.ts';
import { capital, deliverRow, hash, listed, MOST_LISTED, witnessOf } from './speak.ts';

/** Enough that searches are put off only where much is shown out of order over long stretches. */
const STEPS_PER_SHOWING = 8;

/**
 * Whether one order of the messages fits what every user was shown, in each channel by itself or over all channels. What follows next
 * in what one user is shown is a pair of the precedence; the rest follows from these.
 */
export class CommonOrder implements Checker {
  readonly #ledger: Ledger;
  readonly #perChannel: boolean;
  readonly #precedence: Precedence;
  /** Over all channels, by user: the last showing. */
  readonly #lastOfUser = new GrowingU32();
  judged = 0;
  #first: Finding | null = null;

  constructor(ledger: Ledger, perChannel: boolean, options: CheckerOptions) {
    ledger.wantShowings();
    this.#ledger = ledger;
    this.#perChannel = perChannel;
    this.#precedence = new Precedence(options.searchSteps ?? STEPS_PER_SHOWING);
  }

  push(_kind: number, message: number, user: number, channel: number, _timeUs: number): void {
    const ledger = this.#ledger;
    const group = this.#perChannel ? channel : 0;
    const precedence = this.#precedence;
    if (!ledger.fresh) return;
    const showing = ledger.showings;
    let before: number;
    if (this.#perChannel) before = ledger.showingBefore.get(showing);
    else {
      before = this.#lastOfUser.get(user);
      this.#lastOfUser.set(user, showing);
    }
    if (before !== 0) this.judged++;
    if (precedence.isBroken(group)) return;
    precedence.addNode(message, group);
    if (before === 0) return;
    const outcome = precedence.add(ledger.showingOf.get(before), message, showing);
    if (outcome === 'closes-cycle') {
      this.#settle();
      if (precedence.isBroken(group)) return;
      precedence.break(group);
      this.#first ??= this.#found(showing);
    } else if (outcome === 'put-off' && precedence.shouldSettle()) {
      this.#settle();
    }
  }

  /** Where showings were put off, takes time in proportion to all showings. */
  finding(): Finding {
    this.#settle();
    return this.#first === null ? HOLDS : { ...this.#first, violations: this.#precedence.broken };
  }

  #settle(): void {
    const showing = this.#precedence.settle();
    if (showing !== -1) this.#first ??= this.#found(showing);
  }

  /** The witness when the showing made that no order fits. */
  #found(last: number): Finding {
    const { names, showingOf, shownUs, channel } = this.#ledger;
    const { rows, users } = this.#perChannel ? this.#rowsOfChannel(last) : this.#rowsOfAll(last);
    const home = rows.start.findIndex((end) => end > 0 && rows.showings[end - 1] === last) - 1;
    const steps = shortestDisagreement(rows, home, (showing) => showingOf.get(showing));
    const userOf = (showing: number): number => {
      const at = rows.showings.indexOf(showing);
      return users[rows.start.findLastIndex((begin) => begin <= at)];
    };
    const said: string[] = [];
    const shown: { showing: number; user: number }[] = [];
    for (const { earlier, later } of steps) {
      const user = userOf(earlier);
      shown.push({ showing: earlier, user }, { showing: later, user });
      const [one, two] = [showingOf.get(earlier), showingOf.get(later)];
      said.push(`${capital(names.user(user))} saw ${names.message(one)} before ${names.message(two)}`);
    }
    shown.sort((a, b) => a.showing - b.showing);
    const events = shown.map(({ showing, user }) => {
      const message = showingOf.get(showing);
      return deliverRow(message, user, channel.get(message) - 1, shownUs.get(showing));
    });
    const where = names.channel(channel.get(showingOf.get(last)) - 1);
    const conclusion = this.#perChannel
      ? `${steps.length === 2 ? 'Both' : `All ${steps.length}`} are in ${hash(where)}, so no single order fits.`
      : 'No single order of all messages fits what they saw.';
    return {
      verdict: 'violated',
      violations: 1,
      witness: witnessOf(names, events, [], `${disagreement(said)} ${conclusion}`),
      sinceUs: shownUs.get(last),
      reason: null,
    };
  }

  /** What the members of the showing's channel were shown in it, up to this showing. */
  #rowsOfChannel(last: number): { rows: Rows; users: number[] } {
    const { memberships, channel, showingOf } = this.#ledger;
    const users: number[] = [];
    const start = [0];
    const showings: number[] = [];
    memberships.forEachIn(channel.get(showingOf.get(last)) - 1, (pair) => {
      const row = this.#showingsOf(pair, last);
      if (row.length === 0) return;
      for (let i = row.length - 1; i >= 0; i--) showings.push(row[i]);
      users.push(memberships.userOf(pair));
      start.push(showings.length);
    });
    return { rows: { start: Uint32Array.from(start), showings: Uint32Array.from(showings) }, users };
  }

  /** What all users were shown up to this showing. */
  #rowsOfAll(last: number): { rows: Rows; users: number[] } {
    const { memberships } = this.#ledger;
    const userOf = new Uint32Array(last);
    for (let pair = 0; pair < memberships.count; pair++) {
      for (const showing of this.#showingsOf(pair, last)) userOf[showing - 1] = memberships.userOf(pair);
    }
    const { start, members } = indexBy(userOf);
    return {
      rows: { start, showings: members.map((at) => at + 1) },
      users: Array.from({ length: start.length - 1 }, (_, user) => user),
    };
  }

  /** The showings of a pair up to `last`, latest first. */
  #showingsOf(pair: number, last: number): number[] {
    const { showingBefore, lastShowing } = this.#ledger;
    const showings: number[] = [];
    for (let showing = lastShowing.get(pair); showing !== 0; showing = showingBefore.get(showing)) {
      if (showing <= last) showings.push(showing);
    }
    return showings;
  }
}

/** `Bob saw m7 before m5, but Carol saw m5 before m7.` */
function disagreement(said: readonly string[]): string {
  if (said.length <= MOST_LISTED) return `${listed(said, ', but ')}.`;
  return `${said.slice(0, MOST_LISTED).join(', ')}, and so on over ${said.length - MOST_LISTED} more messages round to the first.`;
}
