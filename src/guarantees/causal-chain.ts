import type { CausalItems } from './causal-items.ts';

interface Reached {
  /** Steps from what the user was shown. */
  readonly depth: number;
  /** The message of which this is a direct cause; -1 for one that the user was shown. */
  readonly effect: number;
  /** Events that the chain from here on needs beside one send a message: the showings. */
  readonly showings: number;
}

/**
 * The shortest chain m = x0, x1, ..., xk of direct causes from the message to one that the user was shown; of the shortest, one with
 * the fewest showings. Breadth first, back from what the user was shown, no further than to the message's send; each item is passed
 * at most once. There must be one.
 */
export function shortestChain(
  items: CausalItems,
  senderOf: (message: number) => number,
  user: number,
  message: number,
): number[] {
  const { sendOf, before, isSend, last } = items;
  const start = sendOf.get(message);
  const reached = new Map<number, Reached>();
  let level: number[] = [];
  for (let item = last.get(user); item > start; item = before.get(item)) {
    const shown = items.message.get(item);
    if (isSend.get(item) === 1 || sendOf.get(shown) <= start) continue;
    reached.set(shown, { depth: 0, effect: -1, showings: 0 });
    level.push(shown);
  }
  /** By sender: everything up to this item was passed. */
  const passed = new Map<number, number>();
  for (let depth = 1; level.length > 0; depth++) {
    const next: number[] = [];
    level.sort((a, b) => reached.get(a)!.showings - reached.get(b)!.showings);
    for (const effect of level) {
      const sender = senderOf(effect);
      const end = Math.max(start - 1, passed.get(sender) ?? 0);
      const top = sendOf.get(effect);
      const known = reached.get(effect)!.showings;
      for (let item = before.get(top); item > end; item = before.get(item)) {
        const cause = items.message.get(item);
        if (sendOf.get(cause) < start) continue;
        const showings = known + (isSend.get(item) === 1 ? 0 : 1);
        const earlier = reached.get(cause);
        if (earlier === undefined) next.push(cause);
        else if (earlier.depth < depth || earlier.showings <= showings) continue;
        reached.set(cause, { depth, effect, showings });
      }
      passed.set(sender, Math.max(end, top));
    }
    if (reached.has(message)) {
      const chain = [message];
      for (let at = message; reached.get(at)!.effect !== -1; ) {
        at = reached.get(at)!.effect;
        chain.push(at);
      }
      return chain;
    }
    level = next;
  }
  throw new Error('defect: no chain of causes');
}
