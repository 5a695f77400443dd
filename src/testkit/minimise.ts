import type { SmallFault, SmallScenario } from './small-scenario.ts';

/**
 * Makes a scenario that fails as small as it gets, in a few hundred runs: first what can be left out (faults, messages, choices: in halves,
 * then one by one, as in Zeller and Hildebrandt, "Simplifying and isolating failure-inducing input", 2002), then users and channels,
 * then what is left becomes earlier, shorter and tamer. fast-check's own shrinking takes thousands of runs where a list of a
 * hundred delays is part of the value.
 */
export function minimise(
  from: SmallScenario,
  fails: (small: SmallScenario) => boolean,
  maxRuns = 600,
): { readonly small: SmallScenario; readonly runs: number } {
  let small = from;
  let runs = 0;
  /** Takes a smaller one if it fails too. */
  const take = (candidate: SmallScenario): boolean => {
    if (runs >= maxRuns) return false;
    runs++;
    if (!fails(candidate)) return false;
    small = candidate;
    return true;
  };

  /** Leaves parts of a list out as long as it fails without them. */
  const leaveOut = <T>(
    listOf: (of: SmallScenario) => readonly T[],
    withList: (list: readonly T[]) => SmallScenario,
  ): void => {
    if (listOf(small).length === 0 || take(withList([]))) return;
    for (
      let size = Math.ceil(listOf(small).length / 2);
      size >= 1;
      size = size === 1 ? 0 : Math.ceil(size / 2)
    ) {
      for (let at = 0; at < listOf(small).length; ) {
        const list = listOf(small);
        if (!take(withList([...list.slice(0, at), ...list.slice(at + size)]))) at += size;
      }
    }
  };

  /** Makes single choices 0, in runs of falling length, and then smaller. */
  const tame = (): void => {
    if (small.choices.length === 0 || take({ ...small, choices: [] })) return;
    const wild = (): number[] => small.choices.flatMap((choice, i) => (choice === 0 ? [] : [i]));
    for (let size = Math.ceil(wild().length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      let at = 0;
      for (let places = wild(); at < places.length; places = wild()) {
        const gone = new Set(places.slice(at, at + size));
        if (!take({ ...small, choices: small.choices.map((choice, i) => (gone.has(i) ? 0 : choice)) }))
          at += size;
      }
    }
  };

  const withPart = <T>(list: readonly T[], at: number, part: T): readonly T[] =>
    list.map((one, i) => (i === at ? part : one));

  /** Numbers become as small as they can: 0 first, then half. */
  const lower = (value: number, least: number, set: (to: number) => SmallScenario): void => {
    if (value <= least || take(set(least))) return;
    for (let high = value, low = least; high - low > Math.max(1, value >> 4); ) {
      const middle = (high + low) >> 1;
      if (take(set(middle))) high = middle;
      else low = middle;
    }
  };

  const lowerNumbers = (): void => {
    small.messages.forEach((_, i) => {
      const { atMs } = small.messages[i]!;
      lower(atMs, 0, (to) => ({
        ...small,
        messages: withPart(small.messages, i, { ...small.messages[i]!, atMs: to }),
      }));
    });
    small.faults.forEach((_, i) => {
      for (const key of ['atMs', 'forMs', 'delayMs'] as const) {
        const fault = small.faults[i]!;
        if (!(key in fault)) continue;
        const value = (fault as Readonly<Record<string, unknown>>)[key] as number;
        lower(value, key === 'atMs' ? 0 : 1, (to) => ({
          ...small,
          faults: withPart(small.faults, i, { ...small.faults[i]!, [key]: to } as SmallFault),
        }));
      }
      const link = small.faults[i]!;
      if (link.do !== 'link') return;
      for (const key of ['loss', 'duplicate', 'reorder'] as const) {
        if (link[key] > 0)
          take({
            ...small,
            faults: withPart(small.faults, i, { ...small.faults[i]!, [key]: 0 } as SmallFault),
          });
      }
    });
  };

  const fewerUsers = (): void => {
    while (small.users > 2) {
      const most = small.users - 1;
      const speaks = (user: number): boolean =>
        small.messages.some(({ from }) => from === user) ||
        small.faults.some((fault) => 'user' in fault && fault.user === user);
      if (speaks(most) || !take({ ...small, users: most })) break;
    }
    const last = small.channels - 1;
    const isUsed =
      small.messages.some(({ to }) => to === last) ||
      small.faults.some((fault) => 'channel' in fault && fault.channel === last);
    if (last > 0 && !isUsed) take({ ...small, channels: last });
  };

  for (let before: SmallScenario | null = null; before !== small && runs < maxRuns; ) {
    before = small;
    leaveOut(
      ({ faults }) => faults,
      (faults) => ({ ...small, faults }),
    );
    leaveOut(
      ({ messages }) => messages,
      (messages) => ({ ...small, messages }),
    );
    fewerUsers();
    tame();
    lowerNumbers();
  }
  return { small, runs };
}
