import type { Fate } from './passages.ts';

/**
 * What can be done to a running system, by a script line or by hand. Plain data: it travels in a link. Nodes are numbers as in the
 * trace (stations 0.., users USER_NODE + n); a link joins two sets of nodes, in both directions.
 */
export type Action =
  | { readonly do: 'crash'; readonly node: number; readonly forUs: number | null }
  | { readonly do: 'restart'; readonly node: number }
  /** The database's standby takes over after `forUs`; what was not replicated by now is lost. */
  | { readonly do: 'failover'; readonly node: number; readonly forUs: number | null }
  | { readonly do: 'slow'; readonly node: number; readonly factor: number; readonly forUs: number | null }
  | { readonly do: 'block'; readonly node: number; readonly forUs: number }
  | {
      readonly do: 'link';
      readonly from: readonly number[];
      readonly to: readonly number[];
      readonly fault: LinkFault;
      readonly forUs: number | null;
    }
  | { readonly do: 'send'; readonly user: number; readonly channel: number; readonly bytes: number }
  | { readonly do: 'disconnect'; readonly user: number; readonly forUs: number | null }
  | { readonly do: 'connect'; readonly user: number }
  | { readonly do: 'join'; readonly user: number; readonly channel: number }
  | { readonly do: 'leave'; readonly user: number; readonly channel: number }
  /** What becomes of a message the next time that it passes from one node to another. */
  | {
      readonly do: 'choose';
      readonly sender: number;
      readonly nth: number;
      readonly from: number;
      readonly to: number;
      readonly fate: Fate;
      /** With `takes`: how long it is on its way; 0 otherwise. A connection keeps order all the same. */
      readonly takesUs: number;
    }
  | { readonly do: 'set'; readonly path: string; readonly value: unknown };

/** What a faulty link does to what passes; a cut link passes nothing. Probabilities in [0, 1]. */
export interface LinkFault {
  readonly cut: boolean;
  readonly loss: number;
  readonly duplicate: number;
  /** Share of what passes that is held back by a further delay, so that later ones overtake it. */
  readonly reorder: number;
  readonly delayUs: number;
}

/** Stands for every user at once in the `from` or `to` of a link action. */
export const ALL_USERS = 0x3fff_ffff;

/** Whether two actions are choices about one passage of one message. */
export const isSamePassage = (a: Action, b: Action): boolean =>
  a.do === 'choose' &&
  b.do === 'choose' &&
  a.sender === b.sender &&
  a.nth === b.nth &&
  a.from === b.from &&
  a.to === b.to;
