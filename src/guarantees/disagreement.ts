/**
 * The fewest messages that users disagree on: the shortest ring m0, m1, ..., mk = m0 such that for each step somebody was shown the one
 * message before the next.
 *
 * Breadth first over messages: from m to every message that somebody was shown after m. Each showing is passed at most once, because
 * what follows a showing in its row needs no second look. Takes O(showings) time and memory.
 */

/** What users were shown. Row r (one user) is showings[start[r]] ... showings[start[r + 1] - 1], in the order in which it was shown. */
export interface Rows {
  readonly start: Uint32Array;
  readonly showings: Uint32Array;
}

/** One user was shown `earlier` before `later`. Both are showings. */
export interface Step {
  readonly earlier: number;
  readonly later: number;
}

/**
 * The shortest ring whose last step ends in the last showing of row `home`. Steps in the order of the ring, each of another row.
 * There must be one; no message is twice in a row.
 */
export function shortestDisagreement(
  rows: Rows,
  home: number,
  messageOf: (showing: number) => number,
): Step[] {
  const { start, showings } = rows;
  const row = rowAt(rows);
  const message = denseMessages(showings, messageOf);
  const byMessage = indexBy(message);

  const last = start[home + 1] - 1;
  const goal = message[last];
  /** By message: 1 + where the home row has it, before its last showing. */
  const closes = new Uint32Array(byMessage.start.length);
  for (let at = start[home]; at < last; at++) closes[message[at]] = at + 1;

  /** By message: where the step that led to it begins, and ends, + 1. */
  const stepFrom = new Uint32Array(byMessage.start.length);
  const stepTo = new Uint32Array(byMessage.start.length);
  /** By row: from here on all was looked at. */
  const seenFrom = start.slice(1);
  const queue = [goal];
  for (const reached of queue) {
    for (let i = byMessage.start[reached]; i < byMessage.start[reached + 1]; i++) {
      const earlier = byMessage.members[i];
      const end = seenFrom[row[earlier]];
      for (let later = earlier + 1; later < end; later++) {
        const next = message[later];
        if (next === goal || stepTo[next] !== 0) continue;
        stepFrom[next] = earlier;
        stepTo[next] = later + 1;
        if (closes[next] === 0) {
          queue.push(next);
          continue;
        }
        const steps: Step[] = [{ earlier: showings[closes[next] - 1], later: showings[last] }];
        for (let at = next; at !== goal; at = message[stepFrom[at]]) {
          steps.push({ earlier: showings[stepFrom[at]], later: showings[stepTo[at] - 1] });
        }
        return steps.reverse();
      }
      seenFrom[row[earlier]] = Math.min(end, earlier + 1);
    }
  }
  throw new Error('defect: no disagreement among the showings');
}

function rowAt({ start, showings }: Rows): Uint32Array {
  const row = new Uint32Array(showings.length);
  for (let r = 0; r + 1 < start.length; r++) row.fill(r, start[r], start[r + 1]);
  return row;
}

/** The message of each showing, numbered from 0 without gaps. */
function denseMessages(showings: Uint32Array, messageOf: (showing: number) => number): Uint32Array {
  const names = showings.map(messageOf);
  let highest = 0;
  for (const name of names) highest = Math.max(highest, name);
  const numberOf = new Uint32Array(highest + 1);
  let numbers = 0;
  return names.map((name) => {
    if (numberOf[name] === 0) numberOf[name] = ++numbers;
    return numberOf[name] - 1;
  });
}

/** The places of `keys` with each key: those with key k are members[start[k]] ... members[start[k + 1] - 1], ascending. */
export function indexBy(keys: Uint32Array): { readonly start: Uint32Array; readonly members: Uint32Array } {
  let end = 0;
  for (const key of keys) end = Math.max(end, key + 1);
  const start = new Uint32Array(end + 1);
  for (const key of keys) start[key + 1]++;
  for (let key = 0; key < end; key++) start[key + 1] += start[key];
  const next = start.slice();
  const members = new Uint32Array(keys.length);
  for (let at = 0; at < keys.length; at++) members[next[keys[at]]++] = at;
  return { start, members };
}
