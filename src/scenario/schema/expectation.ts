import type { z } from 'zod';
import { GUARANTEE_NAMES } from '../guarantee-names.ts';
import { METRIC_NAMES } from '../metrics.ts';
import { MESSAGE_MOMENTS, VERDICTS } from '../types.ts';
import { figure, name, oneOf, text } from './scalars.ts';
import { forms, list, map, oneOrMore } from './shapes.ts';
import { userNameOf } from './workload.ts';

/** What a scenario expects (`expect:`) and what a script waits for (`when:`). */

const guarantee = () => oneOf(GUARANTEE_NAMES, 'Name of a guarantee.');
const verdict = () => oneOf(VERDICTS, 'The verdict.');
const metric = () => oneOf(METRIC_NAMES, 'Name of a metric, as in the output of run --json.');
const LARGE = 1e15;

const bounds = {
  below: figure('The metric is less than this.', LARGE).optional(),
  above: figure('The metric is more than this.', LARGE).optional(),
  equals: figure('The metric is exactly this.', LARGE).optional(),
  between: list(
    'The metric lies between these two, ends included.',
    figure('An end of the range.', LARGE),
    2,
    2,
  ).optional(),
};

const world = () =>
  text('Name of a world under compare; the scenario as written when it is left out.', { max: 80 }).optional();

const EXPECTATION_FORMS =
  '{ guarantee: acked-is-durable, is: holds } or { metric: delivery.p99.ms, below: 250 }';

export const expectationSchema = forms(
  'What must hold at the end of the run: a guarantee or a metric.',
  [
    map('A guarantee and its verdict.', { guarantee: guarantee(), is: verdict(), world: world() }),
    map('A metric and its bound: one of below, above, equals, between.', {
      metric: metric(),
      ...bounds,
      world: world(),
    }),
  ],
  EXPECTATION_FORMS,
);

export type WrittenExpectation = z.output<typeof expectationSchema>;

/** `alice/1`: the sender, and the how-manyth of its messages it is. */
export const messageName = () =>
  name(
    'A message by its sender and its number, as in alice/1: the first that alice sends.',
    /^[^/\s]{1,40}\/[1-9]\d{0,8}$/,
    'write SENDER/N, as in alice/1',
  );

export const stationNames = (description: string) =>
  oneOrMore(description, text(STATION_NAME, { max: 40 }), 200);

const STATION_NAME =
  'A station: gateway-1, ws-server-3, pubsub-2, chat-service, database or limiter; gateway, ws-servers and pubsub stand for all of a kind.';

const MOMENTS_OTHERWISE = {
  received: 'delivered',
  shown: 'delivered',
  seen: 'delivered',
  arrived: 'delivered',
  stored: 'persisted',
  saved: 'persisted',
  written: 'persisted',
  acknowledged: 'acked',
  confirmed: 'acked',
  rejected: 'refused',
  denied: 'refused',
  resent: 'retried',
  dropped: 'failed',
  lost: 'failed',
} as const;

export const conditionSchema = forms(
  'The step waits until this happens in the model.',
  [
    map('A guarantee gets a verdict.', { guarantee: guarantee(), is: verdict() }),
    map('A metric passes a bound: one of below, above, equals, between.', { metric: metric(), ...bounds }),
    map('A message gets so far.', {
      message: messageName(),
      is: oneOf(MESSAGE_MOMENTS, 'How far the message is.', MOMENTS_OTHERWISE),
      to: userNameOf('With delivered: to this user; to anybody when it is left out.').optional(),
    }),
    map('A station stops or is back.', {
      station: stationNames('One station, or several that all have to be so.'),
      is: oneOf(['up', 'down'], 'Whether it works.'),
    }),
  ],
  '{ guarantee: NAME, is: violated }, { metric: NAME, above: N }, { message: alice/1, is: delivered } or { station: NAME, is: down }',
);

export type WrittenCondition = z.output<typeof conditionSchema>;
