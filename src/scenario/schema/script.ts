import * as limits from '../bounds.ts';
import { conditionSchema, expectationSchema, messageName, stationNames } from './expectation.ts';
import { anything, bytes, count, duration, name, number, oneOf, share, text, yesOrNo } from './scalars.ts';
import { forms, list, map, oneOrMore, record } from './shapes.ts';
import { channelNameOf, userNameOf } from './workload.ts';
import { z } from './zod.ts';

/** The keys of a step of `script:`: one action, when it happens, and what belongs to the action. */

const ends = {
  from: stationNames('One end: stations, users, or clients for all users.'),
  to: stationNames('The other end, in the same words; the fault acts in both directions.'),
};

export const SETTING_PATH = /^(design|workload)(\.[A-Za-z0-9]+)*$|^(duration|seed)$/;

/** `design.flow: [...]`: settings by their path. */
export const settings = (description: string) =>
  record(
    description,
    name(
      'A setting by its path, as in design.retry.timeout.',
      SETTING_PATH,
      'write a path such as design.retry.timeout',
    ),
    anything('The value, as it stands at that place in a scenario.'),
  );

const user = userNameOf('A user by name.');
const membership = (description: string) =>
  map(description, { user: userNameOf('The user.'), channel: channelNameOf('The channel.') });

/** What a step can do: exactly one of these. */
export const actionShape = {
  say: text(
    'Narration, in Markdown; {messages.retries} is that metric of the run at this moment, {messages.sent/s} its mean in a second.',
    { max: limits.MAX_NARRATION_LENGTH, lines: true },
  ).optional(),
  ask: text('A question to the reader, in Markdown; the run waits for the answer.', {
    max: limits.MAX_NARRATION_LENGTH,
    lines: true,
  }).optional(),
  crash: stationNames('Stations that stop at once and lose what they have in memory.').optional(),
  failover: stationNames(
    'The database: it stops, loses what its standby does not have, and the standby takes over after `for`.',
  ).optional(),
  restart: stationNames('Stations that come back.').optional(),
  slow: stationNames('Stations that become slower by a factor.').optional(),
  block: stationNames('Stations whose event loop is blocked: nothing is served, nothing is lost.').optional(),
  cut: map('A partition: nothing passes between the two ends.', ends).optional(),
  link: map('A bad link between two ends.', {
    ...ends,
    loss: share('Share of the messages that are lost.').optional(),
    duplicate: share('Share of the messages that arrive twice.').optional(),
    reorder: share(
      'Share of the messages whose packets are held back, as on a route that flaps. A connection keeps order, so what is behind them on it waits.',
    ).optional(),
    delay: duration(
      'What every message takes longer; with reorder, what those held back take longer at most.',
    ).optional(),
    cut: yesOrNo('Nothing passes at all.').optional(),
  }).optional(),
  heal: map('The link between two ends is whole again.', ends).optional(),
  send: map('A user sends a message.', {
    from: userNameOf('The sender.'),
    to: channelNameOf('The channel, or the user whose named private channel with the sender is meant.'),
    bytes: bytes('Size of the text; design.message.bytes when it is left out.', {
      min: 1,
      max: limits.MAX_MESSAGE_BYTES,
    }).optional(),
    times: count('How many messages.', { min: 1, max: limits.MAX_REPEATS }).optional(),
    every: duration('Time between two of them.').optional(),
  }).optional(),
  disconnect: oneOrMore('Users who lose their connection.', user, 1_000).optional(),
  connect: oneOrMore('Users who connect.', user, 1_000).optional(),
  join: membership('A user becomes a member of a channel.').optional(),
  leave: membership('A user stops being a member of a channel.').optional(),
  choose: map('What becomes of a message the next time that it passes from one end to the other.', {
    message: messageName(),
    from: stationNames('Where it leaves: one station, or a user.'),
    to: stationNames('Where it goes: one station, or a user.'),
    arrives: oneOf(['never', 'twice'], 'Lost, or duplicated.').optional(),
    takes: duration('How long it is on its way; a connection keeps order all the same.').optional(),
  }).optional(),
  watch: forms(
    'What is followed from here on: a message, a user or a channel.',
    [
      map('A message.', { message: messageName() }),
      map('A user.', { user: userNameOf('The user.') }),
      map('A channel.', { channel: channelNameOf('The channel.') }),
    ],
    '{ message: alice/1 }, { user: alice } or { channel: general }',
  ).optional(),
  pause: yesOrNo('The run pauses until the reader goes on.').optional(),
  set: settings('Settings of the design that change while the system runs.').optional(),
  expect: expectationSchema.optional(),
};

/** What belongs to one action, or to several. */
const modifierShape = {
  choices: list(
    'Answers to choose from.',
    text('An answer.', { max: limits.MAX_SUMMARY_LENGTH }),
    limits.MAX_CHOICES,
    2,
  ).optional(),
  answer: z
    .union([
      count('The right answer by its place in choices, from 1.', { max: 1_000 }),
      text('The right answer as it stands in choices.', { max: limits.MAX_SUMMARY_LENGTH }),
    ])
    .meta({ description: 'The right answer: its place in choices from 1, or its text.' })
    .optional(),
  explain: text('Why the answer is right, in Markdown; shown after the answer.', {
    max: limits.MAX_NARRATION_LENGTH,
    lines: true,
  }).optional(),
  for: duration('How long it lasts; for good when it is left out.', { min: 1 }).optional(),
  factor: number('How many times longer everything takes at a slow station; 1 is its normal speed.', {
    min: 0.01,
    max: 10_000,
  }).optional(),
};

export const stepSchema = map('A step of the script: one action, and when it happens.', {
  at: duration('The step happens at this time of the run.', { max: limits.MAX_DURATION_US }).optional(),
  when: conditionSchema.optional(),
  after: duration('So long after its condition, or after the step before it.', {
    max: limits.MAX_DURATION_US,
  }).optional(),
  world: text(
    'The one world that the step is for, by its name under compare, or "as written"; for all of them when it is left out. In the others it keeps its place and its time and does nothing, and its condition is not waited for.',
    { max: 80 },
  ).optional(),
  ...actionShape,
  ...modifierShape,
});

export type WrittenStep = z.output<typeof stepSchema>;

/** Which keys belong to which action. */
export const MODIFIERS: Readonly<Record<keyof typeof modifierShape, readonly (keyof typeof actionShape)[]>> =
  {
    choices: ['ask'],
    answer: ['ask'],
    explain: ['ask'],
    for: ['crash', 'failover', 'slow', 'block', 'cut', 'link', 'disconnect'],
    factor: ['slow'],
  };
