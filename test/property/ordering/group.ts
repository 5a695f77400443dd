import fc from 'fast-check';
import {
  EARLY,
  merge,
  READY,
  SEEN,
  standingOf,
  tick,
} from '../../../src/algorithms/ordering/vector-clock.ts';

/** A group whose members send to all others over links that reorder as a list of choices says. */

export interface GroupSend {
  readonly sender: number;
  /** How many of the messages on their way arrive first, each chosen by its number. */
  readonly arrivals: readonly number[];
}

export const MEMBERS = 4;

export const groupRun: fc.Arbitrary<readonly GroupSend[]> = fc.array(
  fc.record({
    sender: fc.nat(MEMBERS - 1),
    arrivals: fc.array(fc.nat(1_000), { maxLength: 6 }),
  }),
  { maxLength: 14 },
);

/** When a member may show a message: the algorithm under test, or a mistake. */
export type Rule = (v: Uint32Array, m: Uint32Array, n: number, j: number) => number;

export const birmanSchiperStephenson: Rule = (v, m, n, j) => standingOf(v, 0, m, 0, n, j);

/** What each member showed, in order, by message number; and what had been shown to a sender before it sent. */
export function runGroup(sends: readonly GroupSend[], rule: Rule) {
  const vectors = Array.from({ length: MEMBERS }, () => new Uint32Array(MEMBERS));
  const messages: { sender: number; vector: Uint32Array; before: ReadonlySet<number> }[] = [];
  const shown: number[][] = vectors.map(() => []);
  const past: Set<number>[] = vectors.map(() => new Set());
  const held: number[][] = vectors.map(() => []);
  const underWay: { to: number; message: number }[] = [];

  const show = (to: number, message: number): void => {
    const { vector, before } = messages[message]!;
    merge(vectors[to]!, 0, vector, 0, MEMBERS);
    shown[to]!.push(message);
    for (const earlier of before) past[to]!.add(earlier);
    past[to]!.add(message);
  };
  const arrive = (to: number, message: number): void => {
    held[to]!.push(message);
    for (let again = true; again; ) {
      again = false;
      for (const one of [...held[to]!]) {
        const { sender, vector } = messages[one]!;
        const standing = rule(vectors[to]!, vector, MEMBERS, sender);
        if (standing === EARLY) continue;
        held[to]!.splice(held[to]!.indexOf(one), 1);
        if (standing !== READY) continue;
        show(to, one);
        again = true;
      }
    }
  };
  const deliverOne = (choice: number): void => {
    const [one] = underWay.splice(choice % underWay.length, 1);
    arrive(one!.to, one!.message);
  };
  for (const { sender, arrivals } of sends) {
    for (const choice of arrivals) if (underWay.length > 0) deliverOne(choice);
    tick(vectors[sender]!, 0, sender);
    messages.push({ sender, vector: vectors[sender]!.slice(), before: new Set(past[sender]!) });
    past[sender]!.add(messages.length - 1);
    for (let to = 0; to < MEMBERS; to++)
      if (to !== sender) underWay.push({ to, message: messages.length - 1 });
  }
  while (underWay.length > 0) deliverOne(underWay.length * 7 + 3);
  return { shown, messages, held };
}

/** Two messages that a member was shown against their causes, or null. */
export function findCausalBreak(of: ReturnType<typeof runGroup>): readonly [number, number] | null {
  for (const order of of.shown) {
    for (let i = 0; i < order.length; i++) {
      for (let later = i + 1; later < order.length; later++)
        if (of.messages[order[i]!]!.before.has(order[later]!)) return [order[later]!, order[i]!];
    }
  }
  return null;
}

export { EARLY, READY, SEEN };
