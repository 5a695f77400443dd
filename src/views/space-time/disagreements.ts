import type { Member } from './channel-history.ts';

/** Two messages that two members were shown in opposite order: `one` the earlier first, `other` the later first. */
export interface Disagreement {
  /** Nodes. */
  readonly one: number;
  readonly other: number;
  /** Indices, `earlier` was sent before. */
  readonly earlier: number;
  readonly later: number;
}

/** Every pair of messages that was shown in both orders, with the first member of each order, in the order of sending. */
export function disagreements(members: readonly Member[], messages: number): Disagreement[] {
  const placeOf = members.map(({ shown }) => {
    const places = new Int32Array(messages).fill(-1);
    shown.forEach((message, place) => {
      places[message] = place;
    });
    return places;
  });
  const found: Disagreement[] = [];
  for (let earlier = 0; earlier < messages; earlier++) {
    for (let later = earlier + 1; later < messages; later++) {
      let one = -1;
      let other = -1;
      for (let m = 0; m < members.length && (one < 0 || other < 0); m++) {
        const [a, b] = [placeOf[m]![earlier]!, placeOf[m]![later]!];
        if (a < 0 || b < 0) continue;
        if (a < b && one < 0) one = m;
        if (a > b && other < 0) other = m;
      }
      if (one >= 0 && other >= 0)
        found.push({ one: members[one]!.node, other: members[other]!.node, earlier, later });
    }
  }
  return found;
}
