import fc from 'fast-check';

/** What is done to a system under test: rounds of steps. The steps of a round are begun together, in their order. */
export interface SystemUse {
  /** Who is a member of which channel, from the start to the end. */
  readonly members: Readonly<Record<string, readonly string[]>>;
  readonly rounds: readonly (readonly SystemStep[])[];
}

/** One thing that a user does. */
export type SystemStep =
  | { readonly do: 'send'; readonly user: string; readonly channel: string }
  | { readonly do: 'connect' | 'disconnect'; readonly user: string };

/** Among which uses to look. */
export interface SystemUseOptions {
  /** At most so many users; 3 when left out, 2 to 8. */
  readonly maxUsers?: number;
  /** At most so many channels; 2 when left out. */
  readonly maxChannels?: number;
  /** At most so many rounds; 8 when left out. */
  readonly maxRounds?: number;
  /** At most so many steps are begun together; 3 when left out. With 1 nothing happens at the same time. */
  readonly maxTogether?: number;
  /** Whether users lose their connection and come back; true when left out. */
  readonly disconnects?: boolean;
}

const USERS = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank', 'grace', 'heidi'];

/**
 * Arbitrary uses of a chat system. They shrink towards fewer users, channels, rounds and steps, and towards steps that send. Throws
 * RangeError for options that are out of range.
 */
export function systemUses(options: SystemUseOptions = {}): fc.Arbitrary<SystemUse> {
  const { maxUsers = 3, maxChannels = 2, maxRounds = 8, maxTogether = 3, disconnects = true } = options;
  if (!(Number.isInteger(maxUsers) && maxUsers >= 2 && maxUsers <= USERS.length))
    throw new RangeError(`maxUsers is ${maxUsers}; it is a whole number from 2 to ${USERS.length}`);
  for (const [name, value] of Object.entries({ maxChannels, maxRounds, maxTogether })) {
    if (!(Number.isInteger(value) && value >= 1))
      throw new RangeError(`${name} is ${value}; it is a whole number from 1 on`);
  }
  const index = fc.nat({ max: 0x7fff });
  const kind = disconnects
    ? fc.constantFrom('send', 'send', 'disconnect', 'connect')
    : fc.constant('send' as const);
  const drawnStep = fc.record({ kind, user: index, channel: index });
  return fc
    .record({
      users: fc.integer({ min: 2, max: maxUsers }),
      channels: fc.integer({ min: 1, max: maxChannels }),
      outside: fc.array(index, { maxLength: maxChannels }),
      rounds: fc.array(fc.array(drawnStep, { minLength: 1, maxLength: maxTogether }), {
        minLength: 1,
        maxLength: maxRounds,
      }),
    })
    .map(({ users, channels, outside, rounds }) => {
      const names = USERS.slice(0, users);
      const members: Record<string, readonly string[]> = {};
      for (let c = 0; c < channels; c++) members[`c${c + 1}`] = membersBut(names, outside[c]);
      return sensible({
        members,
        rounds: rounds.map((round) =>
          round.map((step): SystemStep => {
            const user = names[step.user % users]!;
            if (step.kind !== 'send') return { do: step.kind, user };
            const channel = `c${1 + (step.channel % channels)}`;
            const inside = members[channel]!;
            return { do: 'send', user: inside[step.user % inside.length]!, channel };
          }),
        ),
      });
    });
}

/** Without steps that make no sense: a user who is not connected neither sends nor disconnects, and who is connected does not connect. */
function sensible({ members, rounds }: SystemUse): SystemUse {
  const away = new Set<string>();
  const isSensible = (step: SystemStep): boolean => {
    if (away.has(step.user) !== (step.do === 'connect')) return false;
    if (step.do === 'connect') away.delete(step.user);
    if (step.do === 'disconnect') away.add(step.user);
    return true;
  };
  return {
    members,
    rounds: rounds.map((round) => round.filter(isSensible)).filter((round) => round.length > 0),
  };
}

/** Uses that are a little smaller, the boldest first: without a round, a channel, a user, a step, or with two steps one after the other. */
export function* smallerUses(use: SystemUse): Iterable<SystemUse> {
  const { members, rounds } = use;
  const without = <T>(list: readonly T[], i: number): T[] => list.filter((_, at) => at !== i);
  const where = (keeps: (step: SystemStep) => boolean, among: SystemUse['members']): SystemUse =>
    sensible({ members: among, rounds: rounds.map((round) => round.filter(keeps)) });

  for (let i = rounds.length - 1; i >= 0; i--) yield sensible({ members, rounds: without(rounds, i) });
  const channels = Object.keys(members);
  for (const channel of channels.length > 1 ? channels : []) {
    const { [channel]: _, ...others } = members;
    yield where((step) => step.do !== 'send' || step.channel !== channel, others);
  }
  for (const user of new Set(Object.values(members).flat())) {
    const others = Object.entries(members).map(([channel, of]) => [
      channel,
      of.filter((one) => one !== user),
    ]);
    if (others.every(([, of]) => of!.length >= 2))
      yield where((step) => step.user !== user, Object.fromEntries(others));
  }
  for (const [i, round] of rounds.entries()) {
    for (const [k, step] of round.entries()) {
      yield sensible({ members, rounds: rounds.with(i, without(round, k)) });
      if (round.length > 1)
        yield sensible({
          members,
          rounds: [...rounds.slice(0, i), without(round, k), [step], ...rounds.slice(i + 1)],
        });
    }
  }
}

/** All of them, or all but one where that leaves two. */
function membersBut(names: readonly string[], outside: number | undefined): readonly string[] {
  if (outside === undefined || names.length < 3) return names;
  return names.filter((_, i) => i !== outside % names.length);
}

/** `1. alice sends to c1 | bob disconnects`, a line a round. */
export function roundsText({ rounds }: SystemUse): string {
  const WORDS = { connect: 'connects', disconnect: 'disconnects' } as const;
  return rounds
    .map((round, i) => {
      const steps = round.map((step) =>
        step.do === 'send' ? `${step.user} sends to ${step.channel}` : `${step.user} ${WORDS[step.do]}`,
      );
      return `${String(i + 1).padStart(3)}. ${steps.join(' | ')}`;
    })
    .join('\n');
}
